//! The look-up of uploads by their ids.

use contract::key::{Area, Key};
use uuid::{Uuid, Version};

use crate::arrival::store::{Store, StoreError};

/// The key of an upload in one of the areas. The id alone identifies it; a listing finds area and name. `None` if there is no
/// such upload, or if the text is no id in the signer's spelling.
pub(crate) async fn upload_key(store: &Store, id: &str, areas: &[Area]) -> Result<Option<Key>, StoreError> {
    if !is_id(id) {
        return Ok(None);
    }
    for area in areas {
        if let Some(key) = store.first_below(&format!("{}/{id}/", area.segment())).await? {
            return Ok(Key::parse(&key).ok());
        }
    }
    Ok(None)
}

/// `true` for an id in the signer's spelling. Nothing else may enter the prefix of a listing.
pub(crate) fn is_id(text: &str) -> bool {
    Uuid::try_parse(text)
        .is_ok_and(|id| id.get_version() == Some(Version::SortRand) && id.hyphenated().to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_in_the_signer_s_spelling_is_looked_up() {
        let check = |text: &str, expected: bool| assert_eq!(is_id(text), expected, "{text:?}");
        check("0190163d-8694-739b-aea5-966c26f8ad91", true);
        check("0190163D-8694-739B-AEA5-966C26F8AD91", false);
        check("0190163d8694739baea5966c26f8ad91", false);
        check("{0190163d-8694-739b-aea5-966c26f8ad91}", false);
        check("0190163d-8694-439b-aea5-966c26f8ad91", false);
        check("0190163d-8694-739b-aea5-966c26f8ad91/..", false);
        check("", false);
    }
}
