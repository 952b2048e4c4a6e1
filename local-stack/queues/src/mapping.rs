//! Event source mappings: a function that gets the messages of a queue in batches.

use std::collections::HashSet;
use std::sync::Arc;

use local_lambda::function::Function;
use local_lambda::outcome::{InvokeError, Outcome};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::queue::{Message, Queue};

/// A mapping.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The queue.
    pub queue: Queue,
    /// The function.
    pub function: Function,
    /// The maximum number of messages in one batch.
    pub batch_size: usize,
    /// The maximum number of batches at the same time.
    pub max_concurrency: usize,
    /// `true` if the function's answer lists the messages that failed (`ReportBatchItemFailures`).
    pub reports_failures: bool,
    /// The region in events.
    pub region: String,
}

/// Gives the queue's messages to the function until `stopped` becomes `true`.
pub async fn poll(mapping: Mapping, mut stopped: watch::Receiver<bool>) {
    let mapping = Arc::new(mapping);
    let slots = Arc::new(Semaphore::new(mapping.max_concurrency));
    let mut batches = JoinSet::new();
    let polling = async {
        loop {
            // The semaphore is never closed.
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let messages = loop {
                let messages = mapping.queue.receive(mapping.batch_size);
                if !messages.is_empty() {
                    break messages;
                }
                mapping.queue.may_be_visible().await;
            };
            let mapping = Arc::clone(&mapping);
            batches.spawn(async move {
                mapping.handle(&messages).await;
                drop(slot);
            });
            while batches.try_join_next().is_some() {}
        }
    };
    tokio::select! {
        () = polling => {}
        // An error means that the sender was dropped. That is also a stop.
        _ = stopped.wait_for(|is_stopped| *is_stopped) => {}
    }
}

impl Mapping {
    /// Invokes the function with a batch, and deletes the messages that it has handled.
    async fn handle(&self, messages: &[Message]) {
        let outcome = self.function.invoke(self.event(messages)).await;
        let queue = &self.queue.config().arn;
        let failed = match failed(outcome, self.reports_failures) {
            Failed::Some(failed) => failed,
            Failed::All(reason) => {
                tracing::warn!(queue, reason, "a batch will be delivered again");
                return;
            }
        };
        for message in messages {
            if failed.contains(&message.id) {
                tracing::warn!(queue, id = message.id, "a message will be delivered again");
            } else {
                self.queue.delete(&message.id);
            }
        }
    }

    fn event(&self, messages: &[Message]) -> Value {
        let record = |message: &Message| {
            json!({
                "messageId": message.id,
                "receiptHandle": message.id,
                "body": message.body,
                "attributes": {
                    "ApproximateReceiveCount": message.receives.to_string(),
                    "SentTimestamp": message.sent_ms.to_string(),
                    "SenderId": "local",
                    "ApproximateFirstReceiveTimestamp": message.sent_ms.to_string(),
                },
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": self.queue.config().arn,
                "awsRegion": self.region,
            })
        };
        json!({ "Records": messages.iter().map(record).collect::<Vec<_>>() })
    }
}

/// The messages of a batch that failed.
#[derive(Debug, PartialEq)]
enum Failed {
    /// Those with these IDs.
    Some(HashSet<String>),
    /// All of them, for this reason.
    All(String),
}

/// The messages that failed by the outcome of an invocation. An answer that isn't a list of failures is a complete failure, and
/// no answer is a success (Lambda's developer guide, "Implementing partial batch responses").
fn failed(outcome: Result<Outcome, InvokeError>, reports_failures: bool) -> Failed {
    let answer = match outcome {
        Ok(Outcome::Buffered(answer)) => answer,
        Ok(Outcome::Streamed(..)) => return Failed::All("the answer is streamed".to_owned()),
        Err(error) => return Failed::All(error.to_string()),
    };
    if !reports_failures {
        return Failed::Some(HashSet::new());
    }
    let Some(items) = answer.get("batchItemFailures").filter(|items| !items.is_null()) else {
        if answer.is_null() || answer.is_object() {
            return Failed::Some(HashSet::new());
        }
        return Failed::All(format!("the answer has no batchItemFailures: {answer}"));
    };
    let id =
        |item: &Value| item.get("itemIdentifier")?.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    let ids = items.as_array().and_then(|items| items.iter().map(id).collect());
    ids.map_or_else(|| Failed::All(format!("an item has no itemIdentifier: {items}")), Failed::Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_which_messages_failed() {
        let check = |answer: Value, expected: Option<&[&str]>| {
            let failed = failed(Ok(Outcome::Buffered(answer.clone())), true);
            match expected {
                Some(ids) => {
                    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
                    assert_eq!(failed, Failed::Some(ids), "{answer}");
                }
                None => assert!(matches!(failed, Failed::All(_)), "{answer}"),
            }
        };
        check(json!(null), Some(&[]));
        check(json!({}), Some(&[]));
        check(json!({ "batchItemFailures": null }), Some(&[]));
        check(json!({ "batchItemFailures": [] }), Some(&[]));
        check(json!({ "batchItemFailures": [{ "itemIdentifier": "a" }] }), Some(&["a"]));
        check(json!({ "batchItemFailures": [{ "itemIdentifier": "" }] }), None);
        check(json!({ "batchItemFailures": [{}] }), None);
        check(json!("done"), None);
        assert!(matches!(failed(Err(InvokeError::Throttled), true), Failed::All(_)));
        let unread = json!({ "batchItemFailures": [{ "itemIdentifier": "a" }] });
        assert_eq!(failed(Ok(Outcome::Buffered(unread)), false), Failed::Some(HashSet::new()));
    }
}
