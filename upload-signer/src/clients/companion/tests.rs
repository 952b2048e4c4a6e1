//! Tests of requests that need no S3. The end-to-end tests cover the others.

use axum::body::{Body, to_bytes};
use http::Request;
use tower::ServiceExt as _;

use super::*;
use crate::app::app;
use crate::callers::session::Session;
use crate::parts::store::MultipartStore;
use crate::test_api::{after, api, keys, session, store_at};

fn upload(owner: &str, lifetime: i64) -> String {
    upload_within(12_000_000, owner, lifetime)
}

/// The id of an upload with a size limit in bytes.
fn upload_within(max_bytes: u64, owner: &str, lifetime: i64) -> String {
    let upload = MultipartUpload {
        s3_id: "s3+id/é".to_owned(),
        key: contract::key::Key::parse("files/1/a.png").unwrap(),
        owner: if owner.is_empty() { String::new() } else { format!("session:{owner}") },
        max_bytes,
        media_type: "image/png".to_owned(),
        expires: after(lifetime),
    };
    upload.seal(&keys())
}

/// An S3 that stores parts of 5 bytes of every upload, with the numbers from 1.
async fn storage(parts: u32) -> MultipartStore {
    let part = |number| format!("<Part><PartNumber>{number}</PartNumber><ETag>e</ETag><Size>5</Size></Part>");
    let list: String = (1..=parts).map(part).collect();
    let list = format!("<ListPartsResult>{list}</ListPartsResult>");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(axum::routing::get(async || list));
    tokio::spawn(async move { axum::serve(listener, app).await });
    MultipartStore::new(&store_at(&endpoint))
}

async fn send(request: Request<Body>) -> (u16, http::HeaderMap, Value) {
    send_to(Api { multipart: storage(0).await, ..api() }, request).await
}

async fn send_to(api: Api, request: Request<Body>) -> (u16, http::HeaderMap, Value) {
    let response = app(api).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, serde_json::from_slice(&body).unwrap_or_default())
}

async fn get(path: &str) -> (u16, Value) {
    let (status, headers, body) = send(Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!(headers["cache-control"], "no-store");
    (status, body)
}

async fn check_refused(path: &str, status: u16, error: &str, message: &str) {
    let (given, body) = get(path).await;
    assert_eq!((given, body["error"].as_str()), (status, Some(error)), "{path}: {body}");
    assert!(body["message"].as_str().unwrap().contains(message), "{path}: {body}");
}

#[tokio::test]
async fn a_form_is_signed_for_name_type_and_metadata_in_the_query() {
    let path = "/s3/params?filename=a+%C3%A9.png&type=image%2Fpng&metadata%5Bname%5D=a+%C3%A9.png&metadata%5Brel%5D=null";
    let (status, body) = get(path).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["method"], "POST");
    assert_eq!(body["url"], "http://127.0.0.1:9/originals");
    assert_eq!(body["expires"], 900);
    assert!(body["fields"]["key"].as_str().unwrap().ends_with("/a-é.png"), "{body}");
    assert_eq!(body["fields"]["x-amz-meta-name"], "=?UTF-8?B?YSDDqS5wbmc=?=");
    assert_eq!(body["fields"].get("x-amz-meta-rel"), None);
}

#[tokio::test]
async fn only_parts_within_the_limit_are_signed() {
    let id = upload("", 1000);
    let (status, body) = get(&format!("/s3/multipart/{id}/3?key=files/1/a.png")).await;
    assert_eq!(status, 200, "{body}");
    let url = body["url"].as_str().unwrap();
    let expected =
        "http://127.0.0.1:9/originals/files/1/a.png?uploadId=s3%2Bid%2F%C3%A9&partNumber=3&X-Amz-Algorithm=";
    assert!(url.starts_with(expected), "{url}");
    assert_eq!(body["expires"], 900);
    for part in ["0", "4", "10001", "x"] {
        let path = format!("/s3/multipart/{id}/{part}?key=files/1/a.png");
        check_refused(&path, 400, "bad-request", "has the parts 1 to 3").await;
    }
    let (status, body) = get(&format!("/s3/multipart/{id}/batch?key=files/1/a.png&partNumbers=1,3")).await;
    assert_eq!(status, 200, "{body}");
    let names: Vec<_> = body["presignedUrls"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["1", "3"]);
    let path = format!("/s3/multipart/{id}/batch?key=files/1/a.png&partNumbers=1,4");
    check_refused(&path, 400, "bad-request", "has the parts 1 to 3").await;
}

#[tokio::test]
async fn a_hundred_parts_are_signed_before_they_are_sent() {
    let check = async |stored: u32, rest: &str, expected: u16| {
        let path = format!("/s3/multipart/{}/{rest}", upload_within(u64::MAX, "", 1000));
        let api = Api { multipart: storage(stored).await, ..api() };
        let (status, _, body) = send_to(api, Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(status, expected, "{stored} {rest}: {body}");
    };
    check(0, "100?key=files/1/a.png", 200).await;
    check(0, "101?key=files/1/a.png", 400).await;
    check(20, "120?key=files/1/a.png", 200).await;
    check(20, "121?key=files/1/a.png", 400).await;
    check(20, "batch?key=files/1/a.png&partNumbers=1,120", 200).await;
    check(20, "batch?key=files/1/a.png&partNumbers=121,1", 400).await;
}

#[tokio::test]
async fn no_url_outlives_its_upload() {
    let id = upload("", 100);
    let (_, body) = get(&format!("/s3/multipart/{id}/1?key=files/1/a.png")).await;
    assert_eq!(body["expires"], 100);
    assert!(body["url"].as_str().unwrap().contains("X-Amz-Expires=100&"), "{body}");
}

#[tokio::test]
async fn an_id_is_refused_for_another_key_owner_or_time() {
    let (alices, old) = (upload("alice", 1000), upload("", 0));
    let (alice, bob) = (session("alice", 500), session("bob", 500));
    let ok = format!("/u/{alice}/s3/multipart/{alices}/1?key=files/1/a.png");
    let (status, body) = get(&ok).await;
    assert_eq!((status, &body["expires"]), (200, &json!(500)), "{body}");

    let check = async |path: String, message: &str| check_refused(&path, 403, "forbidden", message).await;
    check(format!("/s3/multipart/{alices}/1?key=files/1/a.png"), "another owner's upload").await;
    check(format!("/u/{bob}/s3/multipart/{alices}/1?key=files/1/a.png"), "another owner's upload").await;
    check(format!("/u/{alice}/s3/multipart/{alices}/1?key=files/1/b.png"), "not the key").await;
    check(format!("/u/{alice}/s3/multipart/{alices}/1"), "not the key").await;
    check(format!("/s3/multipart/{old}/1?key=files/1/a.png"), "time for this upload has expired").await;
    check(format!("/s3/multipart/{old}?key=files/1/a.png"), "time for this upload has expired").await;
    check("/s3/multipart/x/1?key=files/1/a.png".to_owned(), "not an upload id").await;
    let past = session("alice", -61);
    check(format!("/u/{past}/s3/params?filename=a&type=image/png"), "session has expired").await;
    check_refused("/u/%ff/s3/params?filename=a&type=image/png", 400, "bad-request", "not UTF-8").await;
    check_refused("/s3/multipart/%ff/1?key=files/1/a.png", 400, "bad-request", "not UTF-8").await;
    check("/u/x/s3/params?filename=a&type=image/png".to_owned(), "session can't be read").await;
}

#[tokio::test]
async fn an_upload_outside_the_policy_is_answered_with_a_status_and_a_message() {
    check_refused(
        "/s3/params?filename=a&type=text/html",
        415,
        "unsupported-type",
        "text/html are not accepted",
    )
    .await;
    check_refused("/s3/params?type=image/png", 400, "bad-request", "filename: it is missing").await;
    let (status, _, body) = send(Request::put("/s3/params").body(Body::empty()).unwrap()).await;
    assert_eq!((status, body["error"].as_str()), (405, Some("method-not-allowed")));
    let session = Session {
        types: Some(vec![crate::signing::policy::TypePattern::parse("video/*").unwrap()]),
        ..Session::new("alice", after(500))
    };
    let path = format!("/u/{}/s3/params?filename=a&type=image/png", session.to_token(&keys()));
    check_refused(&path, 415, "unsupported-type", "image/png are not accepted").await;
}

#[tokio::test]
async fn a_storage_failure_is_answered_with_503() {
    let request = Request::post("/s3/multipart").header("content-type", "application/json");
    let request = request.body(Body::from(r#"{"filename":"a","type":"image/png"}"#));
    let (status, _, body) = send_to(api(), request.unwrap()).await;
    assert_eq!((status, body["message"].as_str()), (503, Some("the storage doesn't answer; try again")));
}

#[tokio::test]
async fn a_list_of_parts_that_isn_t_declared_as_json_is_refused() {
    let path = format!("/s3/multipart/{}/complete?key=files/1/a.png", upload("", 1000));
    let request = Request::post(path).header("content-type", "text/plain");
    let (status, _, body) = send(request.body(Body::from(r#"{"parts":[]}"#)).unwrap()).await;
    assert_eq!((status, body["error"].as_str()), (415, Some("unsupported-type")), "{body}");
}

#[tokio::test]
async fn only_allowed_origins_pass_the_preflight() {
    let preflight = async |origin: &str| {
        let request = Request::options("/s3/multipart")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type");
        let (_, headers, _) = send(request.body(Body::empty()).unwrap()).await;
        headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(preflight("https://app.example").await.as_deref(), Some("https://app.example"));
    assert_eq!(preflight("https://evil.example").await, None);
}
