//! Lifecycle rules.

use std::time::Duration;

use jiff::Timestamp;
use local_events::outbox::Outbox as _;
use local_s3::LifecycleRule;

use super::server::{BUCKET, REGION, Server};

#[tokio::test]
async fn lifecycle_rules_remove_what_has_expired_and_write_events() {
    let server = Server::start().await;
    for (key, tags) in
        [("a/pending", "state=pending"), ("a/clean", "state=clean"), ("b/pending", "state=pending")]
    {
        let put = server.client.put_object().bucket(BUCKET).key(key).tagging(tags);
        put.body(b"x".to_vec().into()).send().await.unwrap();
    }
    server.client.create_multipart_upload().bucket(BUCKET).key("a/parts").send().await.unwrap();
    let rules = [
        LifecycleRule {
            prefix: "a/".to_owned(),
            tags: vec![("state".to_owned(), "pending".to_owned())],
            expiration_days: Some(14),
            ..LifecycleRule::default()
        },
        LifecycleRule { abortion_days: Some(1), ..LifecycleRule::default() },
    ];
    let written = server.store.events_after(0, 10).await.unwrap().len() as u64;
    let after = async |days: u64| {
        let now = Timestamp::now() + Duration::from_hours(24 * days);
        server.store.expire(BUCKET, &rules, REGION, now).await.unwrap()
    };
    assert_eq!(after(0).await, Vec::<String>::new());
    assert_eq!(after(2).await, ["a/parts"]);
    let uploads = server.client.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
    assert_eq!(uploads.uploads().len(), 0);
    assert_eq!(after(13).await, Vec::<String>::new());
    assert_eq!(after(15).await, ["a/pending"]);
    let listed = server.client.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    let left: Vec<_> = listed.contents().iter().map(|object| object.key().unwrap()).collect();
    assert_eq!(left, ["a/clean", "b/pending"]);

    let events = server.store.events_after(written, 10).await.unwrap();
    assert_eq!(events.len(), 1);
    let event = &events[0].event;
    assert_eq!(
        (&event["detail-type"], &event["detail"]["object"]["key"]),
        (&"Object Deleted".into(), &"a/pending".into())
    );
    assert_eq!(event["detail"]["reason"], "Lifecycle Expiration");
    assert_eq!(event["detail"]["requester"], "s3.amazonaws.com");
    assert_eq!(server.blob_count(), 2);
}
