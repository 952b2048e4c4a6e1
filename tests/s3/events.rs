//! The outbox of events.

use std::time::Duration;

use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use local_events::outbox::{Outbox as _, PendingEvent};
use serde_json::Value;

use super::server::{BUCKET, REGION, Server};

#[tokio::test]
async fn every_created_and_removed_object_gives_one_event_until_it_is_acknowledged() {
    let server = Server::start().await;
    let key = "a b/ä+&.jpg";
    server.put(key, b"hello").await;
    server.store.event_arrived().await;
    let copy = server.client.copy_object().bucket(BUCKET).key("copy");
    copy.copy_source(format!("{BUCKET}/a%20b/%C3%A4%2B%26.jpg")).send().await.unwrap();
    let id = server
        .client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key("big")
        .send()
        .await
        .unwrap()
        .upload_id
        .unwrap();
    let part = server
        .client
        .upload_part()
        .bucket(BUCKET)
        .key("big")
        .upload_id(&id)
        .part_number(1)
        .send()
        .await
        .unwrap();
    let part = CompletedPart::builder().part_number(1).set_e_tag(part.e_tag).build();
    let list = CompletedMultipartUpload::builder().parts(part).build();
    let complete = server.client.complete_multipart_upload().bucket(BUCKET).key("big").upload_id(&id);
    complete.multipart_upload(list).send().await.unwrap();
    for key in [key, "none"] {
        server.client.delete_object().bucket(BUCKET).key(key).send().await.unwrap();
    }

    let server = server.restart().await;
    let events = server.store.events_after(0, 10).await.unwrap();
    let text = |event: &Value, path: &str| {
        event.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let seen: Vec<_> = events
        .iter()
        .map(|pending| {
            let event = &pending.event;
            (text(event, "/detail-type"), text(event, "/detail/object/key"), text(event, "/detail/reason"))
        })
        .collect();
    let row = |kind: &str, key: &str, reason: &str| (kind.to_owned(), key.to_owned(), reason.to_owned());
    assert_eq!(
        seen,
        [
            row("Object Created", key, "PutObject"),
            row("Object Created", "copy", "CopyObject"),
            row("Object Created", "big", "CompleteMultipartUpload"),
            row("Object Deleted", key, "DeleteObject"),
        ]
    );
    let created = &events[0].event;
    assert_eq!(text(created, "/source"), "aws.s3");
    assert_eq!(text(created, "/region"), REGION);
    assert_eq!(text(created, "/resources/0"), format!("arn:aws:s3:::{BUCKET}"));
    assert_eq!(text(created, "/detail/bucket/name"), BUCKET);
    assert_eq!(text(created, "/detail/object/etag"), "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(created.pointer("/detail/object/size"), Some(&Value::from(5)));
    assert_eq!(text(&events[3].event, "/detail/deletion-type"), "Permanently Deleted");
    for name in
        ["/id", "/time", "/account", "/version", "/detail/version", "/detail/request-id", "/detail/requester"]
    {
        assert!(!text(created, name).is_empty(), "{name}");
    }
    let sequencers: Vec<_> =
        events.iter().map(|pending| text(&pending.event, "/detail/object/sequencer")).collect();
    assert!(sequencers.is_sorted_by(|one, next| one < next));

    assert_eq!(server.store.events_after(0, 1).await.unwrap(), events[..1]);
    assert_eq!(server.store.events_after(events[1].sequence, 10).await.unwrap(), events[2..]);
    // The second event is acknowledged first, and twice.
    for sequence in [events[1].sequence, events[1].sequence] {
        server.store.acknowledge(sequence).await.unwrap();
    }
    // Rules without a delay have handled the first event.
    server.store.record_passed(events[0].sequence, Duration::ZERO).await.unwrap();
    let server = server.restart().await;
    let first = PendingEvent { passed: Some(Duration::ZERO), ..events[0].clone() };
    let left = [&[first], &events[2..]].concat();
    assert_eq!(server.store.events_after(0, 10).await.unwrap(), left);
    for event in &left {
        server.store.acknowledge(event.sequence).await.unwrap();
    }
    assert_eq!(server.store.events_after(0, 10).await.unwrap(), []);
    server.put("later", b"x").await;
    assert!(server.store.events_after(0, 10).await.unwrap()[0].sequence > events[3].sequence);
}

#[tokio::test]
async fn a_refused_request_gives_no_event() {
    let server = Server::start().await;
    let put = server.client.put_object().bucket(BUCKET).key("k").content_md5("AAAAAAAAAAAAAAAAAAAAAA==");
    assert!(put.body(b"x".to_vec().into()).send().await.is_err());
    let put =
        server.client.put_object().bucket(BUCKET).key("k").if_match("\"none\"").body(b"x".to_vec().into());
    assert!(put.send().await.is_err());
    assert_eq!(server.store.events_after(0, 10).await.unwrap(), []);
}
