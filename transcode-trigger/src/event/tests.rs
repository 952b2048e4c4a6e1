use serde_json::json;

use super::*;

fn announcement(event: &Value) -> Announcement {
    let subject = messages(event).unwrap().remove(0).subjects.remove(0).unwrap();
    let Subject::Object(announcement) = subject else { panic!("{subject:?}") };
    announcement
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
    let expected = Announcement {
        bucket: "b".to_owned(),
        key: "a+b".to_owned(),
        etag: "e".to_owned(),
        version: Some("v".to_owned()),
        sequencer: "01".to_owned(),
    };
    assert_eq!(announcement(&created), expected);
    let tagged = s3_event("Object Tags Added", &json!({"key": "a+b", "etag": "e", "version-id": "v"}));
    let by_name = Announcement { etag: String::new(), version: None, sequencer: String::new(), ..expected };
    assert_eq!(announcement(&tagged), by_name);
}

#[test]
fn what_is_of_no_interest_is_passed_over() {
    for event in [
        s3_event("Object Deleted", &json!({"key": "a"})),
        s3_event("Object Tags Deleted", &json!({"key": "a"})),
        json!({"Service": "Amazon S3", "Event": "s3:TestEvent"}),
        json!({"source": "aws.mediaconvert", "detail-type": "MediaConvert Queue Hop Event", "detail": {}}),
    ] {
        assert!(messages(&event).unwrap().remove(0).subjects.is_empty(), "{event}");
    }
}

#[test]
fn a_message_says_how_often_it_was_delivered() {
    let message = |attributes: Value| json!({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": "{}", "attributes": attributes}]});
    let receives = |attributes: Value| messages(&message(attributes)).unwrap().remove(0).receives;
    assert_eq!(receives(json!({"ApproximateReceiveCount": "4"})), 4);
    assert_eq!(receives(json!({})), 1);
    assert_eq!(messages(&s3_event("Object Deleted", &json!({"key": "a"}))).unwrap().remove(0).receives, 1);
}

#[test]
fn what_can_t_be_read_is_an_error_in_its_place() {
    assert!(messages(&json!({})).is_err());
    assert!(messages(&json!({"Records": 1})).is_err());
    let batch = json!({"Records": [
        {"eventSource": "aws:sqs", "messageId": "1", "body": "?"},
        {"eventSource": "aws:sqs", "messageId": "2", "body": s3_event("Object Tags Added", &json!({})).to_string()},
        {"eventSource": "aws:sqs", "messageId": "3", "body": s3_event("Object Created", &json!({"key": "k", "size": 1, "etag": "e"})).to_string()},
    ]});
    let outcomes: Vec<_> =
        messages(&batch).unwrap().into_iter().map(|message| message.subjects[0].is_ok()).collect();
    assert_eq!(outcomes, [false, false, true]);
}
