//! Tests of the packaged Lambda functions. Each test unzips a program and starts it with a simulated Runtime API and the
//! local S3, then sends it events in AWS's format. `TINTYPE_PACKAGES` names the folder that `./package` has filled.
//! The tests are marked as ignored, because `cargo test` makes no packages; `./test` makes them and runs the tests.

mod events;

mod failures;

mod program;

mod runtime_api;

use aws_sdk_s3::primitives::ByteStream;
use contract::key::Key;
use image::{Rgba, RgbaImage};
use serde_json::{Value, json};
use tintype::local::names::{ORIGINALS, VARIANTS};

use crate::support::Running;
use crate::support::pictures::{decode, jpeg, png, quarters};
use events::{bridged, function_url, http_api, notified, queued};
use program::Program;
use runtime_api::Outcome;

/// The maximum length of a buffered response of Lambda, in bytes (Lambda's quotas, "invocation payload").
const BUFFERED_BYTES: usize = 6 * 1024 * 1024;

const ROLE: (&str, &str) = ("TINTYPE_MEDIACONVERT_ROLE", "arn:aws:iam::111122223333:role/transcode");

const BUCKETS: [(&str, &str); 2] =
    [("TINTYPE_ORIGINALS_BUCKET", ORIGINALS), ("TINTYPE_VARIANTS_BUCKET", VARIANTS)];

const SIGNER: [(&str, &str); 4] = [
    ("TINTYPE_ORIGINALS_BUCKET", ORIGINALS),
    ("TINTYPE_PUBLIC_URL", "https://cdn.example.com"),
    ("TINTYPE_SIGNER_SECRET", "0123456789abcdef0123456789abcdef"),
    ("TINTYPE_UPLOAD_OPEN", "yes"),
];

fn quartered(width: u32, height: u32) -> Vec<u8> {
    jpeg(&quarters(width, height))
}

/// A picture of random pixels, which no encoder compresses.
fn noise(side: u32) -> RgbaImage {
    let mut state = 1_u32;
    RgbaImage::from_fn(side, side, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [red, green, blue, _] = state.to_be_bytes();
        Rgba([red, green, blue, 255])
    })
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn the_resize_function_streams_variants_and_stores_those_that_are_dear() {
    let stack = Running::start().await;
    let path = stack.upload("café au lait.jpg", "image/jpeg", &quartered(3200, 2400)).await;
    let key = Key::from_path(&path).unwrap();
    let path = key.to_canonical_path();
    assert!(path.contains("caf~C3~A9"), "{path}");
    let program = Program::start("resize", &stack, &BUCKETS).await;

    let variant = format!("{path}/w=64,fm=auto.webp");
    let first = program.call(&function_url("GET", &variant, &[])).await.streamed();
    assert_eq!(first.status, 200, "{}", String::from_utf8_lossy(&first.body));
    assert_eq!(first.header("content-type"), "image/webp");
    assert_eq!(first.header("content-length"), first.body.len().to_string());
    let picture = decode(&first.body);
    assert_eq!(picture.dimensions(), (64, 48));
    assert_eq!(stack.stored_variants().await, Vec::<String>::new(), "a cheap variant");

    // The deployment counts variants by this log line (deploy/src/observability/metrics.ts).
    let made = program.logged("made");
    assert_eq!((&made["format"], &made["bytes"]), (&json!("webp"), &json!(first.body.len())), "{made}");
    assert_eq!(made["span"]["key"], key.as_str());

    let dear = format!("{path}/w=3200,fm=avif");
    let made_once = program.call(&function_url("GET", &dear, &[])).await.streamed();
    let stored = stack.stored_variants().await;
    assert!(
        matches!(&stored[..], [one] if one.ends_with("/w=3200,fm=avif") && one.contains("caf~C3~A9")),
        "{stored:?}"
    );
    let read = program.call(&function_url("GET", &dear, &[])).await.streamed();
    assert!(!read.header("server-timing").contains("decode"), "{}", read.header("server-timing"));
    assert_eq!((read.header("etag"), &read.body), (made_once.header("etag"), &made_once.body));

    // A streamed response without a byte hangs in a function URL, so every response is whole.
    let etag = first.header("etag").to_owned();
    for (method, headers) in [("GET", vec![("if-none-match", etag.as_str())]), ("HEAD", vec![])] {
        let whole = program.call(&function_url(method, &variant, &headers)).await.streamed();
        assert_eq!((whole.status, whole.header("etag")), (200, etag.as_str()), "{method}");
        assert_eq!(whole.body, first.body, "{method}");
    }

    for (path, status) in
        [("/files/none.jpg/w=64,fm=auto.webp", 404), ("/files/a.jpg", 404), ("/elsewhere", 404)]
    {
        let refused = program.call(&function_url("GET", path, &[])).await.streamed();
        assert_eq!(refused.status, status, "{path}");
        assert_eq!(refused.header("content-type"), "application/problem+json", "{path}");
    }
    let refused = program.call(&function_url("POST", &variant, &[])).await.streamed();
    assert_eq!(refused.status, 405);
    let missing =
        program.call(&function_url("HEAD", "/files/none.jpg/w=64,fm=auto.webp", &[])).await.streamed();
    assert_eq!(missing.status, 404);
    assert!(!missing.body.is_empty(), "a response without a byte");
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_variant_above_the_limit_of_buffered_responses_is_streamed() {
    let stack = Running::start().await;
    let path = stack.upload("noise.png", "image/png", &png(&noise(1600))).await;
    let program = Program::start("resize", &stack, &BUCKETS).await;
    let got = program.call(&function_url("GET", &format!("{path}/rot=90,fm=png"), &[])).await.streamed();
    assert_eq!(got.status, 200);
    assert!(got.body.len() > BUFFERED_BYTES, "{} bytes fit into a buffered response", got.body.len());
    assert_eq!(decode(&got.body).dimensions(), (1600, 1600));
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn the_signer_answers_requests_of_the_http_api() {
    let stack = Running::start().await;
    let program = Program::start("upload-signer", &stack, &SIGNER).await;
    let request = json!({ "filename": "cat.jpg", "type": "image/jpeg" }).to_string();
    let json_type = [("content-type", "application/json")];

    let signed = program.call(&http_api("POST", "/uploads", "", &json_type, &request)).await.buffered();
    assert_eq!(signed["statusCode"], 201, "{signed}");
    let grant: Value = serde_json::from_str(signed["body"].as_str().unwrap()).unwrap();
    assert!(grant["publicUrl"].as_str().unwrap().starts_with("https://cdn.example.com/files/"));
    // The grant is valid: S3 accepts the file, and the finaliser tags it clean.
    assert_eq!(stack.post(&grant, &quartered(40, 30)).await.0, 204);
    assert_eq!(stack.settled(&grant).await["state"], "clean");

    let id = grant["id"].as_str().unwrap();
    let state = program.call(&http_api("GET", &format!("/uploads/{id}"), "", &[], "")).await.buffered();
    let state: Value = serde_json::from_str(state["body"].as_str().unwrap()).unwrap();
    assert_eq!((&state["state"], &state["width"]), (&json!("clean"), &json!(40)));

    let query = "filename=a%20b.jpg&type=image%2Fjpeg";
    let params = program.call(&http_api("GET", "/s3/params", query, &[], "")).await.buffered();
    let params: Value = serde_json::from_str(params["body"].as_str().unwrap()).unwrap();
    assert!(params["fields"]["key"].as_str().unwrap().ends_with("/a-b.jpg"), "{params}");

    let refused = program.call(&http_api("POST", "/uploads", "", &json_type, "{")).await.buffered();
    assert_eq!(refused["statusCode"], 400, "{refused}");
    assert!(!program.log().contains("X-Amz-Signature"), "a signature is in the log");
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn the_finaliser_lists_the_messages_that_failed() {
    let stack = Running::start().await;
    let program =
        Program::start("upload-finalizer", &stack, &[("TINTYPE_ORIGINALS_BUCKET", ORIGINALS)]).await;
    let path = stack.upload("cat.jpg", "image/jpeg", &quartered(40, 30)).await;
    let key = &path[1..];

    let good = bridged(ORIGINALS, key).to_string();
    let foreign = bridged("elsewhere", key).to_string();
    let batch = queued(&[("good", &good), ("broken", "{"), ("foreign", &foreign)]);
    let answer = program.call(&batch).await.buffered();
    let failures = json!([{ "itemIdentifier": "broken" }, { "itemIdentifier": "foreign" }]);
    assert_eq!(answer, json!({ "batchItemFailures": failures }));

    for event in [bridged(ORIGINALS, key), notified(ORIGINALS, key)] {
        assert_eq!(program.call(&event).await.buffered(), json!({ "batchItemFailures": [] }));
    }
    let Outcome::Error(error) = program.call(&bridged("elsewhere", key)).await else {
        panic!("an event of another bucket is accepted")
    };
    assert!(error["errorMessage"].as_str().unwrap().contains("elsewhere"), "{error}");
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn the_trigger_reads_its_events() {
    let stack = Running::start().await;
    let put = stack.s3().put_object().bucket(ORIGINALS).key("files/1/notes.txt");
    put.body(ByteStream::from_static(b"no video")).send().await.unwrap();
    let variables = [("TINTYPE_ORIGINALS_BUCKET", ORIGINALS), ROLE];
    let program = Program::start("transcode-trigger", &stack, &variables).await;
    let batch = queued(&[("note", &bridged(ORIGINALS, "files/1/notes.txt").to_string()), ("broken", "{")]);
    let answer = program.call(&batch).await.buffered();
    assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "broken" }] }));
}
