//! Born pending, served when clean: what no upload can get around.

use std::path::Path;
use std::time::Duration;

use aws_sdk_s3::types::{Tag, Tagging};
use bucket::S3Config;
use image::DynamicImage;
use serde_json::{Value, json};
use service::notification::created_objects;
use tintype::local::names::ORIGINALS;
use upload_signer::arrival::dimensions::Dimensions;
use upload_signer::arrival::finalizer::{Finalization, Finalizer};
use upload_signer::arrival::scan::Scanner;
use upload_signer::arrival::state::{RefusalReason, UploadState};
use upload_signer::arrival::store::{Store, StoreConfig};
use upload_signer::signing::policy::UploadPolicy;

use crate::support::pictures::{jpeg, png, quarters};
use crate::support::{Running, wait};

/// A picture in PNG.
fn picture(width: u32, height: u32) -> Vec<u8> {
    png(&DynamicImage::from(quarters(width, height)).to_rgba8())
}

/// 300 KB of HTML.
fn html() -> Vec<u8> {
    let mut page = b"<!DOCTYPE html><script>alert(document.domain)</script>".to_vec();
    page.resize(300_000, b' ');
    page
}

/// Nothing of an upload is served, whichever way it is asked for.
async fn check_unserved(stack: &Running, grant: &Value) {
    let path = format!("/{}", grant["key"].as_str().unwrap());
    for query in ["", "?original", "?w=64", "?w=64&fm=png", "?fm=json"] {
        let path = format!("{path}{query}");
        for (method, headers) in [
            ("GET", &[][..]),
            ("HEAD", &[][..]),
            ("GET", &[("range", "bytes=0-9")][..]),
            ("GET", &[("if-none-match", "\"0\"")][..]),
        ] {
            let got = stack.send(method, &path, headers).await;
            assert_eq!(got.status, 404, "{method} {path} {headers:?}");
            assert_eq!(got.header("cache-control"), "public, max-age=1", "{method} {path} {headers:?}");
            assert!(!got.body.starts_with(b"<!DOCTYPE"), "{method} {path}");
        }
    }
    // S3 itself shows nothing to who has no credentials, whatever the state.
    let object = format!("{}/{ORIGINALS}{path}", stack.stack.addresses.s3);
    let http = reqwest::Client::new();
    for request in [
        http.get(&object),
        http.head(&object),
        http.get(&object).header("range", "bytes=0-9"),
        http.get(format!("{object}?tagging")),
        http.get(format!("{}/{ORIGINALS}?list-type=2", stack.stack.addresses.s3)),
    ] {
        let refused = request.send().await.unwrap();
        let (status, url) = (refused.status().as_u16(), refused.url().clone());
        assert_eq!(status, 403, "{url}");
        let body = refused.text().await.unwrap();
        assert!(!body.contains("<!DOCTYPE") && !body.contains("pending"), "{url}: {body}");
    }
    assert!(stack.stored_variants().await.is_empty());
}

#[tokio::test]
async fn a_page_called_a_picture_is_never_served() {
    let stack = Running::start().await;
    let bytes = html();
    for method in ["POST", "PUT"] {
        let request =
            json!({ "filename": "a.png", "type": "image/png", "size": bytes.len(), "method": method });
        let (status, grant) = stack.sign(&request).await;
        assert_eq!(status, 201, "{grant}");
        match method {
            "POST" => assert_eq!(stack.post(&grant, &bytes).await.0, 204),
            _ => assert_eq!(stack.put(&grant, &bytes).await, 200),
        }
        check_unserved(&stack, &grant).await;
        let state = stack.settled(&grant).await;
        assert_eq!(
            (&state["state"], &state["reason"]),
            (&json!("refused"), &json!("other-content")),
            "{state}"
        );
        assert!(state["detail"].as_str().unwrap().contains("text/html"), "{state}");
        assert_eq!((&state["size"], &state["type"]), (&json!(300_000), &json!("image/png")), "{state}");
        check_unserved(&stack, &grant).await;
    }
}

#[tokio::test]
async fn an_upload_is_pending_until_it_is_checked_and_then_served() {
    let folder = tempfile::tempdir().unwrap();
    let gate = folder.path().join("open");
    let stack = Running::with_scanner(waiting_for(&gate)).await;
    let bytes = picture(64, 64);
    let (_, grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
    let path = format!("/uploads/{}", grant["id"].as_str().unwrap());
    assert_eq!(stack.get(&path).await.status, 404, "nothing was sent yet");
    assert_eq!(stack.post(&grant, &bytes).await.0, 204);

    let pending = stack.get(&path).await;
    assert_eq!((pending.status, pending.header("cache-control")), (200, "no-store"));
    let state = pending.json();
    assert_eq!(state["state"], "pending", "{state}");
    assert_eq!(state["publicUrl"], grant["publicUrl"]);
    assert_eq!((&state["id"], &state["key"]), (&grant["id"], &grant["key"]));
    check_unserved(&stack, &grant).await;

    // What is pending when everything stops is finalised after the next start.
    let stack = stack.restarted_with(Some(waiting_for(&gate))).await;
    assert_eq!(stack.get(&path).await.json()["state"], "pending");
    std::fs::write(&gate, "").unwrap();
    let state = stack.settled(&grant).await;
    assert_eq!(state["state"], "clean", "{state}");
    assert_eq!(state.get("reason"), None);
    assert_eq!((&state["width"], &state["height"]), (&json!(64), &json!(64)));
    let key = grant["key"].as_str().unwrap();
    assert_eq!(stack.get(&format!("/{key}")).await.body, bytes);
    assert_eq!(stack.get(&format!("/{key}?w=32")).await.picture().dimensions(), (32, 32));
}

/// A scanner that can't tell until a file is there.
fn waiting_for(gate: &Path) -> Scanner {
    // `test` ends with 1 where there is none, which would be a finding.
    shell(&format!("test -e {} || exit 3", gate.display()))
}

#[tokio::test]
async fn a_scanner_has_the_last_word_and_a_failing_one_holds_up_nothing_else() {
    let stack = Running::with_scanner(shell(SCAN)).await;
    let marked = |mark: &str| [picture(32, 32), mark.as_bytes().to_vec()].concat();
    let send = async |mark: &str| {
        let (_, grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
        assert_eq!(stack.post(&grant, &marked(mark)).await.0, 204);
        grant
    };
    let (puzzling, harmful, clean) = (send("PUZZLE").await, send("EICAR").await, send("").await);
    assert_eq!(stack.settled(&clean).await["state"], "clean");
    let state = stack.settled(&harmful).await;
    assert_eq!((&state["state"], &state["reason"]), (&json!("refused"), &json!("harmful")));
    assert_eq!(stack.state(&puzzling).await["state"], "pending");
    check_unserved(&stack, &puzzling).await;
    check_unserved(&stack, &harmful).await;
    assert_eq!(stack.get(&format!("/{}", clean["key"].as_str().unwrap())).await.status, 200);
}

const SCAN: &str = "case $(tail -c 6) in *EICAR) exit 1;; PUZZLE) exit 2;; esac";

#[tokio::test]
async fn a_form_with_another_state_is_refused() {
    let stack = Running::start().await;
    let bytes = html();
    let check = async |what: &str, change: &dyn Fn(&mut Value), code: &str| {
        let (_, mut grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
        change(&mut grant["fields"]);
        let (status, body) = stack.post(&grant, &bytes).await;
        assert!(status == 403 && body.contains(code), "{what}: {status} {body}");
        assert_eq!(stack.get(&format!("/uploads/{}", grant["id"].as_str().unwrap())).await.status, 404);
    };
    let forged = |fields: &mut Value| {
        fields["tagging"] = json!(fields["tagging"].as_str().unwrap().replace("pending", "clean"));
    };
    check("another state", &forged, "AccessDenied").await;
    let without = |fields: &mut Value| drop(fields.as_object_mut().unwrap().remove("tagging"));
    check("no state", &without, "AccessDenied").await;
    let twice = |fields: &mut Value| fields["x-amz-tagging"] = json!("state=clean");
    check("a header's name", &twice, "AccessDenied").await;

    let request = json!({ "filename": "a.png", "type": "image/png", "size": bytes.len(), "method": "PUT" });
    for tags in [Some("state=clean"), None] {
        let (_, mut grant) = stack.sign(&request).await;
        match tags {
            Some(tags) => grant["headers"]["x-amz-tagging"] = json!(tags),
            None => drop(grant["headers"].as_object_mut().unwrap().remove("x-amz-tagging")),
        }
        assert_eq!(stack.put(&grant, &bytes).await, 403, "{tags:?}");
    }
}

/// The finaliser of a stack's bucket, apart from its own.
fn finalizer(stack: &Running) -> Finalizer {
    let s3 = S3Config {
        endpoint: Some(stack.stack.addresses.s3.clone()),
        region: "us-east-1".to_owned(),
        credentials: crate::support::owner(),
    };
    let store = Store::new(&StoreConfig { s3, bucket: ORIGINALS.to_owned() });
    Finalizer { store, policy: UploadPolicy::default(), scanner: None }
}

fn created(key: &str) -> Value {
    let object = json!({ "key": key, "size": 5, "etag": "0123" });
    let detail = json!({ "bucket": { "name": ORIGINALS }, "object": object });
    json!({ "source": "aws.s3", "detail-type": "Object Created", "detail": detail })
}

/// What becomes of an object when its event is delivered, once more than the stack delivers it.
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
async fn what_replaces_a_clean_upload_is_checked_again_whatever_the_order_of_events() {
    let stack = Running::start().await;
    let (_, grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
    assert_eq!(stack.post(&grant, &picture(32, 32)).await.0, 204);
    assert_eq!(stack.settled(&grant).await["state"], "clean");
    // A form holds for a quarter of an hour, and S3 knows no condition that would keep it from being sent again.
    assert_eq!(stack.post(&grant, &html()).await.0, 204);
    check_unserved(&stack, &grant).await;
    // The first object's event, late: it is about what is there now.
    let outcome = finalize(&finalizer(&stack), grant["key"].as_str().unwrap()).await;
    assert!(matches!(outcome, Finalization::InState(UploadState::Refused(_))), "{outcome:?}");
    assert_eq!(stack.settled(&grant).await["state"], "refused");
    check_unserved(&stack, &grant).await;
}

#[tokio::test]
async fn what_replaces_an_upload_while_that_is_checked_never_becomes_clean() {
    let folder = tempfile::tempdir().unwrap();
    let (begun, gate) = (folder.path().join("begun"), folder.path().join("open"));
    // The stack's own finaliser never gets as far as clean, so that only the slow one below might set it.
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

/// A scanner of one line.
fn shell(script: &str) -> Scanner {
    let command_line = ["sh", "-c", script].map(str::to_owned).to_vec();
    Scanner::Command { command_line, time_limit: Duration::from_secs(30) }
}

#[tokio::test]
async fn an_object_without_a_state_is_not_served_until_its_owner_says_so() {
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

#[tokio::test]
async fn states_are_told_of_known_ids_alone() {
    let stack = Running::start().await;
    let check = async |method: &str, id: &str, status: u16| {
        let got = stack.send(method, &format!("/uploads/{id}"), &[]).await;
        assert_eq!((got.status, got.header("cache-control")), (status, "no-store"), "{method} {id}");
        assert_eq!(got.header("content-type"), "application/problem+json", "{method} {id}");
    };
    check("GET", "0190163d-8694-739b-aea5-966c26f8ad91", 404).await;
    check("GET", "1", 404).await;
    check("GET", "..%2F", 404).await;
    check("DELETE", "0190163d-8694-739b-aea5-966c26f8ad91", 405).await;
    let request = json!({ "filename": "a.png", "type": "image/png", "visibility": "private" });
    let (_, grant) = stack.sign(&request).await;
    assert_eq!(stack.post(&grant, &picture(8, 8)).await.0, 204);
    assert_eq!(stack.settled(&grant).await["state"], "clean");
}
