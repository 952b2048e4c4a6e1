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

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::json;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;
    use crate::notification::{ObjectCreated, created_objects};

    /// The lines of a log.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Lines {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    #[derive(Debug, thiserror::Error)]
    enum TestError {
        #[error(transparent)]
        Notification(#[from] NotificationError),
        #[error("{0} fails")]
        Fails(String),
    }

    impl HandlerError for TestError {
        fn is_transient(&self) -> bool {
            true
        }
    }

    /// The failures in the log of a function that fails for every object.
    async fn logged(event: &Value) -> Vec<String> {
        let lines = Lines::default();
        let log = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).finish();
        let guard = tracing::subscriber::set_default(log);
        let fails = |object: ObjectCreated, _| async { Err::<(), _>(TestError::Fails(object.key)) };
        let _ = handle_batch(event, created_objects, fails).await;
        drop(guard);
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        text.lines().filter_map(|line| Some(line.split_once("error=")?.1.to_owned())).collect()
    }

    #[tokio::test]
    async fn each_failure_is_logged_or_returned_and_never_both() {
        let record = |key: &str| {
            json!({
                "eventSource": "aws:s3",
                "eventTime": "2026-01-01T00:00:00.000Z",
                "eventName": "ObjectCreated:Put",
                "userIdentity": {},
                "requestParameters": {},
                "s3": {"bucket": {"name": "originals"}, "object": {"key": key, "size": 1, "eTag": "0123"}},
            })
        };
        let direct = json!({ "Records": [record("files/a"), record("files/b")] });
        assert_eq!(logged(&direct).await, ["files/a fails"]);
        let message = json!({ "eventSource": "aws:sqs", "messageId": "1", "body": direct.to_string() });
        assert_eq!(logged(&json!({ "Records": [message] })).await, ["files/a fails", "files/b fails"]);
    }
}
