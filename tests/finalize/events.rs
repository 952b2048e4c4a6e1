//! The finaliser's events: repeated, late, and while the object is replaced.

use aws_sdk_s3::types::{Tag, Tagging};
use bucket::{S3Config, Transport};
use serde_json::{Value, json};
use service::notification::created_objects;
use tintype::local::names::ORIGINALS;
use upload_signer::arrival::dimensions::Dimensions;
use upload_signer::arrival::finalizer::{Finalization, Finalizer};
use upload_signer::arrival::state::{RefusalReason, UploadState};
use upload_signer::arrival::store::{Store, StoreConfig};
use upload_signer::signing::policy::UploadPolicy;

use super::{check_unserved, html, picture, shell};
use crate::support::pictures::{jpeg, quarters};
use crate::support::{Running, wait};

/// A second finaliser of a stack's bucket, in addition to that of the stack.
fn finalizer(stack: &Running) -> Finalizer {
    let s3 = S3Config {
        endpoint: Some(stack.stack.addresses.s3.clone()),
        region: "us-east-1".to_owned(),
        credentials: crate::support::owner(),
        transport: Transport::NETWORK,
    };
    let store = Store::new(&StoreConfig { s3, bucket: ORIGINALS.to_owned() });
    Finalizer { store, policy: UploadPolicy::default(), scanner: None }
}

fn created(key: &str) -> Value {
    let object = json!({ "key": key, "size": 5, "etag": "0123" });
    let detail = json!({ "bucket": { "name": ORIGINALS }, "object": object });
    json!({ "source": "aws.s3", "detail-type": "Object Created", "detail": detail })
}

/// Delivers the event of an object to a second finaliser.
async fn finalize(finalizer: &Finalizer, key: &str) -> Finalization {
    let object = created_objects(&created(key)).unwrap().remove(0).unwrap();
    finalizer.finalize(&object).await.unwrap()
}

#[tokio::test]
async fn the_same_event_ten_times_gives_the_same_state() {
    let stack = Running::start().await;
    let finalizer = finalizer(&stack);
    let refused = UploadState::Refused(RefusalReason::OtherContent(Some("text/html".to_owned())));
    for (bytes, expected) in
        [(jpeg(&quarters(32, 32)), UploadState::Clean(Dimensions::new(32, 32))), (html(), refused)]
    {
        let (_, grant) = stack.sign(&json!({ "filename": "a.jpg", "type": "image/jpeg" })).await;
        assert_eq!(stack.post(&grant, &bytes).await.0, 204);
        let key = grant["key"].as_str().unwrap();
        let outcomes = futures::future::join_all((0..10).map(|_| finalize(&finalizer, key))).await;
        assert!(
            outcomes.iter().all(|outcome| *outcome == Finalization::InState(expected.clone())),
            "{outcomes:?}"
        );
        let again = finalizer.handle(&created(key)).await.unwrap();
        assert!(again.batch_item_failures.is_empty());
        assert_eq!(stack.settled(&grant).await["state"], expected.name());
    }
    assert_eq!(finalize(&finalizer, "files/none/a.jpg").await, Finalization::Gone);
}

#[tokio::test]
async fn an_object_that_replaces_a_clean_upload_is_checked_in_any_order_of_events() {
    let stack = Running::start().await;
    let (_, grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
    assert_eq!(stack.post(&grant, &picture(32, 32)).await.0, 204);
    assert_eq!(stack.settled(&grant).await["state"], "clean");
    // A form is valid for 15 minutes, and S3 has no condition that prevents its reuse.
    assert_eq!(stack.post(&grant, &html()).await.0, 204);
    check_unserved(&stack, &grant).await;
    // The late event of the first object leads to a check of the current object.
    let outcome = finalize(&finalizer(&stack), grant["key"].as_str().unwrap()).await;
    assert!(matches!(outcome, Finalization::InState(UploadState::Refused(_))), "{outcome:?}");
    assert_eq!(stack.settled(&grant).await["state"], "refused");
    check_unserved(&stack, &grant).await;
}

#[tokio::test]
async fn an_object_that_replaces_an_upload_during_its_check_never_becomes_clean() {
    let folder = tempfile::tempdir().unwrap();
    let (begun, gate) = (folder.path().join("begun"), folder.path().join("open"));
    // The stack's own scanner never decides, so only the slow finaliser can set the state to clean.
    let stack = Running::with_scanner(shell("exit 2")).await;
    let script = format!("touch {}; until test -e {}; do sleep 0.05; done", begun.display(), gate.display());
    let slow = Finalizer { scanner: Some(shell(&script)), ..finalizer(&stack) };
    let (_, grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
    assert_eq!(stack.post(&grant, &picture(32, 32)).await.0, 204);
    let replace = async {
        wait::until("the start of the scan", async || begun.exists()).await;
        assert_eq!(stack.post(&grant, &html()).await.0, 204);
        assert_eq!(stack.settled(&grant).await["state"], "refused");
        std::fs::write(&gate, "").unwrap();
    };
    let (outcome, ()) = tokio::join!(finalize(&slow, grant["key"].as_str().unwrap()), replace);
    assert_eq!(outcome, Finalization::Gone);
    assert_eq!(stack.state(&grant).await["state"], "refused");
    check_unserved(&stack, &grant).await;
}

#[tokio::test]
async fn an_object_without_a_state_is_served_only_after_its_owner_tags_it_clean() {
    let stack = Running::start().await;
    let (s3, bytes) = (stack.s3(), jpeg(&quarters(32, 32)));
    let key = "files/by-hand/a.jpg";
    let put = |key: &str| s3.put_object().bucket(ORIGINALS).key(key).body(bytes.clone().into());
    put(key).content_type("image/jpeg").send().await.unwrap();
    assert_eq!(finalize(&finalizer(&stack), key).await, Finalization::NotAnUpload);
    assert_eq!(stack.get(&format!("/{key}")).await.status, 404);

    let tag = Tag::builder().key("state").value("clean").build().unwrap();
    let tagging = Tagging::builder().tag_set(tag).build().unwrap();
    s3.put_object_tagging().bucket(ORIGINALS).key(key).tagging(tagging).send().await.unwrap();
    // The edge caches the 404 for a second.
    wait::until("the object at the edge", async || stack.get(&format!("/{key}")).await.status != 404).await;
    assert_eq!(stack.get(&format!("/{key}")).await.body, bytes);

    put("videos/1/poster.jpg").content_type("image/jpeg").send().await.unwrap();
    assert_eq!(stack.get("/videos/1/poster.jpg").await.body, bytes, "a transcoding job sets no tags");
}
