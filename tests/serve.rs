//! The resize service over HTTP and another S3, without the emulated edge.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::{Router, body};
use bucket::S3Config;
use cdn_config::policy::Policy;
use contract::link::sign;
use contract::signing_keys::SigningKeys;
use resize::edge::config::StoreConfig;
use tintype::local::names::{ORIGINALS, VARIANTS};
use tintype::serve::app::{ServerConfig, app};
use tower::ServiceExt as _;

use crate::support::pictures::{decode, jpeg, quarters};
use crate::support::{Running, owner};

/// A server over a stack's S3, with a variants bucket or without one.
fn server(stack: &Running, variants: Option<&str>, link_keys: Option<SigningKeys>) -> Router {
    let store = StoreConfig {
        s3: S3Config {
            endpoint: Some(stack.stack.addresses.s3.clone()),
            region: "us-east-1".to_owned(),
            credentials: owner(),
        },
        originals: ORIGINALS.to_owned(),
        variants: variants.map(str::to_owned),
    };
    app(ServerConfig { store, policy: Policy::built_in(), link_keys }).unwrap()
}

async fn ask(server: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn bytes(response: Response) -> Vec<u8> {
    body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn a_server_without_the_edge_serves_variants_and_originals() {
    let stack = Running::start().await;
    let original = jpeg(&quarters(400, 300));
    let path = stack.upload("cat.jpg", "image/jpeg", &original).await;
    for variants in [Some(VARIANTS), None] {
        let server = server(&stack, variants, None);
        let webp = [("accept", "image/webp,*/*")];
        let response = ask(&server, "GET", &format!("{path}?w=64"), &webp).await;
        assert_eq!(response.status(), 200);
        assert_eq!((header(&response, "content-type"), header(&response, "vary")), ("image/webp", "Accept"));
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert!(header(&response, "cache-control").contains("immutable"));
        let etag = header(&response, "etag").to_owned();
        assert_eq!(decode(&bytes(response).await).dimensions(), (64, 48));

        let again = ask(&server, "GET", &format!("{path}?w=64"), &[webp[0], ("if-none-match", &etag)]).await;
        assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, etag.as_str()), "{variants:?}");
        let head = ask(&server, "HEAD", &format!("{path}?w=64"), &webp).await;
        assert_eq!((head.status().as_u16(), header(&head, "etag")), (200, etag.as_str()));

        let whole = ask(&server, "GET", &path, &[]).await;
        assert_eq!(bytes(whole).await, original);
        let part = ask(&server, "GET", &path, &[("range", "bytes=2-9")]).await;
        assert_eq!(part.status(), 206);
        assert_eq!(bytes(part).await, original[2..10]);
        let saved = ask(&server, "GET", &format!("{path}?w=64&dl=my%20cat.webp"), &webp).await;
        assert_eq!(header(&saved, "content-disposition"), "attachment; filename=\"my cat.webp\"");
    }
}

#[tokio::test]
async fn a_server_without_the_edge_refuses_what_the_edge_refuses() {
    let stack = Running::start().await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let keys = SigningKeys::parse(&"k".repeat(32)).unwrap();
    let server = server(&stack, Some(VARIANTS), Some(keys.clone()));
    let check = async |method: &str, asked: String, status: u16| {
        let response = ask(&server, method, &asked, &[]).await;
        assert_eq!(response.status(), status, "{method} {asked}");
        assert!(status < 400 || header(&response, "content-type") == "application/problem+json", "{asked}");
    };
    check("GET", format!("{path}?w=0"), 400).await;
    check("GET", format!("{path}?blur=50"), 403).await;
    check("GET", format!("{path}?w=64&s=AAAA"), 403).await;
    check("GET", format!("{path}/w=64,fm=webp"), 404).await;
    check("POST", format!("{path}?w=64"), 405).await;
    check("GET", "/other/cat.jpg".to_owned(), 404).await;
    check("GET", "/files/none/cat.jpg?w=64".to_owned(), 404).await;
    check("GET", "/private/none/cat.jpg".to_owned(), 403).await;
    check("OPTIONS", path.clone(), 204).await;
    let rules = Policy::built_in().rules;
    check("GET", sign(&format!("{path}?w=77&blur=50"), None, &rules, &keys).unwrap(), 200).await;
    check("GET", sign(&format!("{path}?w=77"), Some(1_000_000_000), &rules, &keys).unwrap(), 410).await;
}

#[tokio::test]
async fn a_server_reports_health_readiness_and_metrics() {
    let stack = Running::start().await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let server = server(&stack, None, None);
    for (probe, answer) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let response = ask(&server, "GET", probe, &[]).await;
        assert_eq!(response.status(), 200);
        assert_eq!(bytes(response).await, answer.as_bytes());
    }
    assert_eq!(ask(&server, "GET", &format!("{path}?w=64"), &[]).await.status(), 200);
    let metrics = ask(&server, "GET", "/metrics", &[]).await;
    assert!(header(&metrics, "content-type").starts_with("application/openmetrics-text"));
    let metrics = String::from_utf8(bytes(metrics).await).unwrap();
    assert!(metrics.contains("tintype_responses_total{status=\"200\"} 1"), "{metrics}");
    stack.stack.stop().await;
    assert_eq!(ask(&server, "GET", "/readyz", &[]).await.status(), 503);
    assert_eq!(ask(&server, "GET", "/healthz", &[]).await.status(), 200);
}
