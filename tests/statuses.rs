//! One case for each row of the table of errors: the cause, the status, the cache time and the problem's type.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use axum::body::{Body, to_bytes};
use bucket::{S3Config, Transport};
use cdn_config::policy::Policy;
use http::Request;
use resize::edge::config::{Config, StoreConfig};
use resize::edge::http::app;
use resize::edge::render_service::RenderService;
use resize::edge::store::Store;
use serde_json::{Value, json};
use service::problem::{Kind, Problem};
use tintype::sign::link;
use tower::ServiceExt as _;

use crate::support::Running;
use crate::support::pictures::{jpeg, mislabelled_jpeg, quarters};

const HOUR: &str = "public, max-age=3600";
const MINUTE: &str = "public, max-age=60";
const SECOND: &str = "public, max-age=1";
const NEVER: &str = "no-store";

#[tokio::test]
async fn an_error_of_the_viewer_has_a_4xx_status_and_a_cache_time() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(64, 64))).await;
    let bomb = stack.upload("bomb.jpg", "image/jpeg", &mislabelled_jpeg(60_000, 60_000)).await;
    let broken = stack.upload("broken.jpg", "image/jpeg", &jpeg(&quarters(64, 64))[..30]).await;
    let expired = link::sign(
        &format!("{photo}?w=63"),
        Some("1000000000".parse().unwrap()),
        &Policy::built_in(),
        stack.data(),
        jiff::Timestamp::from_second(999_999_999).unwrap(),
    );
    let check = async |what: &str, method: &str, path: &str, status: u16, cached: &str, name: &str| {
        let got = stack.send(method, path, &[]).await;
        assert_eq!((got.status, got.header("cache-control")), (status, cached), "{what}");
        assert_eq!(got.header("content-type"), "application/problem+json", "{what}");
        assert_eq!(got.header("x-content-type-options"), "nosniff", "{what}");
        let problem = got.json();
        assert_eq!(problem["type"], format!("urn:problem-type:tintype:{name}"), "{what}");
        assert_eq!(problem["status"], status, "{what}");
    };
    check("malformed request", "GET", &format!("{photo}?w=x"), 400, HOUR, "bad-request").await;
    check("missing signature", "GET", &format!("{photo}?blur=5"), 403, MINUTE, "forbidden").await;
    check("bad signature", "GET", &format!("{photo}?w=64&s=x"), 403, MINUTE, "forbidden").await;
    check("private, unsigned", "GET", "/private/1/a.jpg", 403, "private, no-store", "forbidden").await;
    check("link expired", "GET", &expired.unwrap(), 410, HOUR, "expired").await;
    check("no such original", "GET", "/files/none.jpg", 404, SECOND, "not-found").await;
    check("no original of a variant", "GET", "/files/none.jpg?w=64", 404, SECOND, "not-found").await;
    check("no such path", "GET", "/files/a/fm=webp", 404, MINUTE, "not-found").await;
    check("method", "DELETE", &photo, 405, HOUR, "method-not-allowed").await;
    check("too large", "GET", &format!("{bomb}?w=64"), 400, HOUR, "too-large").await;
    check("not an image", "GET", &format!("{broken}?w=64"), 415, HOUR, "unreadable").await;
}

#[tokio::test]
async fn a_fault_of_the_service_has_a_5xx_status_and_is_not_cached() {
    let stack = Running::start().await;
    let photo = stack.store("photo.jpg", "image/jpeg", &jpeg(&quarters(64, 64))).await;
    let there = stack.stack.addresses.s3.clone();
    let config = || Config::of(&Policy::built_in());
    let check = async |what: &str, s3: &str, config: Config, status: u16, name: &str| {
        let (status_got, headers, problem) = ask(s3, config, &format!("{photo}/w=48,fm=png")).await;
        assert_eq!((status_got, headers["cache-control"].to_str().unwrap()), (status, NEVER), "{what}");
        assert_eq!(problem["type"], format!("urn:problem-type:tintype:{name}"), "{what}");
        headers
    };
    // Without slots and a queue, the service is busy for every request.
    let full = Config { slots: 0, queue: 0, queue_wait: Duration::ZERO, ..config() };
    let headers = check("no free slot", &there, full, 503, "busy").await;
    assert_eq!(headers["retry-after"], "1");
    check("storage unavailable", "http://127.0.0.1:9", config(), 503, "storage-unavailable").await;
    let late = Config { deadline: Duration::ZERO, ..config() };
    check("deadline", &there, late, 504, "deadline-exceeded").await;

    let bug = axum::response::IntoResponse::into_response(Problem::new(Kind::Internal, "it broke"));
    assert_eq!((bug.status().as_u16(), bug.headers()["cache-control"].to_str().unwrap()), (500, NEVER));
}

/// Sends a request to a new resize service over an S3 with a configuration. Returns status, headers and JSON body.
async fn ask(s3: &str, config: Config, path: &str) -> (u16, http::HeaderMap, Value) {
    let store = Store::new(&StoreConfig {
        s3: S3Config {
            endpoint: Some(s3.to_owned()),
            region: "us-east-1".to_owned(),
            credentials: Credentials::new("tintype", "tintype-local", None, None, "test"),
            transport: Transport::NETWORK,
        },
        originals: "tintype-originals".to_owned(),
        variants: Some("tintype-variants".to_owned()),
    });
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = app(Arc::new(RenderService::new(store, config))).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, serde_json::from_slice(&body).unwrap_or(json!(null)))
}
