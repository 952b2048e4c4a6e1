//! Signed links: private files, sizes outside the ladder, expiry, and the cost of invalid links.

use serde_json::json;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};
use crate::support::wait::until;

impl Running {
    /// Signs a path with query. Returns the signed path and query.
    pub(crate) async fn link(&self, path: &str) -> String {
        let (status, answer) = self.ask_signer("/signed-urls", &json!({ "url": self.url(path) })).await;
        assert_eq!(status, 200, "{answer}");
        answer["url"].as_str().unwrap().strip_prefix(self.edge()).unwrap().to_owned()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.edge())
    }
}

#[tokio::test]
async fn a_private_file_needs_a_signed_link_and_is_not_cached_by_browsers() {
    let stack = Running::start().await;
    let bytes = jpeg(&quarters(1000, 750));
    let upload = json!({ "filename": "cat.jpg", "type": "image/jpeg", "visibility": "private" });
    let photo = stack.upload_as(&upload, &bytes).await;
    assert!(photo.starts_with("/private/"), "{photo}");
    let check = async |path: &str, status: u16| {
        let got = stack.get(path).await;
        assert_eq!(got.status, status, "{path}");
        assert_eq!(got.header("cache-control"), "private, no-store", "{path}");
        got
    };
    check(&photo, 403).await;
    check(&format!("{photo}?w=640"), 403).await;

    let (original, variant) = (stack.link(&photo).await, stack.link(&format!("{photo}?w=641")).await);
    assert_eq!(check(&original, 200).await.body, bytes);
    let got = check(&variant, 200).await;
    assert_eq!((got.picture().dimensions(), got.header("x-cache")), ((641, 481), "Miss from edge"));
    assert_eq!(check(&variant, 200).await.header("x-cache"), "Hit from edge");

    // The cached variant needs the link too.
    check(&photo, 403).await;
    check(&format!("{photo}?w=641"), 403).await;
    check(&format!("{photo}?w=641&s=wrong"), 403).await;
    check(&format!("{variant}&w=641"), 400).await;
    let unchanged = stack.send("GET", &variant, &[("if-none-match", got.header("etag"))]).await;
    assert_eq!((unchanged.status, unchanged.header("cache-control")), (304, "private, no-store"));
}

#[tokio::test]
async fn a_signed_link_allows_any_size_operation_and_version() {
    let stack = Running::storing().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(300, 200))).await;
    let key = photo.strip_prefix('/').unwrap();
    for (query, size, stored) in [
        ("?w=601&fit=clip&fm=png", (601, 401), "w=601,fit=clip,fm=png"),
        ("?w=33&v=a:1&blur=20&fm=png", (33, 22), "w=33,blur=20,v=a~3A1,fm=png"),
    ] {
        assert_eq!(stack.get(&format!("{photo}{query}")).await.status, 403, "{query}");
        let link = stack.link(&format!("{photo}{query}")).await;
        assert_eq!(stack.get(&link).await.picture().dimensions(), size, "{query}");
        let stored = format!("{key}/{stored}");
        until("the stored variant", async || stack.stored_variants().await.contains(&stored)).await;
    }
}

#[tokio::test]
async fn a_signed_request_may_ask_for_an_explanation_of_its_variant() {
    let stack = Running::storing().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(300, 200))).await;
    assert_eq!(stack.get(&format!("{photo}?w=64&explain=1")).await.status, 403);
    let check = async |query: &str, accept: &str, format: &str, reason: &str| {
        let link = stack.link(&format!("{photo}{query}")).await;
        let got = stack.send("GET", &link, &[("accept", accept)]).await;
        assert_eq!((got.status, got.header("content-type")), (200, "application/json"), "{query}");
        assert_eq!(got.header("cache-control"), "no-store");
        let explanation = got.json();
        assert_eq!(
            (explanation["variant"]["format"].as_str(), explanation["reason"].as_str()),
            (Some(format), Some(reason))
        );
        explanation
    };
    let explanation = check(
        "?width=201&fit=max&explain=1",
        "image/webp",
        "webp",
        "the viewer reads WebP but not AVIF, and the source is a photo",
    )
    .await;
    assert_eq!(explanation["canonical"], "w=201,fm=auto.webp");
    assert_eq!(explanation["cacheKey"], format!("{photo}/w=201,fm=auto.webp"));
    assert_eq!(explanation["variant"]["width"], 201);
    assert_eq!(
        (&explanation["source"]["width"], &explanation["source"]["height"]),
        (&json!(300), &json!(200))
    );
    // The smallest size of a JPEG's decoder that is at least as large as the variant.
    assert_eq!(explanation["plan"]["decoded"], json!({ "width": 300, "height": 200 }));
    assert_eq!(explanation["plan"]["resampled"], json!({ "width": 201, "height": 134 }));
    for step in ["fetch", "plan", "decode", "resize", "encode"] {
        assert!(explanation["milliseconds"][step].is_number(), "{explanation}");
    }
    check("?w=64&fm=png&explain=1", "", "png", "the request asks for fm=png").await;
    check(
        "?w=64&lossless=1&explain=1",
        "image/avif",
        "webp",
        "the viewer reads AVIF and WebP, and lossless=1 asks for WebP",
    )
    .await;
    check(
        "?w=64&explain=1",
        "image/avif",
        "webp",
        "the viewer reads AVIF and WebP, and the source is a photo; AVIF of this size would take longer than the \
         policy allows, or be larger than WebP",
    )
    .await;
    assert!(stack.stored_variants().await.is_empty());
}

#[tokio::test]
async fn an_invalid_link_is_refused_with_the_reason_and_renders_nothing() {
    let stack = Running::storing().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(300, 200))).await;
    let link = stack.link(&format!("{photo}?w=601")).await;
    let expired = tintype::sign::link::sign(
        &format!("{photo}?w=601"),
        Some("1000000000".parse().unwrap()),
        &cdn_config::policy::Policy::built_in(),
        stack.data(),
        jiff::Timestamp::from_second(999_999_999).unwrap(),
    );
    let check = async |path: &str, status: u16, name: &str, cached: &str| {
        let got = stack.get(path).await;
        assert_eq!((got.status, got.header("cache-control")), (status, cached), "{path}");
        assert_eq!(got.json()["type"], format!("urn:problem-type:tintype:{name}"), "{path}");
    };
    let (hour, minute) = ("public, max-age=3600", "public, max-age=60");
    check(&link.replace("w=601", "w=602"), 403, "forbidden", minute).await;
    check(&link.replace("photo.jpg", "photo.png"), 403, "forbidden", minute).await;
    check(&format!("{link}x"), 403, "forbidden", minute).await;
    check(&format!("{photo}?w=640&expires=4000000000"), 403, "forbidden", minute).await;
    check(&expired.unwrap(), 410, "expired", hour).await;
    assert!(stack.stored_variants().await.is_empty());
    assert_eq!(stack.get(&link).await.status, 200);
}

#[tokio::test]
async fn links_stay_valid_after_a_restart() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(300, 200))).await;
    let link = stack.link(&format!("{photo}?w=201")).await;
    let stack = stack.restarted().await;
    assert_eq!(stack.get(&link).await.status, 200);
}
