//! The routes of the API and those of `docs/openapi.json` are the same.

use std::collections::BTreeSet;

use axum::body::{Body, to_bytes};
use http::{Method, Request};
use serde_json::Value;
use tower::ServiceExt as _;

use super::*;
use crate::test_api::api;

/// The methods that a route may have. `HEAD` follows `GET`, and `OPTIONS` is the preflight's.
const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

pub(super) fn document() -> Value {
    serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap()
}

/// A path without the names of its variables.
fn pattern(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The path and method of each operation in the document.
fn documented() -> BTreeSet<(String, String)> {
    let document = document();
    let operations = document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(|method| (pattern(path), method.to_uppercase())).collect::<Vec<_>>()
    });
    operations.collect()
}

#[tokio::test]
async fn the_document_describes_every_route_and_no_other() {
    let mut routed = BTreeSet::new();
    for (path, _) in all_routes() {
        for method in METHODS {
            let request = Request::builder().method(&method).uri(path.replace(['{', '}'], ""));
            let response = app(api()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            if response.status() != 405 {
                routed.insert((pattern(path), method.to_string()));
            }
        }
    }
    assert_eq!(routed, documented());
}

#[tokio::test]
async fn another_method_is_answered_with_the_allowed_ones() {
    for (path, _) in all_routes() {
        for prefix in ["", "/u/session"] {
            let uri = format!("{prefix}{}", path.replace(['{', '}'], ""));
            let request = Request::builder().method(Method::PUT).uri(&uri).body(Body::empty()).unwrap();
            let response = app(api()).oneshot(request).await.unwrap();
            assert_eq!(response.status(), 405, "{uri}");
            let allow = response.headers()["allow"].to_str().unwrap().to_owned();
            let allowed: BTreeSet<&str> =
                allow.split(',').map(str::trim).filter(|name| *name != "HEAD").collect();
            let operations = documented();
            let expected: BTreeSet<&str> = operations
                .iter()
                .filter(|(one, _)| *one == pattern(path))
                .map(|(_, name)| name.as_str())
                .collect();
            assert_eq!(allowed, expected, "{uri}");
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert!(body["detail"].is_string() || body["message"].is_string(), "{uri}: {body}");
        }
    }
}
