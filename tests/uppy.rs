//! Stock Uppy 5 and 6 in Chromium on a page of another origin. The tests are in `uppy/`; they need Node.js, the packages of
//! `uppy/package-lock.json` and Chromium, which `./test` installs.

use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Value;
use tintype::local::names::ORIGINALS;
use tintype::secrets;
use upload_signer::callers::session::Session;

use crate::support::Running;

#[tokio::test(flavor = "multi_thread")]
async fn stock_uppy_uploads_from_chromium() {
    let stack = Running::start().await;
    let keys = secrets::open(stack.data()).unwrap().sessions;
    let now = Timestamp::now();
    let session = |owner: &str| Session::new(owner, now + Duration::from_hours(1));
    let names = tempfile::NamedTempFile::new().unwrap();
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec", "uppy.test.mjs"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/uppy"))
        .env("EDGE", stack.edge())
        .env("NAMES", names.path())
        .env("ALICE", session("alice").to_token(&keys))
        .env("BOB", session("bob").to_token(&keys))
        .env("SMALL", Session { max_bytes: Some(1000), ..session("carol") }.to_token(&keys))
        .env("PAST", Session::new("alice", now - Duration::from_hours(1)).to_token(&keys));
    let output = tokio::task::spawn_blocking(move || node.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(stdout.contains("pass"), "no test ran: {stdout}");

    // Cancelled and refused uploads leave no parts, and all others are complete.
    let unfinished = stack.s3().list_multipart_uploads().bucket(ORIGINALS).send().await.unwrap();
    assert_eq!(unfinished.uploads(), []);

    let names = std::fs::read_to_string(names.path()).unwrap();
    // Seven names, by form and by multipart upload, with two versions of Uppy.
    assert_eq!(names.lines().count(), 28);
    for line in names.lines() {
        let upload: Value = serde_json::from_str(line).unwrap();
        let key = upload["key"].as_str().unwrap();
        let head = stack.s3().head_object().bucket(ORIGINALS).key(key).send().await.unwrap();
        assert_eq!(decoded(&head.metadata().unwrap()["name"]), upload["name"].as_str().unwrap());
    }
}

/// Decodes a text of one base64 word of RFC 2047. Other texts are returned unchanged.
fn decoded(text: &str) -> String {
    match text.strip_prefix("=?UTF-8?B?").and_then(|rest| rest.strip_suffix("?=")) {
        Some(word) => String::from_utf8(STANDARD.decode(word).unwrap()).unwrap(),
        None => text.to_owned(),
    }
}
