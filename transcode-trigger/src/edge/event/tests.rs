use serde_json::json;
use service::notification::{Message, messages};

use super::*;

fn read(event: &Value) -> Result<Vec<Message<VideoEvent, EventError>>, EventError> {
    messages(event, video_events)
}

fn announced_object(event: &Value) -> ObjectEvent {
    let record = read(event).unwrap().remove(0).records.remove(0).unwrap();
    let VideoEvent::Object(object) = record else { panic!("{record:?}") };
    object
}

fn s3_event(detail_type: &str, object: &Value) -> Value {
    json!({"source": "aws.s3", "detail-type": detail_type, "time": "2026-01-01T00:00:00Z", "detail": {"bucket": {"name": "b"}, "object": object}})
}

#[test]
fn a_creation_and_a_tag_announce_an_object() {
    let created = s3_event(
        "Object Created",
        &json!({"key": "a+b", "size": 1, "etag": "e", "sequencer": "01", "version-id": "v"}),
    );
    let expected = ObjectEvent {
        bucket: "b".to_owned(),
        key: "a+b".to_owned(),
        etag: "e".to_owned(),
        version: Some("v".to_owned()),
        sequencer: "01".to_owned(),
    };
    assert_eq!(announced_object(&created), expected);
    let tagged = s3_event("Object Tags Added", &json!({"key": "a+b", "etag": "e", "version-id": "v"}));
    let by_name = ObjectEvent { etag: String::new(), version: None, sequencer: String::new(), ..expected };
    assert_eq!(announced_object(&tagged), by_name);
}

#[test]
fn events_about_anything_else_are_skipped() {
    for event in [
        s3_event("Object Deleted", &json!({"key": "a"})),
        s3_event("Object Tags Deleted", &json!({"key": "a"})),
        json!({"Service": "Amazon S3", "Event": "s3:TestEvent"}),
        json!({"source": "aws.mediaconvert", "detail-type": "MediaConvert Queue Hop Event", "detail": {}}),
    ] {
        assert!(read(&event).unwrap().remove(0).records.is_empty(), "{event}");
    }
}

#[test]
fn a_message_contains_its_number_of_deliveries() {
    let message = |attributes: Value| json!({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": "{}", "attributes": attributes}]});
    let receives = |attributes: Value| read(&message(attributes)).unwrap().remove(0).receives;
    assert_eq!(receives(json!({"ApproximateReceiveCount": "4"})), 4);
    assert_eq!(receives(json!({})), 1);
    assert_eq!(read(&s3_event("Object Deleted", &json!({"key": "a"}))).unwrap().remove(0).receives, 1);
}

#[test]
fn a_record_that_cannot_be_read_is_an_error_in_its_place() {
    assert!(read(&json!({})).is_err());
    assert!(read(&json!({"Records": 1})).is_err());
    let batch = json!({"Records": [
        {"eventSource": "aws:sqs", "messageId": "1", "body": "?"},
        {"eventSource": "aws:sqs", "messageId": "2", "body": s3_event("Object Tags Added", &json!({})).to_string()},
        {"eventSource": "aws:sqs", "messageId": "3", "body": s3_event("Object Created", &json!({"key": "k", "size": 1, "etag": "e"})).to_string()},
    ]});
    let outcomes: Vec<_> =
        read(&batch).unwrap().into_iter().map(|message| message.records[0].is_ok()).collect();
    assert_eq!(outcomes, [false, false, true]);
}
