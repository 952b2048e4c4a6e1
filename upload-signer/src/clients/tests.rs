//! The formats of each client, taken from its source.

use axum::body::{Body, to_bytes};
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::app::app;
use crate::http::api::Api;
use crate::test_api::{api, links};

async fn send(request: Request<Body>) -> (u16, Value) {
    let response = app(api()).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

async fn post(client: &str, body: &Value) -> (u16, Value) {
    let request = Request::post(format!("/clients/{client}")).header("content-type", "application/json");
    send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn get(path: &str) -> (u16, Value) {
    send(Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn webiny_receives_a_form_and_a_file() {
    let (status, body) =
        post("webiny", &json!({ "name": "a b.png", "type": "image/png", "size": 5, "keyPrefix": "x" })).await;
    assert_eq!(status, 200, "{body}");
    let (id, key) = (body["file"]["id"].as_str().unwrap(), body["file"]["key"].as_str().unwrap());
    assert_eq!(key, format!("files/{id}/a-b.png"));
    let file = json!({ "id": id, "key": key, "name": "a b.png", "size": 5, "type": "image/png" });
    assert_eq!(body["file"], file);
    assert_eq!(body["data"]["url"], "http://127.0.0.1:9/originals");
    assert_eq!(body["data"]["fields"]["key"], key);

    let (status, _) = post("webiny", &json!({ "name": "a", "type": "text/html", "size": 5 })).await;
    assert_eq!(status, 415);
    let (status, _) = post("webiny", &json!({ "name": "a", "type": "image/png" })).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn better_upload_receives_a_put_for_each_file_and_its_own_names_of_errors() {
    let file = |size: u64, media_type: &str| json!({ "name": "a.png", "size": size, "type": media_type });
    let request = |files: Vec<Value>| json!({ "route": "images", "metadata": {}, "files": files });
    let (status, body) =
        post("better-upload", &request(vec![file(5, "image/png"), file(6, "image/png")])).await;
    assert_eq!(status, 200, "{body}");
    let [first, second] = body["files"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert_eq!((&first["file"]["name"], &first["file"]["size"]), (&json!("a.png"), &json!(5)));
    assert_eq!(first["file"]["objectInfo"]["metadata"], json!({}));
    assert_ne!(first["file"]["objectInfo"]["key"], second["file"]["objectInfo"]["key"]);
    assert_eq!(first["headers"]["if-none-match"], "*");
    // The browser sets the length and the client the type; the signer must not return them.
    assert_eq!(first["headers"].get("content-length"), None);
    assert_eq!(first["headers"].get("content-type"), None);
    assert!(first["signedUrl"].as_str().unwrap().contains("X-Amz-Signature="));

    let check = async |body: Value, status: u16, name: &str| {
        let (given, answer) = post("better-upload", &body).await;
        assert_eq!((given, answer["error"]["type"].as_str()), (status, Some(name)), "{answer}");
        assert!(answer["error"]["message"].is_string());
    };
    check(request(vec![file(5, "text/html")]), 415, "invalid_file_type").await;
    check(request(vec![file(12_000_001, "image/png")]), 413, "file_too_large").await;
    check(request(vec![file(0, "image/png")]), 400, "unknown").await;
    check(request(vec![file(5, "image/png"); 101]), 400, "unknown").await;
    check(json!({}), 400, "unknown").await;
}

#[tokio::test]
async fn react_s3_uploader_receives_a_put_if_it_sends_the_size() {
    let path = "/clients/react-s3-uploader?objectName=a.png&contentType=image%2Fpng";
    let (status, body) = get(&format!("{path}&size=5")).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["filename"], "a.png");
    assert_eq!(body["headers"]["content-type"], "image/png");
    let key = body["fileKey"].as_str().unwrap();
    assert_eq!(body["publicUrl"], format!("https://cdn.example.com/{key}"));
    let signed = body["signedUrl"].as_str().unwrap();
    assert!(signed.starts_with(&format!("http://127.0.0.1:9/originals/{key}?")), "{signed}");

    let (status, body) = get(path).await;
    assert_eq!((status, body["parameter"].as_str()), (400, Some("size")));
}

#[tokio::test]
async fn every_route_for_json_refuses_a_body_that_isn_t_declared_as_json() {
    for path in ["/uploads", "/signed-urls", "/clients/webiny", "/clients/better-upload", "/s3/multipart"] {
        for content_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let request = Request::post(path).header("content-type", content_type).body(Body::from("{}"));
            let api = Api { links: Some(links()), ..api() };
            let response = app(api).oneshot(request.unwrap()).await.unwrap();
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert_eq!(status, 415, "{path} {content_type:?}");
            let sentence = "the body must be JSON, with the header Content-Type: application/json";
            assert!(String::from_utf8_lossy(&body).contains(sentence), "{path}: {body:?}");
        }
    }
}
