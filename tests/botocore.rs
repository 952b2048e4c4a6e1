//! Compares presigned requests with botocore's, byte for byte. Needs botocore 1.36 or later in the Python of
//! `TINTYPE_PYTHON`, or in `python3`.

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

use cases::{SignedRequest, SigningCase, SigningContext, part, post, put};

mod cases;

/// The same values as in `botocore_vectors.py`.
const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The header of every upload, whose key is written only once.
const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// The tags of every upload, as a form field and as a header.
const TAGGING: &str = "<Tagging><TagSet><Tag><Key>state</Key><Value>pending</Value></Tag></TagSet></Tagging>";
const TAGS: &str = "state=pending";

const CASES: usize = 150;

#[test]
fn presigned_requests_equal_those_of_botocore() {
    let mut runner = TestRunner::deterministic();
    let mut draw = |strategy: &BoxedStrategy<SigningCase>| strategy.new_tree(&mut runner).unwrap().current();
    let (post, put, part) = (post().boxed(), put().boxed(), part().boxed());
    let cases: Vec<SigningCase> = (0..CASES).flat_map(|_| [draw(&post), draw(&put), draw(&part)]).collect();
    for (case, theirs) in cases.iter().zip(botocore(&cases)) {
        assert_eq!(ours(case), theirs, "{case:?}");
    }
}

#[test]
fn the_uploads_of_the_signer_equal_those_of_botocore() {
    let mut runner = TestRunner::deterministic();
    let strategy = put().boxed();
    let drawn: Vec<SigningCase> =
        (0..CASES).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    let signed: Vec<(SigningCase, PresignedUpload)> = drawn
        .iter()
        .flat_map(|case| [sign_with_signer(case, "POST"), sign_with_signer(case, "PUT")])
        .collect();
    let cases: Vec<SigningCase> = signed.iter().map(|(case, _)| case.clone()).collect();
    for ((case, upload), theirs) in signed.into_iter().zip(botocore(&cases)) {
        let fields = match upload.values {
            SignedValues::Fields(pairs) => pairs.0,
            SignedValues::Headers(_) => Vec::new(),
        };
        assert_eq!(SignedRequest { url: upload.url, fields }, theirs, "{case:?}");
    }
}

/// Signs a case with the low-level functions, which accept any key.
fn ours(case: &SigningCase) -> SignedRequest {
    let (SigningCase::Post { context, .. }
    | SigningCase::Put { context, .. }
    | SigningCase::Part { context, .. }) = case;
    let (bucket, credentials) = (bucket_endpoint(context), credentials(context));
    let now = Timestamp::from_second(context.now).unwrap();
    let scope = Scope { credentials: &credentials, region: bucket.region(), now };
    let expires = Timestamp::from_second(context.now + i64::from(context.lifetime)).unwrap();
    match case {
        SigningCase::Post { key, fields, range, .. } => {
            let bytes = &(range.0..=range.1);
            let policy = PostPolicy { bucket: bucket.name(), key, fields, bytes, expires };
            SignedRequest { url: bucket.url().to_owned(), fields: policy.sign(&scope).unwrap() }
        }
        SigningCase::Put { key, r#type, size, sha256, metadata, .. } => {
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
            let url = presigned_put(&bucket.object_url(key), &headers, expires, &scope).unwrap();
            SignedRequest { url, fields: Vec::new() }
        }
        SigningCase::Part { key, upload_id, number, .. } => {
            let url = presigned_part(&bucket.object_url(key), upload_id, *number, expires, &scope).unwrap();
            SignedRequest { url, fields: Vec::new() }
        }
    }
}

/// Sends a case as a JSON body to the whole signer. Returns the upload, and the same case with the key that the signer
/// chose.
fn sign_with_signer(drawn: &SigningCase, method: &str) -> (SigningCase, PresignedUpload) {
    let SigningCase::Put { context, key: filename, r#type, size, sha256, metadata } = drawn else { panic!() };
    let body = json!({
        // The signer would keep only the last segment of a path.
        "filename": filename.replace('/', "-"), "type": r#type, "size": size, "sha256": sha256, "method": method,
        "metadata": metadata.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
    });
    let now = "2026-11-22T03:04:05Z".parse::<Timestamp>().unwrap();
    let context = SigningContext { now: now.as_second(), ..context.clone() };
    let signer = Signer {
        policy: UploadPolicy {
            max_bytes: u64::MAX,
            lifetime: Duration::from_secs(u64::from(context.lifetime)),
            ..UploadPolicy::default()
        },
        clock: || "2026-11-22T03:04:05.678Z".parse().unwrap(),
        ..Signer::new(bucket_endpoint(&context), credentials(&context), "https://cdn.example.com")
    };
    let PresignedUploads::One(upload) = signer.sign_body(body.to_string().as_bytes()).unwrap() else {
        panic!()
    };
    let (key, metadata) = (upload.key.clone(), metadata.clone());
    let case = match &upload.values {
        SignedValues::Headers(_) => SigningCase::Put {
            context,
            key,
            r#type: r#type.clone(),
            size: *size,
            sha256: sha256.clone(),
            metadata,
        },
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
            SigningCase::Post { context, key, fields, range: (*size, *size) }
        }
    };
    (case, *upload)
}

/// The requests as botocore signs them, all in one run of Python.
fn botocore(cases: &[SigningCase]) -> Vec<SignedRequest> {
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut child = Command::new(&python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/botocore_vectors.py"))
        // The AWS configuration of this machine must have no effect.
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
        .env_remove("AWS_PROFILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{python} can't be started (set TINTYPE_PYTHON to another Python): {error}")
        });
    let lines: String = cases.iter().map(|case| serde_json::to_string(case).unwrap() + "\n").collect();
    // A script that fails early closes its input. Its standard error has the reason.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "botocore didn't answer. It is needed for this test, in version 1.36 or later: \
         `pip install botocore`, or set TINTYPE_PYTHON to a Python that has it.\n{stderr}"
    );
    let answers: Vec<SignedRequest> = output
        .stdout
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(answers.len(), cases.len());
    answers
}

fn bucket_endpoint(context: &SigningContext) -> BucketEndpoint {
    match context.endpoint {
        Some(endpoint) => BucketEndpoint::at_endpoint(context.bucket, context.region, endpoint).unwrap(),
        None => BucketEndpoint::regional(context.bucket, context.region).unwrap(),
    }
}

fn credentials(context: &SigningContext) -> Credentials {
    Credentials::new(ACCESS_KEY_ID, SECRET, context.token.clone(), None, "test")
}
