//! The tags that every signed upload sets on its object: the state "pending", and the owner.

use contract::state::{OWNER_TAG, STATE_TAG};

use crate::signing::owner::Owner;

/// The value of [`STATE_TAG`] of an object that the finaliser has not checked.
pub(crate) const PENDING: &str = "pending";

/// The value of the header `x-amz-tagging`, for a PUT and for `CreateMultipartUpload`. S3 tags a multipart upload when it
/// is completed. `None` is the owner of an anonymous upload.
pub(crate) fn pending_header(owner: Option<&Owner>) -> String {
    let tags: Vec<String> = tags(owner).into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    tags.join("&")
}

/// The value of the form field `tagging`.
pub(crate) fn pending_document(owner: Option<&Owner>) -> String {
    let tag = |(key, value)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    let tags: String = tags(owner).into_iter().map(tag).collect();
    format!("<Tagging><TagSet>{tags}</TagSet></Tagging>")
}

/// Keys and values. None of their characters needs an escape in a header or in XML.
fn tags(owner: Option<&Owner>) -> Vec<(&'static str, &str)> {
    let mut tags = vec![(STATE_TAG, PENDING)];
    tags.extend(owner.map(|owner| (OWNER_TAG, owner.tag())));
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_are_a_header_and_a_document() {
        let owner = Owner::from_tag("b_3-x");
        assert_eq!(pending_header(None), "state=pending");
        assert_eq!(pending_header(Some(&owner)), "state=pending&owner=b_3-x");
        assert_eq!(
            pending_document(Some(&owner)),
            "<Tagging><TagSet><Tag><Key>state</Key><Value>pending</Value></Tag>\
             <Tag><Key>owner</Key><Value>b_3-x</Value></Tag></TagSet></Tagging>"
        );
    }
}
