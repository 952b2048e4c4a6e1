//! What can be wrong with an event.

use service::notification::NotificationError;

/// Why an event, or one record of it, is refused.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It can't be read.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// The object lies in a bucket that this function has no business with.
    #[error("the object is in the bucket {actual:?}; uploads go to {expected:?}")]
    OtherBucket {
        /// The event's bucket.
        actual: String,
        /// The bucket of uploads.
        expected: String,
    },
}
