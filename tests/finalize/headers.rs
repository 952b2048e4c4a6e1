//! Headers that a client adds to its upload although they aren't signed.

use serde_json::json;
use tintype::local::names::ORIGINALS;

use super::{check_unserved, picture};
use crate::support::Running;

#[tokio::test]
async fn an_upload_with_an_unsigned_header_is_refused_and_never_served() {
    let stack = Running::start().await;
    let bytes = picture(64, 64);
    let request = json!({ "filename": "a.png", "type": "image/png", "size": bytes.len(), "method": "PUT" });
    for headers in [
        &[("content-encoding", "br"), ("content-disposition", "attachment; filename=\"x.exe\"")][..],
        &[("content-encoding", "gzip")],
        &[("content-disposition", "attachment; filename=\"x.exe\"")],
        &[("content-language", "en")],
        &[("expires", "Thu, 01 Jan 2037 00:00:00 GMT")],
    ] {
        let (_, mut grant) = stack.sign(&request).await;
        for (name, value) in headers {
            grant["headers"][name] = json!(value);
        }
        assert_eq!(
            stack.put(&grant, &bytes).await,
            200,
            "S3 accepts headers that aren't signed: {headers:?}"
        );
        let state = stack.settled(&grant).await;
        assert_eq!(
            (&state["state"], &state["reason"]),
            (&json!("refused"), &json!("other-header")),
            "{state}"
        );
        assert!(state["detail"].as_str().unwrap().contains(headers[0].0), "{state}");
        check_unserved(&stack, &grant).await;
    }
    let (_, grant) = stack.sign(&request).await;
    assert_eq!(stack.put(&grant, &bytes).await, 200);
    assert_eq!(stack.settled(&grant).await["state"], "clean");
}

#[tokio::test]
async fn the_headers_that_are_stored_with_an_original_are_not_served() {
    let stack = Running::start().await;
    let bytes = picture(64, 64);
    let put = stack.s3().put_object().bucket(ORIGINALS).key("files/by-hand/a.png").tagging("state=clean");
    let put = put.content_type("image/png").content_encoding("br").content_language("en");
    let put = put.content_disposition("attachment; filename=\"x.exe\"").body(bytes.clone().into());
    put.send().await.unwrap();
    for (query, disposition) in [("", ""), ("?dl", "attachment"), ("?original", "")] {
        let got = stack.get(&format!("/files/by-hand/a.png{query}")).await;
        assert_eq!((got.status, got.header("content-disposition")), (200, disposition), "{query}");
        assert_eq!((got.header("content-encoding"), got.header("content-language")), ("", ""), "{query}");
        assert_eq!((got.header("content-type"), &got.body[..]), ("image/png", &bytes[..]), "{query}");
    }
    let variant = stack.get("/files/by-hand/a.png?w=32&fm=png").await;
    assert_eq!(variant.header("content-disposition"), "inline; filename=\"a.png\"");
    assert_eq!(variant.picture().dimensions(), (32, 32));
}
