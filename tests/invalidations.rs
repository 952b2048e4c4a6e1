//! Purges within CloudFront's quota of invalidations.

mod renditions;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_credential_types::Credentials;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use bucket::{S3Config, Transport};
use cdn_config::policy::Policy;
use contract::key::Key;
use futures::StreamExt as _;
use futures::stream;
use local_edge::cache::Cache;
use local_edge::invalidation::{self, DISTRIBUTION, Quota};
use resize::edge::config::{Config, StoreConfig};
use resize::edge::render_service::RenderService;
use resize::edge::store::Store;
use resize::edge::upkeep::Upkeep;
use resize::edge::upkeep::cloudfront::Cdn;
use serde_json::{Value, json};
use tintype::local::names::{ORIGINALS, REGION, VARIANTS};
use tokio::net::TcpListener;

use crate::s3::server::{ACCESS_KEY_ID, SECRET, Server};
use crate::support::{Running, owner};

/// A quota far below the number of invalidations in the tests. Each invalidation is in progress for an instant instead
/// of a minute.
const QUOTA: Quota = Quota { paths: 20, wildcards: 0, duration: Duration::from_millis(5) };

/// Number of batches that the deployment handles concurrently, and number of messages in each.
const CONCURRENT_BATCHES: usize = 5;
const BATCH: usize = 10;

/// CloudFront's API with a small quota.
struct CloudFront {
    cdn: Cdn,
    /// The invalidations that have begun, and the refused requests.
    begun: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
}

impl CloudFront {
    async fn start() -> Self {
        Self::with(QUOTA).await
    }

    async fn with(quota: Quota) -> Self {
        let (begun, refused) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let counters = (Arc::clone(&begun), Arc::clone(&refused));
        let count = from_fn(move |request: Request, next: Next| {
            let (begun, refused) = counters.clone();
            async move {
                let response = next.run(request).await;
                let counter = if response.status().is_success() { begun } else { refused };
                counter.fetch_add(1, Ordering::SeqCst);
                response
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let app = invalidation::app(Cache::new(), quota).layer(count);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let cdn = Cdn::new(DISTRIBUTION, owner(), Some(&endpoint)).with_first_pause(Duration::from_millis(1));
        Self { cdn, begun, refused }
    }
}

fn upkeep(stack: &Running, cdn: &Cdn) -> Upkeep {
    upkeep_over(&stack.stack.addresses.s3, owner(), cdn)
}

fn upkeep_over(endpoint: &str, credentials: Credentials, cdn: &Cdn) -> Upkeep {
    let endpoint = Some(endpoint.to_owned());
    let store = Store::new(&StoreConfig {
        s3: S3Config { endpoint, region: REGION.to_owned(), credentials, transport: Transport::NETWORK },
        originals: ORIGINALS.to_owned(),
        variants: Some(VARIANTS.to_owned()),
    });
    let config = Config::of(&Policy::built_in());
    Upkeep {
        render_service: Arc::new(RenderService::new(store.clone(), config)),
        store,
        originals: ORIGINALS.to_owned(),
        cdn: Some(cdn.clone()),
        settling: Duration::ZERO,
    }
}

fn key(number: usize) -> String {
    format!("files/{number}/cat.jpg")
}

/// An S3 with the two buckets, and without an event bus.
async fn storage() -> Server {
    let s3 = Server::start().await;
    for bucket in [ORIGINALS, VARIANTS] {
        s3.store.create_bucket(bucket).unwrap();
    }
    s3
}

/// The owner of [`storage`].
fn s3_owner() -> Credentials {
    Credentials::from_keys(ACCESS_KEY_ID, SECRET, None)
}

/// Writes a file, whose events a test makes itself.
async fn write(s3: &Server, key: &str) {
    s3.client.put_object().bucket(ORIGINALS).key(key).body(vec![1].into()).send().await.unwrap();
}

/// The event of an object that was written as version number `version`.
fn created(key: &str, version: usize) -> Value {
    let object = json!({
        "key": key, "size": 1, "etag": format!("{version:032}"), "version-id": format!("v{version}"),
        "sequencer": format!("{version:016X}"),
    });
    event("Object Created", json!({ "object": object }))
}

/// The event of an object that was deleted.
fn deleted(key: &str, reason: &str, deletion_type: &str) -> Value {
    let object = json!({ "key": key, "version-id": "v1", "sequencer": "FF" });
    event("Object Deleted", json!({ "object": object, "reason": reason, "deletion-type": deletion_type }))
}

fn event(detail_type: &str, mut detail: Value) -> Value {
    detail["bucket"] = json!({ "name": ORIGINALS });
    json!({ "source": "aws.s3", "detail-type": detail_type, "detail": detail })
}

/// A batch of SQS messages with these events.
fn batch(events: &[Value]) -> Value {
    let message = |(number, event): (usize, &Value)| json!({ "eventSource": "aws:sqs", "messageId": number.to_string(), "body": event.to_string() });
    json!({ "Records": events.iter().enumerate().map(message).collect::<Vec<_>>() })
}

/// Handles events in batches, as the deployment does, and returns the number of messages that failed.
async fn failed(upkeep: &Upkeep, events: Vec<Value>) -> usize {
    let batches: Vec<Value> = events.chunks(BATCH).map(batch).collect();
    let handled =
        batches.iter().map(|batch| async { upkeep.handle(batch).await.unwrap().batch_item_failures.len() });
    stream::iter(handled)
        .buffer_unordered(CONCURRENT_BATCHES)
        .fold(0, |sum, failed| async move { sum + failed })
        .await
}

#[tokio::test]
async fn a_thousand_invalidations_at_once_all_begin_within_the_quota() {
    let CloudFront { cdn, begun, refused } = CloudFront::start().await;
    let keys: Vec<Key> = (0..1000).map(|number| Key::parse(&key(number)).unwrap()).collect();
    let results: Vec<_> = stream::iter(&keys)
        .map(|key| cdn.invalidate(key))
        .buffer_unordered(CONCURRENT_BATCHES * BATCH)
        .collect()
        .await;
    let errors: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(errors.is_empty(), "{} fail: {}", errors.len(), errors[0]);
    assert_eq!(begun.load(Ordering::SeqCst), 1000);
    assert!(refused.load(Ordering::SeqCst) > 0, "the quota was never reached");
}

#[tokio::test]
async fn a_hundred_files_replaced_at_once_are_each_invalidated_once_and_no_message_fails() {
    let (s3, cloudfront) = (storage().await, CloudFront::start().await);
    let upkeep = upkeep_over(&s3.endpoint, s3_owner(), &cloudfront.cdn);
    for number in 0..100 {
        write(&s3, &key(number)).await;
    }
    let version = |version: usize| (0..100).map(|number| created(&key(number), version)).collect::<Vec<_>>();
    assert_eq!(failed(&upkeep, version(1)).await, 0);
    assert_eq!(cloudfront.begun.load(Ordering::SeqCst), 0, "a first upload causes no invalidation");
    assert_eq!(failed(&upkeep, version(2)).await, 0);
    assert_eq!(cloudfront.begun.load(Ordering::SeqCst), 100);
    // The second delivery of both events, a minute later.
    assert_eq!(failed(&upkeep, version(1)).await, 0);
    assert_eq!(failed(&upkeep, version(2)).await, 0);
    assert_eq!(cloudfront.begun.load(Ordering::SeqCst), 100, "one invalidation for each change");
}

#[tokio::test]
async fn a_late_event_of_a_replaced_version_still_invalidates() {
    let (s3, cloudfront) = (storage().await, CloudFront::start().await);
    let upkeep = upkeep_over(&s3.endpoint, s3_owner(), &cloudfront.cdn);
    write(&s3, &key(0)).await;
    for (version, expected) in [(2, 0), (1, 1), (2, 1), (1, 1), (3, 2), (2, 2), (3, 2)] {
        assert_eq!(failed(&upkeep, vec![created(&key(0), version)]).await, 0);
        assert_eq!(cloudfront.begun.load(Ordering::SeqCst), expected, "version {version}");
    }
}

#[tokio::test]
async fn a_removal_that_is_told_before_the_creation_is_invalidated() {
    let (s3, cloudfront) = (storage().await, CloudFront::start().await);
    let upkeep = upkeep_over(&s3.endpoint, s3_owner(), &cloudfront.cdn);
    let removal = deleted(&key(0), "DeleteObject", "Permanently Deleted");
    assert_eq!(failed(&upkeep, vec![removal]).await, 0);
    assert_eq!(failed(&upkeep, vec![created(&key(0), 1)]).await, 0);
    assert_eq!(cloudfront.begun.load(Ordering::SeqCst), 1, "the CDN may have a variant that isn't stored");
    let records = s3.client.list_objects_v2().bucket(VARIANTS).send().await.unwrap();
    assert!(records.contents().is_empty(), "{records:?}");
}

#[tokio::test]
async fn the_end_of_a_noncurrent_version_keeps_the_variants_of_the_current_file() {
    let (stack, cloudfront) = (Running::start().await, CloudFront::start().await);
    let (upkeep, s3) = (upkeep(&stack, &cloudfront.cdn), stack.s3());
    let begun = || cloudfront.begun.load(Ordering::SeqCst);
    let key = "files/living/cat.jpg";
    let put = s3.put_object().bucket(ORIGINALS).key(key).tagging("state=clean").body(vec![1].into());
    let etag = put.send().await.unwrap().e_tag.unwrap().replace('"', "");
    let variant = format!("{key}/w=64,fm=auto.webp");
    s3.put_object().bucket(VARIANTS).key(&variant).body(vec![1].into()).send().await.unwrap();
    let mut announced = created(key, 1);
    announced["detail"]["object"]["etag"] = json!(etag);
    assert_eq!(failed(&upkeep, vec![announced]).await, 0);

    let is_stored = async || s3.head_object().bucket(VARIANTS).key(&variant).send().await.is_ok();
    for (reason, deletion_type) in
        [("Lifecycle Expiration", "Permanently Deleted"), ("DeleteObject", "Permanently Deleted")]
    {
        assert_eq!(failed(&upkeep, vec![deleted(key, reason, deletion_type)]).await, 0);
        assert!(is_stored().await, "{reason}: the variant is gone");
        assert_eq!(begun(), 0, "{reason}");
    }

    s3.delete_object().bucket(ORIGINALS).key(key).send().await.unwrap();
    let removal = deleted(key, "DeleteObject", "Delete Marker Created");
    assert_eq!(failed(&upkeep, vec![removal.clone()]).await, 0);
    assert!(!is_stored().await, "the variant outlives its original");
    assert_eq!(begun(), 1);
    // The second delivery, and the end of the version a month later.
    let expiry = deleted(key, "Lifecycle Expiration", "Permanently Deleted");
    assert_eq!(failed(&upkeep, vec![removal, expiry]).await, 0);
    assert_eq!(begun(), 1);
}

#[tokio::test]
async fn the_second_delivery_removes_only_variants_of_an_old_version() {
    let (s3, cloudfront) = (storage().await, CloudFront::start().await);
    let upkeep = upkeep_over(&s3.endpoint, s3_owner(), &cloudfront.cdn);
    let key = "files/replaced/cat.jpg";
    write(&s3, key).await;
    for version in [1, 2] {
        assert_eq!(failed(&upkeep, vec![created(key, version)]).await, 0);
    }
    let put = async |name: &str, version: usize| {
        let put = s3.client.put_object().bucket(VARIANTS).key(format!("{key}/{name}")).body(vec![1].into());
        put.metadata("original-etag", format!("{version:032}")).send().await.unwrap();
    };
    let names = async || {
        let listed =
            s3.client.list_objects_v2().bucket(VARIANTS).prefix(format!("{key}/")).send().await.unwrap();
        listed
            .contents()
            .iter()
            .map(|object| object.key().unwrap()[key.len() + 1..].to_owned())
            .collect::<Vec<_>>()
    };
    put("w=64", 2).await;
    assert_eq!(failed(&upkeep, vec![created(key, 2)]).await, 0);
    assert_eq!((names().await, cloudfront.begun.load(Ordering::SeqCst)), (vec!["w=64".to_owned()], 1));
    // A process was killed between storing the variant and comparing the original.
    put("w=128", 1).await;
    assert_eq!(failed(&upkeep, vec![created(key, 2)]).await, 0);
    assert_eq!((names().await, cloudfront.begun.load(Ordering::SeqCst)), (vec!["w=64".to_owned()], 2));
}
