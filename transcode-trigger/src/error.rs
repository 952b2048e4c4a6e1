//! Why an event isn't handled.

use service::notification::NotificationError;

use crate::store::StoreError;

/// Why an event, or one record of it, isn't handled. It has to be delivered again, except where it says that it
/// never will be another.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It can't be read.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// It is of `MediaConvert` and can't be read.
    #[error("the event of MediaConvert can't be read: {0}")]
    JobEvent(#[source] serde_json::Error),
    /// The object lies in a bucket that this function has no business with.
    #[error("the object is in the bucket {actual:?}; videos come from {expected:?}")]
    OtherBucket {
        /// The event's bucket.
        actual: String,
        /// The bucket of videos.
        expected: String,
    },
    /// S3 doesn't answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// `MediaConvert` or EventBridge doesn't answer, or is asked too often.
    #[error("{0}")]
    Later(String),
    /// Another process is at work on the same video, or died at it not long ago.
    #[error("another process is at work on this video")]
    Busy,
    /// Another process has changed the claim or the status in between.
    #[error("another process has changed the video's claim or status in between")]
    Raced,
    /// A document in the bucket isn't one of ours.
    #[error("the document {key} can't be read: {cause}")]
    Document {
        /// Its key.
        key: String,
        /// What the decoder said.
        #[source]
        cause: serde_json::Error,
    },
}

impl EventError {
    /// Whether the same event can be handled at another time.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Notification(_) | Self::JobEvent(_) | Self::OtherBucket { .. } => false,
            Self::Store(_) | Self::Later(_) | Self::Busy | Self::Raced | Self::Document { .. } => true,
        }
    }
}
