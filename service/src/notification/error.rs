//! What can be wrong with an event.

use contract::key::KeyError;

/// Why an event, or one record of it, can't be read.
#[derive(Debug, thiserror::Error)]
pub enum NotificationError {
    /// The JSON is of no shape that is known here.
    #[error("the event is neither an S3 notification, an S3 event of EventBridge nor an SQS batch of these")]
    UnknownShape,
    /// A message's body is not JSON.
    #[error("the message's body is not JSON: {0}")]
    NotJson(#[source] serde_json::Error),
    /// A member is of the wrong type or an obligatory one is missing.
    #[error("the {what} can't be read: {cause}")]
    Malformed {
        /// The part of the event.
        what: &'static str,
        /// What the decoder said.
        #[source]
        cause: serde_json::Error,
    },
    /// A member is missing, null or empty.
    #[error("the event has no '{0}'")]
    Missing(&'static str),
    /// The object's size is below zero.
    #[error("the object's size is {0} bytes")]
    NegativeSize(i64),
    /// A notification's key is not the form encoding of UTF-8.
    #[error("the key {key:?} is not form-encoded UTF-8")]
    KeyEncoding {
        /// The key as it came.
        key: String,
        /// What the decoder said.
        #[source]
        cause: KeyError,
    },
}
