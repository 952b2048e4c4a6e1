//! S3's events. S3 reports a change of an object as a notification or as an event of EventBridge, and either may
//! arrive in a message of an SQS batch.
//!
//! - [`Change`]: what happened to an object;
//! - [`changes`] and [`created_objects`]: the changes in one notification or event;
//! - [`messages`]: an event with its queue's messages unpacked;
//! - [`handle_batch`]: the loop over messages and records that all functions share.
//!
//! Notifications and events of EventBridge have separate decoders, because only notifications form-encode keys.

mod batch;

mod change;

mod error;

mod event_bridge;

mod message;

mod read;

mod s3_notification;

pub use aws_lambda_events::event::sqs::SqsBatchResponse as BatchResponse;
pub use batch::{HandlerError, handle_batch, log_failure, require_bucket};
pub use change::{Change, ObjectCreated, ObjectName, ObjectTagged};
pub use error::NotificationError;
pub use message::{Message, messages};
pub use read::{changes, created_objects};

#[cfg(test)]
mod tests;
