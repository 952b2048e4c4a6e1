//! One event in, the messages to deliver again out.

use aws_lambda_events::event::sqs::SqsBatchResponse;
use serde_json::Value;
use service::notification::{Message, NotificationError, ObjectCreated, batch_response, messages};

use crate::config::Config;
use crate::error::EventError;
use crate::video::Candidate;

/// Handles every record of an event. The answer names the messages of an SQS batch that failed; an event that
/// came by no queue fails as a whole, after its other records were handled.
pub fn handle(config: &Config, event: &Value) -> Result<SqsBatchResponse, EventError> {
    let outcomes = messages(event)?.into_iter();
    batch_response(outcomes.map(|Message { id, objects }| (id, handle_objects(config, objects))))
}

/// Handles all objects of a message; the last error, if there is any, is the message's.
fn handle_objects(
    config: &Config,
    objects: Vec<Result<ObjectCreated, NotificationError>>,
) -> Result<(), EventError> {
    let mut outcome = Ok(());
    for object in objects {
        if let Err(error) = object.map_err(EventError::from).and_then(|object| handle_object(config, &object))
        {
            tracing::error!(%error, "a record of an event is refused");
            outcome = Err(error);
        }
    }
    outcome
}

fn handle_object(config: &Config, object: &ObjectCreated) -> Result<(), EventError> {
    if object.bucket != config.originals_bucket {
        let (actual, expected) = (object.bucket.clone(), config.originals_bucket.clone());
        return Err(EventError::OtherBucket { actual, expected });
    }
    let (key, size) = (object.key.as_str(), object.size);
    match Candidate::of(key) {
        Candidate::Video => {
            tracing::warn!(key, size, "a video arrived; no job is made, transcoding isn't available yet");
        }
        Candidate::Other => tracing::debug!(key, size, "no video"),
        Candidate::Output => tracing::debug!(key, size, "below videos/: never an input"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event_in(bucket: &str) -> Value {
        let object = json!({"key": "files/1/a.mp4", "size": 5, "etag": "0123"});
        let detail = json!({"bucket": {"name": bucket}, "object": object});
        json!({"source": "aws.s3", "detail-type": "Object Created", "detail": detail})
    }

    fn message(id: &str, body: &str) -> Value {
        json!({"eventSource": "aws:sqs", "messageId": id, "body": body})
    }

    fn config() -> Config {
        Config { originals_bucket: "originals".to_owned() }
    }

    #[test]
    fn only_the_messages_that_failed_are_delivered_again() {
        let event = json!({"Records": [
            message("good", &event_in("originals").to_string()),
            message("not JSON", r#"{"code": 000000}"#),
            message("another bucket", &event_in("variants").to_string()),
            message("good too", &event_in("originals").to_string()),
        ]});
        let response = serde_json::to_value(handle(&config(), &event).unwrap()).unwrap();
        let failures = json!([{"itemIdentifier": "not JSON"}, {"itemIdentifier": "another bucket"}]);
        assert_eq!(response, json!({"batchItemFailures": failures}));
    }

    #[test]
    fn an_event_without_a_queue_fails_as_a_whole() {
        assert!(handle(&config(), &event_in("originals")).unwrap().batch_item_failures.is_empty());
        assert!(matches!(handle(&config(), &event_in("variants")), Err(EventError::OtherBucket { .. })));
        assert!(matches!(
            handle(&config(), &json!({})),
            Err(EventError::Notification(NotificationError::UnknownShape))
        ));
    }

    #[test]
    fn a_failure_that_no_message_id_can_name_fails_the_batch() {
        let event = json!({"Records": [{"eventSource": "aws:sqs", "body": "?"}, message("good", "{}")]});
        assert!(matches!(
            handle(&config(), &event),
            Err(EventError::Notification(NotificationError::NotJson(_)))
        ));
    }
}
