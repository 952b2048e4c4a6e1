//! Failures of the store.

use bucket::{BucketError, ErrorKind};

use super::access::AccessError;
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
    /// The original was replaced or removed while it was read.
    #[error("the file was replaced while it was read")]
    Replaced,
    /// S3 doesn't answer or refuses the request.
    #[error(transparent)]
    Unavailable(BucketError),
    /// S3 accepts no request of this service.
    #[error(transparent)]
    Inaccessible(#[from] AccessError),
}

/// A reader without the right to list the bucket gets 403 instead of 404 for an object that doesn't exist, and for an upload
/// that isn't clean. Both are missing for viewers.
impl From<BucketError> for StoreError {
    fn from(error: BucketError) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::Forbidden => Self::NotFound,
            ErrorKind::Refused
            | ErrorKind::Conflict
            | ErrorKind::PreconditionFailed
            | ErrorKind::RangeNotSatisfiable
            | ErrorKind::Other => Self::Unavailable(error),
        }
    }
}
