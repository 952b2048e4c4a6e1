use aws_credential_types::Credentials;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt as _;

use super::*;
use crate::signing::bucket_endpoint::BucketEndpoint;
use crate::signing::policy::UploadPolicy;
use crate::signing::signer::Signer;
use crate::test_api::api;

const FILE: &str = r#"{"filename":"cat.png","type":"image/png"}"#;

fn signer() -> Signer {
    let target = BucketEndpoint::at_endpoint("originals", "us-east-1", "http://127.0.0.1:9000").unwrap();
    let credentials = Credentials::new("AK", "SK", None, None, "test");
    Signer {
        policy: UploadPolicy { max_bytes: 1000, max_files: 2, ..UploadPolicy::default() },
        clock: || "2026-01-02T03:04:05Z".parse().unwrap(),
        ..Signer::new(target, credentials, "https://cdn.example.com")
    }
}

async fn send(signer: Signer, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let response = app(Api { signer, ..api() }).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    assert_eq!(parts.headers["cache-control"], "no-store");
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, serde_json::from_slice(&body).unwrap())
}

fn post(body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/uploads").header("content-type", "application/json");
    request.body(body.into()).unwrap()
}

async fn check_refused(request: Request<Body>, status: u16, parameter: Option<&str>) -> Value {
    let (given, headers, body) = send(signer(), request).await;
    assert_eq!(given, status, "{body}");
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(body.get("parameter").and_then(Value::as_str), parameter, "{body}");
    body
}

#[tokio::test]
async fn a_request_for_a_file_is_answered_with_201_and_a_form() {
    let (status, headers, body) = send(signer(), post(FILE)).await;
    assert_eq!(status, 201);
    assert_eq!(headers["content-type"], "application/json");
    let key = body["key"].as_str().unwrap();
    let id = body["id"].as_str().unwrap();
    assert_eq!(key, format!("files/{id}/cat.png"));
    assert_eq!(body["fields"]["key"], key);
    assert_eq!(body["fields"]["Content-Type"], "image/png");
    assert_eq!(body["method"], "POST");
    assert_eq!(body["url"], "http://127.0.0.1:9000/originals");
    assert_eq!(body["expires"], "2026-01-02T03:19:05Z");
    assert_eq!(body["maxSize"], 1000);
    assert_eq!(body["publicUrl"], format!("https://cdn.example.com/{key}"));
}

#[tokio::test]
async fn a_batch_is_answered_with_a_list() {
    let (status, _, body) = send(signer(), post(format!(r#"{{"files":[{FILE},{FILE}]}}"#))).await;
    assert_eq!(status, 201);
    assert_eq!(body["uploads"].as_array().unwrap().len(), 2);
    assert_ne!(body["uploads"][0]["key"], body["uploads"][1]["key"]);
}

#[tokio::test]
async fn bad_input_is_answered_with_a_status_and_the_name_of_the_field() {
    let with = |field: &str| post(format!(r#"{{"filename":"a","type":"image/png",{field}}}"#));
    check_refused(post("{"), 400, None).await;
    check_refused(post("[]"), 400, None).await;
    check_refused(post(r#"{"type":"image/png"}"#), 400, Some("filename")).await;
    check_refused(post(r#"{"filename":"a"}"#), 400, Some("type")).await;
    check_refused(with(r#""size":"5""#), 400, Some("size")).await;
    check_refused(with(r#""siez":5"#), 400, Some("siez")).await;
    check_refused(with(r#""method":"PUT""#), 400, Some("size")).await;
    check_refused(with(r#""metadata":{"a":"é"}"#), 400, Some("metadata.a")).await;
    check_refused(post(format!(r#"{{"files":[{FILE},{FILE},{FILE}]}}"#)), 400, Some("files")).await;
    check_refused(post(format!(r#"{{"files":[{FILE},{{}}]}}"#)), 400, Some("files[1].filename")).await;

    let body = check_refused(with(r#""size":1001"#), 413, Some("size")).await;
    assert_eq!(body["detail"], "the file has 1001 bytes, at most 1000 are allowed");
    let body = check_refused(post(r#"{"filename":"a","type":"text/html"}"#), 415, Some("type")).await;
    assert!(body["allowed"].as_array().unwrap().contains(&Value::from("image/png")), "{body}");
}

#[tokio::test]
async fn a_body_of_64_kib_is_accepted_and_one_byte_more_is_not() {
    let padded = |bytes: usize| post(format!("{FILE}{}", " ".repeat(bytes - FILE.len())));
    assert_eq!(send(signer(), padded(MAX_BODY_BYTES)).await.0, 201);
    check_refused(padded(MAX_BODY_BYTES + 1), 413, None).await;
}

#[tokio::test]
async fn only_json_by_post_at_the_right_path_is_accepted() {
    let typed = |content_type: &str| {
        Request::post("/uploads").header("content-type", content_type).body(Body::from(FILE)).unwrap()
    };
    assert_eq!(send(signer(), typed("Application/JSON; charset=utf-8")).await.0, 201);
    check_refused(typed("text/plain"), 415, None).await;
    check_refused(Request::post("/uploads").body(Body::from(FILE)).unwrap(), 415, None).await;
    check_refused(Request::post("/upload").body(Body::empty()).unwrap(), 404, None).await;
    for method in ["GET", "PUT", "DELETE"] {
        let request = Request::builder().method(method).uri("/uploads").body(Body::empty()).unwrap();
        let (status, headers, _) = send(signer(), request).await;
        assert_eq!(status, 405, "{method}");
        assert_eq!(headers["allow"], "POST");
    }
}

#[tokio::test]
async fn a_refused_method_is_answered_with_the_methods_of_the_path() {
    for (path, methods) in [
        ("/uploads", "POST"),
        ("/uploads/0190163d-8694-739b-aea5-966c26f8ad91", "GET,HEAD"),
        ("/signed-urls", "POST"),
        ("/s3/params", "GET,HEAD"),
        ("/s3/multipart", "POST"),
        ("/s3/multipart/id", "GET,HEAD,DELETE"),
        ("/s3/multipart/id/1", "GET,HEAD"),
        ("/s3/multipart/id/batch", "GET,HEAD"),
        ("/s3/multipart/id/complete", "POST"),
        ("/clients/webiny", "POST"),
        ("/clients/better-upload", "POST"),
        ("/clients/react-s3-uploader", "GET,HEAD"),
    ] {
        for path in [path.to_owned(), format!("/u/session{path}")] {
            let request = Request::builder().method("PATCH").uri(&path).body(Body::empty()).unwrap();
            let response = app(api()).oneshot(request).await.unwrap();
            assert_eq!(response.status(), 405, "{path}");
            let allowed = response.headers()["allow"].to_str().unwrap().replace(' ', "");
            assert_eq!(allowed, methods, "{path}");
        }
    }
}

#[tokio::test]
async fn an_internal_error_hides_its_cause() {
    let mut expired = signer();
    *expired.credentials.expiry_mut() = Some(std::time::SystemTime::UNIX_EPOCH);
    let (status, _, body) = send(expired, post(FILE)).await;
    assert_eq!(status, 500);
    assert_eq!(body["detail"], "the upload can't be signed at the moment");
}
