//! The tag that every object has from its upload on: it waits for the finaliser.

use contract::state::STATE_TAG;

/// The value of [`STATE_TAG`] of an object that the finaliser has not checked.
pub(crate) const PENDING: &str = "pending";

/// The header `x-amz-tagging` of a PUT or of `CreateMultipartUpload`, whose object gets the tag on completion.
pub(crate) fn pending_header() -> String {
    format!("{STATE_TAG}={PENDING}")
}

/// The form field `tagging`.
pub(crate) fn pending_document() -> String {
    format!("<Tagging><TagSet><Tag><Key>{STATE_TAG}</Key><Value>{PENDING}</Value></Tag></TagSet></Tagging>")
}
