//! A batch of messages, and the response that names those that failed.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::super::*;
use super::{bridged, record, sqs};

/// An error of functions that handle records.
#[derive(Debug, thiserror::Error)]
pub(super) enum TestError {
    #[error(transparent)]
    Notification(#[from] NotificationError),
    #[error("{0} fails")]
    Fails(String),
}

impl HandlerError for TestError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Fails(_))
    }
}

/// Handles an event by a function that fails for keys with `bad` in them. Returns the handled keys, each with the
/// number of deliveries, and the result.
async fn handle(event: &Value) -> (Vec<(String, u32)>, Result<Vec<String>, String>) {
    let handled = Mutex::new(Vec::new());
    let log = &handled;
    let result = handle_batch(event, created_objects, |ObjectCreated { key, .. }, receives| async move {
        log.lock().unwrap().push((key.clone(), receives));
        if key.contains("bad") { Err(TestError::Fails(key)) } else { Ok(()) }
    });
    let result = result.await.map_err(|error| error.to_string());
    let failed = |response: BatchResponse| {
        response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
    };
    (handled.into_inner().unwrap(), result.map(failed))
}

#[tokio::test]
async fn the_response_names_the_messages_that_failed_and_no_others() {
    let event = |key: &str| bridged("Object Created", key).to_string();
    let mut batch = sqs(&[&event("files/a"), &event("files/bad"), "?", &event("files/b")]);
    batch["Records"][3]["attributes"] = json!({"ApproximateReceiveCount": "4"});
    let (handled, result) = handle(&batch).await;
    let expected = [("files/a", 1), ("files/bad", 1), ("files/b", 4)];
    assert_eq!(handled, expected.map(|(key, receives)| (key.to_owned(), receives)));
    assert_eq!(result, Ok(vec!["1".to_owned(), "2".to_owned()]));
}

#[tokio::test]
async fn the_messages_of_a_batch_are_handled_concurrently() {
    let bodies: Vec<String> =
        (0..10).map(|number| bridged("Object Created", &format!("files/{number}")).to_string()).collect();
    let batch = sqs(&bodies.iter().map(String::as_str).collect::<Vec<_>>());
    // Each handler waits for all others: one after another, they would wait forever.
    let all = Barrier::new(10);
    let handled = handle_batch(&batch, created_objects, |_, _| async {
        all.wait().await;
        Ok::<(), TestError>(())
    });
    let response = tokio::time::timeout(Duration::from_mins(1), handled).await.expect("a handler waits");
    assert!(response.unwrap().batch_item_failures.is_empty());
}

#[tokio::test]
async fn an_event_without_a_queue_fails_after_its_other_records_were_handled() {
    let names = ["files/a", "files/bad", "files/b"].map(|key| record("ObjectCreated:Put", key));
    let (handled, result) = handle(&json!({"Records": names})).await;
    assert_eq!(handled.len(), 3);
    assert_eq!(result, Err("files/bad fails".to_owned()));
    let (handled, result) = handle(&json!({})).await;
    assert!(handled.is_empty() && result.is_err(), "{result:?}");
}
