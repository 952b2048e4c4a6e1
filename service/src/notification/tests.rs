//! Records and events as S3 and EventBridge send them.

use serde_json::{Value, json};

use super::*;

mod batch;
mod corpus;
mod log;

/// A record of an S3 notification.
fn record(name: &str, key: &str) -> Value {
    json!({
        "eventSource": "aws:s3",
        "eventTime": "2026-01-01T00:00:00.000Z",
        "eventName": name,
        "userIdentity": {},
        "requestParameters": {},
        "s3": {
            "bucket": {"name": "originals"},
            "object": {"key": key, "size": 1000, "eTag": "0123", "sequencer": "0055AED6DCD90281E5"},
        },
    })
}

/// An S3 event of EventBridge.
fn bridged(detail_type: &str, key: &str) -> Value {
    json!({
        "detail-type": detail_type,
        "source": "aws.s3",
        "time": "2026-01-01T00:00:00Z",
        "detail": {
            "bucket": {"name": "originals"},
            "object": {"key": key, "size": 5, "etag": "0123", "version-id": "v1", "sequencer": "617f08299329d189"},
        },
    })
}

fn sqs(bodies: &[&str]) -> Value {
    let message = |(i, body): (usize, &&str)| json!({"eventSource": "aws:sqs", "messageId": i.to_string(), "body": body});
    json!({"Records": bodies.iter().enumerate().map(message).collect::<Vec<_>>()})
}

/// The objects that were written, for each message.
fn created(event: &Value) -> Result<Vec<Message<ObjectCreated>>, NotificationError> {
    messages(event, created_objects)
}

/// Keys and errors of all messages, in order.
fn outcomes(event: &Value) -> Vec<String> {
    match created(event) {
        Ok(messages) => messages.into_iter().flat_map(|message| message.records).map(outcome).collect(),
        Err(error) => vec![format!("error: {error}")],
    }
}

fn outcome(object: Result<ObjectCreated, NotificationError>) -> String {
    object.map_or_else(|error| format!("error: {error}"), |object| object.key)
}

#[test]
fn keys_are_form_encoded_in_notifications_and_plain_in_events_of_event_bridge() {
    let check = |key: &str, form_decoded: &str| {
        let notification = json!({"Records": [record("ObjectCreated:Put", key)]});
        assert_eq!(outcomes(&notification), [form_decoded], "{key:?}");
        assert_eq!(outcomes(&bridged("Object Created", key)), [key], "{key:?}");
    };
    check("files/a.mp4", "files/a.mp4");
    check("files/red+flower.mp4", "files/red flower.mp4");
    check("files/a%2Bb.mp4", "files/a+b.mp4");
    check("files/a%2520b.mp4", "files/a%20b.mp4");
    check("files/%C3%BC+%F0%9F%98%80.mov", "files/ü 😀.mov");
    check("files/100%", "error: the key \"files/100%\" is not form-encoded UTF-8");
    check("files/%ff", "error: the key \"files/%ff\" is not form-encoded UTF-8");
}

#[test]
fn an_object_has_the_members_of_its_event() {
    let object = |event: &Value| created(event).unwrap().remove(0).records.remove(0).unwrap();
    let expected = ObjectCreated {
        bucket: "originals".to_owned(),
        key: "files/a.mp4".to_owned(),
        size: 5,
        etag: "0123".to_owned(),
        version_id: Some("v1".to_owned()),
        sequencer: Some("617f08299329d189".to_owned()),
    };
    assert_eq!(object(&bridged("Object Created", "files/a.mp4")), expected);
    let notification =
        json!({"Records": [record("s3:ObjectCreated:CompleteMultipartUpload", "files/a.mp4")]});
    let sequencer = Some("0055AED6DCD90281E5".to_owned());
    assert_eq!(object(&notification), ObjectCreated { size: 1000, version_id: None, sequencer, ..expected });
}

#[test]
fn events_that_create_no_object_are_skipped() {
    let check = |event: Value| assert_eq!(outcomes(&event), Vec::<String>::new(), "{event}");
    check(json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "originals"}));
    check(json!({"Records": []}));
    check(json!({"Records": [record("ObjectRemoved:Delete", "files/a.mp4")]}));
    check(json!({"Records": [record("ObjectRestore:Completed", "files/a.mp4")]}));
    check(bridged("Object Deleted", "files/a.mp4"));
    check(sqs(&[r#"{"Service": "Amazon S3", "Event": "s3:TestEvent"}"#]));
}

#[test]
fn creations_removals_and_tags_are_distinguished() {
    let check = |event: Value, expected: Option<Change>| {
        let found = changes(&event).unwrap().into_iter().next().map(Result::unwrap);
        assert_eq!(found, expected, "{event}");
    };
    let records = |name: &str| json!({"Records": [record(name, "files/a+b.jpg")]});
    let named = |key: &str| ObjectName { bucket: "originals".to_owned(), key: key.to_owned() };
    check(records("ObjectRemoved:Delete"), Some(Change::Deleted(named("files/a b.jpg"))));
    check(records("s3:ObjectRemoved:DeleteMarkerCreated"), Some(Change::Deleted(named("files/a b.jpg"))));
    check(records("LifecycleExpiration:Delete"), Some(Change::Deleted(named("files/a b.jpg"))));
    let tagged = |key: &str, request: Option<&str>| {
        Some(Change::Tagged(ObjectTagged { name: named(key), request: request.map(str::to_owned) }))
    };
    let mut tags = records("ObjectTagging:Put");
    check(tags.clone(), tagged("files/a b.jpg", None));
    tags["Records"][0]["responseElements"] = json!({"x-amz-request-id": "C3D13FE58DE4C810"});
    check(tags, tagged("files/a b.jpg", Some("C3D13FE58DE4C810")));
    check(records("ObjectTagging:Delete"), None);
    check(bridged("Object Deleted", "files/a+b.jpg"), Some(Change::Deleted(named("files/a+b.jpg"))));
    // A rule for noncurrent versions doesn't change the current object. A rule for current objects does.
    let mut expired = records("LifecycleExpiration:Delete");
    expired["Records"][0]["s3"]["object"]["versionId"] = json!("v1");
    check(expired, None);
    check(records("LifecycleExpiration:DeleteMarkerCreated"), Some(Change::Deleted(named("files/a b.jpg"))));
    let deleted = |reason: &str, deletion_type: &str| {
        let mut event = bridged("Object Deleted", "files/a+b.jpg");
        event["detail"]["reason"] = json!(reason);
        event["detail"]["deletion-type"] = json!(deletion_type);
        event
    };
    check(deleted("Lifecycle Expiration", "Permanently Deleted"), None);
    for (reason, deletion_type) in [
        ("Lifecycle Expiration", "Delete Marker Created"),
        ("DeleteObject", "Permanently Deleted"),
        ("DeleteObject", "Delete Marker Created"),
    ] {
        check(deleted(reason, deletion_type), Some(Change::Deleted(named("files/a+b.jpg"))));
    }
    let mut without_versions = deleted("Lifecycle Expiration", "Permanently Deleted");
    without_versions["detail"]["object"].as_object_mut().unwrap().remove("version-id");
    check(without_versions, Some(Change::Deleted(named("files/a+b.jpg"))));
    let mut tags = bridged("Object Tags Added", "files/a+b.jpg");
    tags["detail"]["request-id"] = json!("C3D13FE58DE4C810");
    check(tags, tagged("files/a+b.jpg", Some("C3D13FE58DE4C810")));
    check(bridged("Object Tags Deleted", "files/a+b.jpg"), None);
}

#[test]
fn a_bad_record_does_not_affect_the_others() {
    let good = |key: &str| record("ObjectCreated:Put", key);
    let mut negative = good("files/b.mp4");
    negative["s3"]["object"]["size"] = json!(-1);
    let event = json!({"Records": [good("files/a.mp4"), negative, {"eventName": "?"}, good("files/c.mp4")]});
    let outcomes = outcomes(&event);
    assert_eq!(outcomes[0], "files/a.mp4");
    assert_eq!(outcomes[1], "error: the object's size is -1 bytes");
    assert!(
        outcomes[2].starts_with("error: the record of the S3 notification can't be read: "),
        "{}",
        outcomes[2]
    );
    assert_eq!(outcomes[3], "files/c.mp4");
}

#[test]
fn a_batch_contains_messages_of_both_shapes_with_their_ids() {
    let notification = json!({"Records": [record("ObjectCreated:Post", "files/a+b.mp4")]}).to_string();
    let event = bridged("Object Created", "files/a+b.mp4").to_string();
    let batch = sqs(&[&notification, r#"{"code": 000000}"#, &event, "", "{}", "[1]"]);
    let described: Vec<_> = created(&batch)
        .unwrap()
        .into_iter()
        .map(|message| (message.id.unwrap(), message.records.into_iter().map(outcome).collect::<Vec<_>>()))
        .map(|(id, outcomes)| format!("{id}: {}", outcomes.join(", ")))
        .collect();
    insta::assert_snapshot!(described.join("\n"), @r"
    0: files/a b.mp4
    1: error: the message's body is not JSON: invalid number at line 1 column 11
    2: files/a+b.mp4
    3: error: the message's body is not JSON: EOF while parsing a value at line 1 column 0
    4: error: the event is neither an S3 notification, an S3 event of EventBridge nor an SQS batch of these
    5: error: the event is neither an S3 notification, an S3 event of EventBridge nor an SQS batch of these
    ");
}

#[test]
fn an_event_of_unknown_shape_is_an_error() {
    let check = |event: Value, expected: &str| assert_eq!(outcomes(&event), [format!("error: {expected}")]);
    let unknown = NotificationError::UnknownShape.to_string();
    check(json!(null), &unknown);
    check(json!([1, 2]), &unknown);
    check(json!({"Records": 1}), &unknown);
    check(json!({"detail-type": "Object Created", "source": "aws.ec2", "detail": {}}), &unknown);
    check(bridged("Object Created", ""), "the event has no 'detail.object.key'");
    let mut without_size = record("ObjectCreated:Put", "files/a.mp4");
    without_size["s3"]["object"]["size"] = json!(null);
    check(json!({"Records": [without_size]}), "the event has no 's3.object.size'");
    let batch_in_a_batch = sqs(&[&sqs(&["{}"]).to_string()]);
    let outcomes = outcomes(&batch_in_a_batch);
    assert!(
        outcomes[0].starts_with("error: the record of the S3 notification can't be read"),
        "{outcomes:?}"
    );
}

#[test]
fn a_function_refuses_the_objects_of_other_buckets() {
    assert!(require_bucket("originals", "originals").is_ok());
    let error = require_bucket("variants", "originals").unwrap_err().to_string();
    assert_eq!(error, r#"the object is in the bucket "variants"; this function handles "originals""#);
}
