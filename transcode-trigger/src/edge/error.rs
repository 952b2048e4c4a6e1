//! Reasons why a record of an event is not handled.

use bucket::BucketError;
use service::notification::{HandlerError, NotificationError};

use super::submit::SubmitError;

/// Reason why a record of an event is not handled.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The record can't be read, or its object is in another bucket.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// The record is an event of `MediaConvert` and can't be read.
    #[error("the event of MediaConvert can't be read: {0}")]
    JobEvent(#[source] serde_json::Error),
    /// S3 does not answer.
    #[error(transparent)]
    Store(#[from] BucketError),
    /// `MediaConvert` or EventBridge does not answer or is overloaded.
    #[error("{0}")]
    Unavailable(String),
    /// Another process works on the same video, or has ended during this work not long ago.
    #[error("another process works on this video")]
    Busy,
    /// Another process has changed the claim or the status at the same time.
    #[error("another process has changed the video's claim or status in the meantime")]
    LostRace,
    /// A document in the bucket is damaged.
    #[error("the document {key} can't be read: {cause}")]
    Document {
        /// The document's key.
        key: String,
        /// The decoder's error.
        #[source]
        cause: serde_json::Error,
    },
}

impl EventError {
    /// An error of `MediaConvert` that must not end the video, even if it is permanent.
    pub(super) fn unavailable(error: SubmitError) -> Self {
        let (SubmitError::Transient(cause) | SubmitError::Permanent(cause)) = error;
        Self::Unavailable(cause)
    }
}

impl HandlerError for EventError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Notification(_) | Self::JobEvent(_) => false,
            Self::Store(_) | Self::Unavailable(_) | Self::Busy | Self::LostRace | Self::Document { .. } => {
                true
            }
        }
    }

    fn is_contention(&self) -> bool {
        match self {
            Self::Busy | Self::LostRace => true,
            Self::Notification(_)
            | Self::JobEvent(_)
            | Self::Store(_)
            | Self::Unavailable(_)
            | Self::Document { .. } => false,
        }
    }
}
