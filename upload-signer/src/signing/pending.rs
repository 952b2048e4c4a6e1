//! The tag that every signed upload sets on its object: the finaliser has not checked it yet.

use contract::state::STATE_TAG;

/// The value of [`STATE_TAG`] of an object that the finaliser has not checked.
pub(crate) const PENDING: &str = "pending";

/// The value of the header `x-amz-tagging`, for a PUT and for `CreateMultipartUpload`. S3 tags a multipart upload when it
/// is completed.
pub(crate) fn pending_header() -> String {
    format!("{STATE_TAG}={PENDING}")
}

/// The value of the form field `tagging`.
pub(crate) fn pending_document() -> String {
    format!("<Tagging><TagSet><Tag><Key>{STATE_TAG}</Key><Value>{PENDING}</Value></Tag></TagSet></Tagging>")
}
