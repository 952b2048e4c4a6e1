//! The loop over the messages and records of an event, with partial batch failures.

use std::fmt::Display;

use aws_lambda_events::event::sqs::SqsBatchResponse;
use futures::future::join_all;
use serde_json::Value;

use super::error::NotificationError;
use super::message::{Message, messages};

/// An error of a function that handles events.
pub trait HandlerError: Display {
    /// `true` if another delivery of the same event may succeed.
    fn is_transient(&self) -> bool;

    /// `true` if another process is expected to finish the work. The loop logs such an error as information.
    fn is_contention(&self) -> bool {
        false
    }
}

/// Handles every record of an event by `handle`: the messages of a batch concurrently, and the records of a message one
/// after another. So a batch takes as long as its slowest message, and a function whose timeout is above the time of one
/// message reports each failure itself. `read` decodes the records of one notification or event; `handle` gets a record
/// and the number of deliveries of its message.
///
/// An error that the response can't contain is logged here. An error that is returned is logged by the caller.
///
/// The response names the messages that failed, so that SQS delivers only these again. Without a queue there is no
/// message to name: the call fails with the last error, after all other records were handled, and Lambda tries the
/// whole event again.
pub async fn handle_batch<T, N, E, F>(
    event: &Value,
    read: impl Fn(&Value) -> Result<Vec<Result<T, N>>, N>,
    handle: impl Fn(T, u32) -> F,
) -> Result<SqsBatchResponse, E>
where
    N: From<NotificationError>,
    E: From<N> + HandlerError,
    F: Future<Output = Result<(), E>>,
{
    let handle = &handle;
    let handle_message = |Message { id, receives, records }: Message<T, N>| async move {
        let mut outcome = Ok(());
        for record in records {
            let handled = match record {
                Ok(record) => handle(record, receives).await,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = handled
                && let Err(previous) = std::mem::replace(&mut outcome, Err(error))
            {
                log_failure(&previous);
            }
        }
        (id, outcome)
    };
    let outcomes = join_all(messages(event, read)?.into_iter().map(handle_message)).await;
    let mut response = SqsBatchResponse::default();
    let mut failure = None;
    for (id, outcome) in outcomes {
        match (id, outcome) {
            (_, Ok(())) => {}
            (Some(id), Err(error)) => {
                log_failure(&error);
                response.add_failure(id);
            }
            (None, Err(error)) => failure = Some(error),
        }
    }
    failure.map_or(Ok(response), Err)
}

/// Fails if an object is not in the function's bucket.
pub fn require_bucket(actual: &str, expected: &str) -> Result<(), NotificationError> {
    if actual == expected {
        return Ok(());
    }
    Err(NotificationError::OtherBucket { actual: actual.to_owned(), expected: expected.to_owned() })
}

/// Logs a failure that isn't returned to the caller. A failure that is returned is logged by the function's `main`.
pub fn log_failure(error: &impl HandlerError) {
    if error.is_contention() {
        tracing::info!(%error, "the event will be delivered again");
    } else {
        tracing::error!(%error, "a record of an event is not handled");
    }
}
