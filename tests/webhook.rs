//! The webhook: messages about uploads and videos, their signatures, and their delivery. Needs Python with the library of
//! Standard Webhooks, Node.js and ffmpeg, which `./test` installs.
//!
//! - `receiver`: a server that records messages and answers as a test says;
//! - `examples`: the receivers of `examples/webhook`.

mod examples;

mod receiver;

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::pictures::{jpeg, quarters};
use crate::support::{Running, wait};
use crate::video::clips::mp4;
use receiver::{ReceivedMessage, Receiver, SECRET};

/// Uploads a file and returns the signer's answer.
async fn upload(stack: &Running, name: &str, media_type: &str, bytes: &[u8]) -> Value {
    let (status, grant) = stack.sign(&json!({ "filename": name, "type": media_type })).await;
    assert_eq!(status, 201, "{grant}");
    assert_eq!(stack.post(&grant, bytes).await.0, 204);
    grant
}

/// Checks every signature with the library of Standard Webhooks, and that it is not valid for another body.
fn check_signatures(received: &[ReceivedMessage]) {
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/webhook/signatures.py");
    let mut program = Command::new(&python)
        .args(["-B", script, SECRET])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{python} can't be started: {error}; ./test installs it"));
    let messages: Vec<Value> = received
        .iter()
        .map(|ReceivedMessage { headers, body, .. }| json!({ "headers": headers, "body": STANDARD.encode(body) }))
        .collect();
    program.stdin.take().unwrap().write_all(json!(messages).to_string().as_bytes()).unwrap();
    let output = program.wait_with_output().unwrap();
    assert!(output.status.success(), "the signatures can't be checked");
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), format!("{} valid", received.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checked_upload_is_reported_once_with_a_valid_signature() {
    let server = Receiver::start(&[]).await;
    let stack = Running::with_webhook(server.endpoint()).await;
    let picture = upload(&stack, "é 1.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
    let page = upload(&stack, "a.png", "image/png", b"<!DOCTYPE html><script>alert(1)</script>").await;
    let received = server.wait_for(2).await;
    check_signatures(&received);

    let message = |grant: &Value| {
        received.iter().find(|message| message.json["data"]["key"] == grant["key"]).unwrap().json.clone()
    };
    let clean = message(&picture);
    assert_eq!(clean["type"], "upload.clean");
    assert_eq!(clean["data"], stack.state(&picture).await);
    assert_eq!((&clean["data"]["width"], &clean["data"]["height"]), (&json!(64), &json!(48)));
    assert_eq!(reqwest::get(clean["data"]["publicUrl"].as_str().unwrap()).await.unwrap().status(), 200);
    let age = jiff::Timestamp::now().duration_since(clean["timestamp"].as_str().unwrap().parse().unwrap());
    assert!((-2..600).contains(&age.as_secs()), "{clean}");

    let refused = message(&page);
    assert_eq!(
        (&refused["type"], &refused["data"]["reason"]),
        (&json!("upload.refused"), &json!("other-content"))
    );
    assert!(refused["data"]["detail"].as_str().unwrap().contains("text/html"), "{refused}");

    // A change of other tags is another event of the same upload. It repeats the same message.
    let tags = aws_sdk_s3::types::Tagging::builder()
        .tag_set(bucket::Tag::builder().key("state").value("clean").build().unwrap())
        .tag_set(bucket::Tag::builder().key("dimensions").value("64x48").build().unwrap())
        .tag_set(bucket::Tag::builder().key("album").value("1").build().unwrap());
    let key = picture["key"].as_str().unwrap();
    let tagged = stack.s3().put_object_tagging().bucket(tintype::local::names::ORIGINALS).key(key);
    tagged.tagging(tags.build().unwrap()).send().await.unwrap();
    let received = server.wait_for(3).await;
    let ids: Vec<&str> = received.iter().map(|message| message.headers["webhook-id"].as_str()).collect();
    assert_eq!(ids.iter().filter(|id| **id == ids[2]).count(), 2, "{ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_another_type_than_declared_is_reported_once_with_its_own_type() {
    let server = Receiver::start(&[]).await;
    let stack = Running::with_webhook(server.endpoint()).await;
    let grant = upload(&stack, "a.png", "image/png", &jpeg(&quarters(64, 48))).await;
    // A second upload: a second message about the first upload would arrive before the message about this one.
    let other = upload(&stack, "b.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
    assert_eq!(stack.settled(&other).await["state"], "clean");
    let received = server.wait_for(2).await;
    let data: Vec<_> =
        received.iter().filter(|message| message.json["data"]["key"] == grant["key"]).collect();
    assert_eq!(data.len(), 1, "{received:?}");
    assert_eq!(data[0].json["data"]["type"], "image/jpeg");
    assert_eq!(data[0].json["data"], stack.state(&grant).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_repeated_until_it_is_accepted_and_the_upload_does_not_wait() {
    let server = Receiver::start(&[500, 404, 302]).await;
    let stack = Running::with_webhook(server.endpoint()).await;
    let grant = upload(&stack, "a.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
    assert_eq!(stack.settled(&grant).await["state"], "clean");
    let received = server.wait_for(4).await;
    check_signatures(&received);
    let first = &received[0];
    for repeated in &received[1..] {
        assert_eq!(repeated.headers["webhook-id"], first.headers["webhook-id"]);
        assert_eq!(repeated.body, first.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_does_not_answer_delays_no_upload() {
    let server = Receiver::silent().await;
    let stack = Running::with_webhook(server.endpoint()).await;
    let bytes = jpeg(&quarters(64, 48));
    // More uploads than the event bus passes to one handler at the same time.
    let mut grants = Vec::new();
    for number in 0..8 {
        grants.push(upload(&stack, &format!("{number}.jpg"), "image/jpeg", &bytes).await);
    }
    for grant in &grants {
        assert_eq!(stack.settled(grant).await["state"], "clean");
        assert_eq!(stack.get(&format!("/{}", grant["key"].as_str().unwrap())).await.status, 200);
    }
    assert_eq!(server.received().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_is_reported_when_it_is_ready_or_has_failed() {
    let server = Receiver::start(&[]).await;
    let stack = Running::with_webhook(server.endpoint()).await;
    let clip = upload(&stack, "clip.mp4", "video/mp4", &mp4("320x180", "24", 1.0)).await;
    // This file begins like an MP4, but contains nothing that can be played.
    let broken = [&b"\0\0\0\x18ftypisom\0\0\x02\0isommp41"[..], &[0; 1000]].concat();
    let broken = upload(&stack, "broken.mp4", "video/mp4", &broken).await;
    let received = server.wait_for_different(4).await;
    check_signatures(&received);
    let find = |kind: &str, grant: &Value| {
        let is_it = |message: &&ReceivedMessage| {
            message.json["type"] == kind && message.json["data"]["key"] == grant["key"]
        };
        let found = received.iter().find(is_it);
        found.unwrap_or_else(|| panic!("{kind}: {:?}", server.received())).json["data"].clone()
    };
    find("upload.clean", &clip);
    find("upload.clean", &broken);
    let ready = find("video.ready", &clip);
    assert_eq!((&ready["id"], &ready["state"]), (&clip["id"], &json!("ready")));
    for url in ["/statusUrl", "/playback/hls", "/playback/mp4", "/playback/poster", "/playback/posters/0"] {
        let url = ready.pointer(url).and_then(Value::as_str).unwrap_or_else(|| panic!("{url}: {ready}"));
        assert_eq!(reqwest::get(url).await.unwrap().status(), 200, "{url}");
    }
    let failed = find("video.failed", &broken);
    assert_eq!(
        (&failed["state"], &failed["error"]["code"]),
        (&json!("failed"), &json!("unreadable")),
        "{failed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_survives_a_restart() {
    let server = Receiver::start(&[503; 3]).await;
    let stack = Running::with_webhook(server.endpoint()).await;
    let grant = upload(&stack, "a.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
    server.wait_for(1).await;
    let stack = stack.restarted_with_webhook(server.endpoint()).await;
    let received = wait::for_value("the message after the restart", async || {
        let received = server.received();
        if received.iter().any(|message| message.answer == 204) { Ok(received) } else { Err(received.len()) }
    })
    .await;
    assert!(received.iter().all(|message| message.json["data"]["key"] == grant["key"]));
    assert_eq!(stack.state(&grant).await["state"], "clean");
}
