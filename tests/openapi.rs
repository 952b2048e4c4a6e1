//! The signer's answers and `docs/openapi.json`. Needs Python with the packages of `requirements.txt`, which `./test` installs.
//!
//! `openapi/answers.py` sends good and bad requests to every operation and checks status, headers and body of each answer
//! against the document. `openapi/generated.py` does the same with requests that Schemathesis makes of the document.

use std::process::Command;
use std::time::Duration;

use jiff::Timestamp;
use tintype::secrets;
use upload_signer::callers::session::Session;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

/// Runs a script against a running stack.
async fn run(stack: &Running, script: &str, variables: &[(&str, String)]) {
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(&python);
    command
        .args(["-B", script])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi"))
        .env("EDGE", stack.edge())
        .env("S3", &stack.stack.addresses.s3)
        .envs(variables.iter().map(|(name, value)| (name, value.as_str())));
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output =
        output.unwrap_or_else(|error| panic!("{python} can't be started: {error}; ./test installs it"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}:\n{out}\n{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_the_document_says() {
    let stack = Running::with_library().await;
    let keys = secrets::open(stack.data()).unwrap().sessions;
    let session = Session {
        max_bytes: Some(1000),
        ..Session::new("alice", Timestamp::now() + Duration::from_hours(1))
    };
    let picture = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(picture.path(), jpeg(&quarters(64, 48))).unwrap();
    let variables =
        [("SESSION", session.to_token(&keys)), ("PICTURE", picture.path().to_string_lossy().into_owned())];
    run(&stack, "answers.py", &variables).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_requests_are_answered_as_the_document_says() {
    let stack = Running::with_library().await;
    run(&stack, "generated.py", &[]).await;
}
