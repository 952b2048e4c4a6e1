//! Failures of the store.

use bucket::{BucketError, ErrorKind};

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
    #[error(transparent)]
    Unavailable(BucketError),
}

/// A reader without the right to list the bucket gets 403 instead of 404 for an object that doesn't exist.
impl From<BucketError> for StoreError {
    fn from(error: BucketError) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::Forbidden => Self::NotFound,
            ErrorKind::Conflict
            | ErrorKind::PreconditionFailed
            | ErrorKind::RangeNotSatisfiable
            | ErrorKind::Other => Self::Unavailable(error),
        }
    }
}
