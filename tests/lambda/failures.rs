//! Failures of the packaged functions, and their reports to Lambda, to the client and in the log.

use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;

use super::events::{bridged, function_url, http_api, queued};
use super::program::{End, Program};
use super::runtime_api::Outcome;
use super::{BUCKETS, ROLE, SIGNER};
use crate::support::Running;

/// The longest body of a request to `/uploads` that the signer accepts (`MAX_BODY_BYTES` in its handler).
const SIGNER_BODY_BYTES: usize = 64 * 1024;

/// An address at which nothing listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Additional environment variables of a program: names and values.
type Variables = [(&'static str, &'static str)];

/// `true` if the log has a line of this level that contains this text.
fn has_line(log: &str, level: &str, text: &str) -> bool {
    let mut lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap_or(Value::Null));
    lines.any(|line| line["level"] == level && line.to_string().contains(text))
}

/// Checks that the function ends at once, and that Lambda and the log get the reason `why`.
async fn check_start(name: &str, stack: &Running, variables: &Variables, why: &str) {
    let End { status, reported, log } = Program::end_of(name, stack, variables).await;
    assert_eq!(status.code(), Some(1), "{name} started with {variables:?}");
    let reported = reported.unwrap_or_else(|| panic!("{name} sends Lambda no reason: {log}"));
    assert_eq!(reported["errorType"], "Runtime.InitError", "{name}");
    assert!(reported["errorMessage"].as_str().unwrap().contains(why), "{name}: {reported}");
    assert!(has_line(&log, "ERROR", why), "{name}: {log}");
    assert_eq!(log.lines().count(), 1, "{name} logs more than one line: {log}");
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_function_without_its_variables_reports_the_missing_one() {
    let stack = Running::start().await;
    for name in ["resize", "variant-upkeep", "upload-signer", "upload-finalizer", "transcode-trigger"] {
        let why = "the environment variable TINTYPE_ORIGINALS_BUCKET must be set";
        check_start(name, &stack, &[], why).await;
    }
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_function_with_an_invalid_variable_reports_the_mistake() {
    let stack = Running::start().await;
    let arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:Signer-AbCdEf";
    let cases: [(&str, &Variables, &Variables, &str); 6] = [
        ("resize", &BUCKETS, &[("TINTYPE_JPEG_DECODER", "zune")], "'zune' is neither own nor libjpeg-turbo"),
        ("upload-signer", &SIGNER, &[("TINTYPE_UPLOAD_OPEN", "no")], "no caller could upload"),
        ("upload-signer", &SIGNER, &[("TINTYPE_SIGNER_SECRET", "short")], "TINTYPE_SIGNER_SECRET"),
        (
            "upload-signer",
            &SIGNER,
            &[("TINTYPE_SIGNER_SECRET", arn), ("TINTYPE_SECRETS_ENDPOINT", NOWHERE)],
            "secret:Signer-AbCdEf can't be read",
        ),
        (
            "upload-finalizer",
            &BUCKETS,
            &[("TINTYPE_UPLOAD_MAX_BYTES", "0")],
            "TINTYPE_UPLOAD_MAX_BYTES: '0' is not a whole number",
        ),
        ("transcode-trigger", &BUCKETS, &[ROLE, ("TINTYPE_VIDEO_INPUTS", "videos/")], "TINTYPE_VIDEO_INPUTS"),
    ];
    for (name, good, wrong, why) in cases {
        check_start(name, &stack, &[good, wrong].concat(), why).await;
    }
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_viewer_gets_503_if_s3_does_not_answer() {
    let stack = Running::start().await;
    let variables = [&BUCKETS[..], &[("TINTYPE_S3_ENDPOINT", NOWHERE)]].concat();
    let program = Program::start("resize", &stack, &variables).await;
    let path = "/files/0190163d-8694-739b-aea5-966c26f8ad91/cat.jpg/w=64,fm=webp";
    let answer = program.call(&function_url("GET", path, &[])).await.streamed();
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let problem: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(problem["detail"], "the storage doesn't answer; try again");
    assert!(has_line(&program.log(), "ERROR", "storage"), "{}", program.log());
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn an_event_fails_and_is_delivered_again_if_s3_does_not_answer() {
    let stack = Running::start().await;
    let event = bridged(ORIGINALS, "files/0190163d-8694-739b-aea5-966c26f8ad91/cat.mp4");
    for name in ["upload-finalizer", "variant-upkeep", "transcode-trigger"] {
        let variables = [&BUCKETS[..], &[ROLE, ("TINTYPE_S3_ENDPOINT", NOWHERE)]].concat();
        let program = Program::start(name, &stack, &variables).await;
        let answer = program.call(&queued(&[("one", &event.to_string())])).await.buffered();
        assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "one" }] }), "{name}");
        assert!(has_line(&program.log(), "ERROR", "Connection refused"), "{name}: {}", program.log());
        // Without a queue the call fails, and Lambda repeats it.
        let Outcome::Error(error) = program.call(&event).await else { panic!("{name} reports success") };
        assert!(!error["errorMessage"].as_str().unwrap().is_empty(), "{name}: {error}");
    }
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn an_event_that_is_not_an_http_request_is_an_error_and_the_function_continues() {
    let stack = Running::start().await;
    for (name, variables, good) in [
        ("resize", &BUCKETS[..], function_url("GET", "/elsewhere", &[])),
        ("upload-signer", &SIGNER[..], http_api("GET", "/elsewhere", "", &[], "")),
    ] {
        let program = Program::start(name, &stack, variables).await;
        let Outcome::Error(error) = program.call(&json!({ "hello": "world" })).await else {
            panic!("{name} answers an event that is not a request")
        };
        assert!(!error["errorMessage"].as_str().unwrap().is_empty(), "{name}: {error}");
        assert!(!matches!(program.call(&good).await, Outcome::Error(_)), "{name} is broken by the event");
    }
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_body_at_the_limit_of_the_signer_is_accepted_and_a_longer_one_is_not() {
    let stack = Running::start().await;
    let program = Program::start("upload-signer", &stack, &SIGNER).await;
    let json_type = [("content-type", "application/json")];
    let check = async |bytes: usize, expected: u16| {
        let request = json!({ "filename": "cat.jpg", "type": "image/jpeg" }).to_string();
        let padded = format!("{request}{}", " ".repeat(bytes - request.len()));
        let answer = program.call(&http_api("POST", "/uploads", "", &json_type, &padded)).await.buffered();
        assert_eq!(answer["statusCode"], expected, "{bytes} bytes: {answer}");
    };
    check(SIGNER_BODY_BYTES, 201).await;
    check(SIGNER_BODY_BYTES + 1, 413).await;
    // Far above the limit, and below the limit of API Gateway.
    check(5 * 1024 * 1024, 413).await;
}
