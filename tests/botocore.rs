//! Presigned requests are botocore's, byte for byte, for the same inputs. Needs a Python with botocore 1.36 or
//! later: the one that `TINTYPE_PYTHON` names, else `python3`.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use aws_credential_types::Credentials;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;
use upload_signer::parts::part_url::presigned_part;
use upload_signer::signing::bucket_endpoint::BucketEndpoint;
use upload_signer::signing::policy::UploadPolicy;
use upload_signer::signing::post_policy::PostPolicy;
use upload_signer::signing::presigned_put::presigned_put;
use upload_signer::signing::presigned_upload::{PresignedUpload, PresignedUploads, SignedValues};
use upload_signer::signing::signer::Signer;
use upload_signer::signing::sigv4::Scope;

use asked::{Asked, Place, Signed, part, post, put};

mod asked;

/// As in `botocore_vectors.py`.
const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// What every upload is stored with: its key is never written twice.
const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// What every upload is born with, in a form and in a header.
const TAGGING: &str = "<Tagging><TagSet><Tag><Key>state</Key><Value>pending</Value></Tag></TagSet></Tagging>";
const TAGS: &str = "state=pending";

const CASES: usize = 150;

#[test]
fn presigned_requests_are_those_of_botocore() {
    let mut runner = TestRunner::deterministic();
    let mut draw = |strategy: &BoxedStrategy<Asked>| strategy.new_tree(&mut runner).unwrap().current();
    let (post, put, part) = (post().boxed(), put().boxed(), part().boxed());
    let asked: Vec<Asked> = (0..CASES).flat_map(|_| [draw(&post), draw(&put), draw(&part)]).collect();
    for (asked, theirs) in asked.iter().zip(botocore(&asked)) {
        assert_eq!(ours(asked), theirs, "{asked:?}");
    }
}

#[test]
fn what_the_signer_answers_is_what_botocore_signs() {
    let mut runner = TestRunner::deterministic();
    let strategy = put().boxed();
    let drawn: Vec<Asked> = (0..CASES).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    let answered: Vec<(Asked, PresignedUpload)> =
        drawn.iter().flat_map(|asked| [whole(asked, "POST"), whole(asked, "PUT")]).collect();
    let asked: Vec<Asked> = answered.iter().map(|(asked, _)| asked.clone()).collect();
    for ((asked, upload), theirs) in answered.into_iter().zip(botocore(&asked)) {
        let fields = match upload.values {
            SignedValues::Fields(pairs) => pairs.0,
            SignedValues::Headers(_) => Vec::new(),
        };
        assert_eq!(Signed { url: upload.url, fields }, theirs, "{asked:?}");
    }
}

/// The low-level functions, with any key.
fn ours(asked: &Asked) -> Signed {
    let (Asked::Post { place, .. } | Asked::Put { place, .. } | Asked::Part { place, .. }) = asked;
    let (target, credentials) = (target(place), credentials(place));
    let now = Timestamp::from_second(place.now).unwrap();
    let scope = Scope { credentials: &credentials, region: target.region(), now };
    let expires = Timestamp::from_second(place.now + i64::from(place.lifetime)).unwrap();
    match asked {
        Asked::Post { key, fields, range, .. } => {
            let bytes = &(range.0..=range.1);
            let policy = PostPolicy { bucket: target.name(), key, fields, bytes, expires };
            Signed { url: target.url().to_owned(), fields: policy.sign(&scope).unwrap() }
        }
        Asked::Put { key, r#type, size, sha256, metadata, .. } => {
            let mut headers = vec![
                ("content-length".to_owned(), size.to_string()),
                ("content-type".to_owned(), r#type.clone()),
                ("cache-control".to_owned(), CACHE_CONTROL.to_owned()),
                ("if-none-match".to_owned(), "*".to_owned()),
                ("x-amz-tagging".to_owned(), TAGS.to_owned()),
            ];
            headers.extend(sha256.clone().map(|value| ("x-amz-checksum-sha256".to_owned(), value)));
            headers
                .extend(metadata.iter().map(|(name, value)| (format!("x-amz-meta-{name}"), value.clone())));
            let url = presigned_put(&target.object_url(key), &headers, expires, &scope).unwrap();
            Signed { url, fields: Vec::new() }
        }
        Asked::Part { key, upload_id, number, .. } => {
            let url = presigned_part(&target.object_url(key), upload_id, *number, expires, &scope).unwrap();
            Signed { url, fields: Vec::new() }
        }
    }
}

/// The whole signer, asked for a file by a JSON body; and what that asks of botocore, with the signer's key.
fn whole(drawn: &Asked, method: &str) -> (Asked, PresignedUpload) {
    let Asked::Put { place, key: filename, r#type, size, sha256, metadata } = drawn else { panic!() };
    let body = json!({
        // Only the last part of a path is kept, and there would be little of it.
        "filename": filename.replace('/', "-"), "type": r#type, "size": size, "sha256": sha256, "method": method,
        "metadata": metadata.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
    });
    let now = "2026-11-22T03:04:05Z".parse::<Timestamp>().unwrap();
    let place = Place { now: now.as_second(), ..place.clone() };
    let signer = Signer {
        policy: UploadPolicy {
            max_bytes: u64::MAX,
            lifetime: Duration::from_secs(u64::from(place.lifetime)),
            ..UploadPolicy::default()
        },
        clock: || "2026-11-22T03:04:05.678Z".parse().unwrap(),
        ..Signer::new(target(&place), credentials(&place), "https://cdn.example.com")
    };
    let PresignedUploads::One(upload) = signer.sign_body(body.to_string().as_bytes()).unwrap() else {
        panic!()
    };
    let (key, metadata) = (upload.key.clone(), metadata.clone());
    let asked = match &upload.values {
        SignedValues::Headers(_) => {
            Asked::Put { place, key, r#type: r#type.clone(), size: *size, sha256: sha256.clone(), metadata }
        }
        SignedValues::Fields(_) => {
            let mut fields = vec![
                ("Content-Type".to_owned(), r#type.clone()),
                ("Cache-Control".to_owned(), CACHE_CONTROL.to_owned()),
                ("tagging".to_owned(), TAGGING.to_owned()),
            ];
            if let Some(value) = sha256 {
                fields.push(("x-amz-checksum-algorithm".to_owned(), "SHA256".to_owned()));
                fields.push(("x-amz-checksum-sha256".to_owned(), value.clone()));
            }
            fields.extend(metadata.into_iter().map(|(name, value)| (format!("x-amz-meta-{name}"), value)));
            Asked::Post { place, key, fields, range: (*size, *size) }
        }
    };
    (asked, *upload)
}

/// Botocore's answers, from one Python for all.
fn botocore(asked: &[Asked]) -> Vec<Signed> {
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut child = Command::new(&python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/botocore_vectors.py"))
        // Nothing of the machine's own AWS configuration may have a say.
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
        .env_remove("AWS_PROFILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{python} can't be started (TINTYPE_PYTHON names another): {error}"));
    let lines: String = asked.iter().map(|asked| serde_json::to_string(asked).unwrap() + "\n").collect();
    // A script that fails early closes its input; what it wrote says more than that.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "botocore didn't answer. It is needed for this test, in version 1.36 or later: \
         `pip install botocore`, or name a Python that has it by TINTYPE_PYTHON.\n{complaint}"
    );
    let answers: Vec<Signed> = output
        .stdout
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(answers.len(), asked.len());
    answers
}

fn target(place: &Place) -> BucketEndpoint {
    match place.endpoint {
        Some(endpoint) => BucketEndpoint::at_endpoint(place.bucket, place.region, endpoint).unwrap(),
        None => BucketEndpoint::regional(place.bucket, place.region).unwrap(),
    }
}

fn credentials(place: &Place) -> Credentials {
    Credentials::new(ACCESS_KEY_ID, SECRET, place.token.clone(), None, "test")
}
