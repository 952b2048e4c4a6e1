//! Errors of events.

use contract::key::KeyError;

/// Reason why an event, or one of its records, can't be handled by this function at all.
#[derive(Debug, thiserror::Error)]
pub enum NotificationError {
    /// The JSON has an unknown shape.
    #[error("the event is neither an S3 notification, an S3 event of EventBridge nor an SQS batch of these")]
    UnknownShape,
    /// The body of a message is not JSON.
    #[error("the message's body is not JSON: {0}")]
    NotJson(#[source] serde_json::Error),
    /// A member has the wrong type, or a required one is missing.
    #[error("the {what} can't be read: {cause}")]
    Malformed {
        /// The part of the event.
        what: &'static str,
        /// The decoder's error.
        #[source]
        cause: serde_json::Error,
    },
    /// A member is missing, null or empty.
    #[error("the event has no '{0}'")]
    Missing(&'static str),
    /// The object's size is negative.
    #[error("the object's size is {0} bytes")]
    NegativeSize(i64),
    /// The key of a notification is not form-encoded UTF-8.
    #[error("the key {key:?} is not form-encoded UTF-8")]
    KeyEncoding {
        /// The encoded key.
        key: String,
        /// The decoder's error.
        #[source]
        cause: KeyError,
    },
    /// The object is in a bucket that the function does not handle.
    #[error("the object is in the bucket {actual:?}; this function handles {expected:?}")]
    OtherBucket {
        /// The bucket of the event.
        actual: String,
        /// The bucket of the function.
        expected: String,
    },
}
