//! Failures of the store.

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;

use crate::error::Error;

/// The reason why a request to the buckets failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The original doesn't exist.
    #[error("there is no such file")]
    NotFound,
    /// The original exceeds a limit.
    #[error(transparent)]
    OverLimit(#[from] Error),
    /// S3 doesn't answer or refuses the request.
    #[error("the storage doesn't answer: {0}")]
    Unavailable(String),
}

/// The error of a request to S3. A reader without the right to list the bucket gets 403 instead of 404 for an object
/// that doesn't exist.
pub(super) fn store_error<E: std::fmt::Debug>(error: &SdkError<E, HttpResponse>) -> StoreError {
    match status(error) {
        Some(403 | 404) => StoreError::NotFound,
        _ => StoreError::Unavailable(format!("{error:?}")),
    }
}

/// `true` if a conditional write failed because the object exists, or because another write is under way.
pub(super) fn is_conflict<E>(error: &SdkError<E, HttpResponse>) -> bool {
    matches!(status(error), Some(409 | 412))
}

fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}
