//! Signed uploads: S3 accepts exactly the upload that the signature allows.

use serde_json::{Value, json};
use std::time::Duration;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

async fn grant(stack: &Running, request: Value) -> Value {
    let (status, grant) = stack.sign(&request).await;
    assert_eq!(status, 201, "{grant}");
    grant
}

#[tokio::test]
async fn a_changed_form_is_refused() {
    let stack = Running::start().await;
    let bytes = jpeg(&quarters(64, 64));
    let request = json!({ "filename": "a.jpg", "type": "image/jpeg", "size": bytes.len() });
    let check = async |change_name: &str, change: &dyn Fn(&mut Value), bytes: &[u8], code: &str| {
        let mut grant = grant(&stack, request.clone()).await;
        change(&mut grant["fields"]);
        let (status, body) = stack.post(&grant, bytes).await;
        assert!((400..500).contains(&status) && body.contains(code), "{change_name}: {status} {body}");
        let key = grant["key"].as_str().unwrap();
        assert_eq!(stack.get(&format!("/{key}")).await.status, 404, "{change_name}");
    };
    let longer = [&bytes[..], b"x"].concat();
    check("one byte more", &|_| {}, &longer, "EntityTooLarge").await;
    check("one byte less", &|_| {}, &bytes[1..], "EntityTooSmall").await;
    check("another key", &|fields| fields["key"] = json!("files/other.jpg"), &bytes, "AccessDenied").await;
    check("another type", &|fields| fields["Content-Type"] = json!("text/html"), &bytes, "AccessDenied")
        .await;
    check("an additional field", &|fields| fields["acl"] = json!("public-read"), &bytes, "AccessDenied")
        .await;
    let flip = |fields: &mut Value| {
        let signature = fields["x-amz-signature"].as_str().unwrap();
        let flipped = if signature.starts_with('0') { "1" } else { "0" };
        fields["x-amz-signature"] = json!(format!("{flipped}{}", &signature[1..]));
    };
    check("a flipped signature", &flip, &bytes, "SignatureDoesNotMatch").await;

    let grant = grant(&stack, request.clone()).await;
    assert_eq!(stack.post(&grant, &bytes).await.0, 204);
    assert_eq!(stack.settled(&grant).await["state"], "clean");
    assert_eq!(stack.get(&format!("/{}", grant["key"].as_str().unwrap())).await.body, bytes);
}

#[tokio::test]
async fn a_granted_form_stays_valid_over_a_restart() {
    let stack = Running::start().await;
    let bytes = jpeg(&quarters(64, 64));
    let request = json!({ "filename": "a.jpg", "type": "image/jpeg" });
    let mut form = grant(&stack, request.clone()).await;
    let stack = stack.restarted().await;
    // The other stack has other ports. The form doesn't sign its URL.
    form["url"] = grant(&stack, request).await["url"].clone();
    let (status, body) = stack.post(&form, &bytes).await;
    assert_eq!(status, 204, "{body}");
    assert_eq!(stack.settled(&form).await["state"], "clean");
}

#[tokio::test]
async fn an_expired_form_is_refused() {
    use aws_credential_types::Credentials;
    use upload_signer::signing::bucket_endpoint::BucketEndpoint;
    use upload_signer::signing::signer::Signer;

    let stack = Running::start().await;
    let bucket =
        BucketEndpoint::at_endpoint("tintype-originals", "us-east-1", &stack.stack.addresses.s3).unwrap();
    let credentials = Credentials::new("tintype", "tintype-local", None, None, "test");
    let an_hour_ago = || jiff::Timestamp::now() - Duration::from_hours(1);
    let signer = Signer { clock: an_hour_ago, ..Signer::new(bucket, credentials, stack.edge()) };
    let answer = signer.sign_body(br#"{"filename":"a.jpg","type":"image/jpeg"}"#).unwrap();
    let grant = serde_json::to_value(answer).unwrap();
    let (status, body) = stack.post(&grant, b"late").await;
    assert_eq!(status, 403, "{body}");
    assert!(body.contains("expired"), "{body}");
}

#[tokio::test]
async fn a_put_needs_the_signed_headers_and_never_overwrites() {
    let stack = Running::start().await;
    let bytes = jpeg(&quarters(64, 64));
    let request = json!({ "filename": "a.jpg", "type": "image/jpeg", "size": bytes.len(), "method": "PUT" });
    let grant = grant(&stack, request).await;
    let put = async |grant: &Value, replacement: Option<(&str, &str)>, bytes: &[u8]| {
        let mut request = reqwest::Client::new().put(grant["url"].as_str().unwrap()).body(bytes.to_vec());
        for (name, value) in grant["headers"].as_object().unwrap() {
            let value = replacement
                .filter(|(other, _)| other == name)
                .map_or(value.as_str().unwrap(), |(_, value)| value);
            request = request.header(name, value);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(put(&grant, Some(("content-type", "text/html")), &bytes).await, 403);
    assert_eq!(put(&grant, Some(("if-none-match", "x")), &bytes).await, 403);
    assert_eq!(put(&grant, None, &bytes).await, 200);
    assert_eq!(put(&grant, None, &bytes).await, 412);
    assert_eq!(stack.settled(&grant).await["state"], "clean");
    let got = stack.get(&format!("/{}", grant["key"].as_str().unwrap())).await;
    assert_eq!((got.body, got.headers["content-type"].to_str().unwrap()), (bytes.into(), "image/jpeg"));
}

#[tokio::test]
async fn a_checksum_binds_the_content() {
    let stack = Running::start().await;
    // The SHA-256 of "hello" (FIPS 180-4).
    let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let request = json!({ "filename": "a.jpg", "type": "image/jpeg", "sha256": sha256 });
    let first = grant(&stack, request.clone()).await;
    let (status, body) = stack.post(&first, b"hullo").await;
    assert_eq!(status, 400, "{body}");
    let second = grant(&stack, request).await;
    let (status, body) = stack.post(&second, b"hello").await;
    assert_eq!(status, 204, "{body}");
}

#[tokio::test]
async fn the_signer_is_served_by_the_edge_and_names_the_field_of_an_error() {
    let stack = Running::start().await;
    let check = async |request: Value, status: u16, parameter: &str| {
        let (got, problem) = stack.sign(&request).await;
        assert_eq!(
            (got, problem["parameter"].as_str().unwrap_or_default()),
            (status, parameter),
            "{problem}"
        );
    };
    check(json!({ "type": "image/png" }), 400, "filename").await;
    check(json!({ "filename": "a.html", "type": "text/html" }), 415, "type").await;
    check(json!({ "filename": "a.png", "type": "image/png", "size": 1_u64 << 40 }), 413, "size").await;
    check(json!({ "filename": 7, "type": "image/png" }), 400, "filename").await;
    assert_eq!(stack.get("/uploads").await.status, 405);
}
