//! Responses of the edge: cache, conditional and range requests, one stored object for all spellings of a URL, refusals.

use cdn_config::policy::Policy;
use serde_json::json;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};
use crate::support::wait::until;

#[tokio::test]
async fn a_second_viewer_gets_the_cached_variant_or_304_for_the_same_etag() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(800, 600))).await;
    let url = format!("{photo}?w=640");
    let first = stack.get(&url).await;
    assert_eq!((first.status, first.header("x-cache")), (200, "Miss from edge"));
    for step in ["fetch", "decode", "resize", "encode"] {
        assert!(first.header("server-timing").contains(step), "{}", first.header("server-timing"));
    }
    assert_eq!(first.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(first.header("vary"), "Accept");
    assert_eq!(first.header("x-content-type-options"), "nosniff");
    assert_eq!(first.header("content-disposition"), "inline; filename=\"photo.jpg\"");

    let second = stack.get(&url).await;
    assert_eq!((second.status, second.header("x-cache")), (200, "Hit from edge"));
    assert_eq!(
        (second.body, second.headers["etag"].clone()),
        (first.body.clone(), first.headers["etag"].clone())
    );

    let unchanged = stack.send("GET", &url, &[("if-none-match", first.header("etag"))]).await;
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    assert_eq!(unchanged.header("etag"), first.header("etag"));

    let head = stack.send("HEAD", &url, &[]).await;
    assert_eq!((head.status, head.header("content-length")), (200, first.header("content-length")));

    let fixed = stack.get(&format!("{photo}?w=640&fm=webp")).await;
    assert_eq!(fixed.header("vary"), "");
}

#[tokio::test]
async fn a_head_request_for_a_new_variant_is_answered_from_the_whole_response() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(1000, 800))).await;
    let url = format!("{photo}?w=64");
    let head = stack.send("HEAD", &url, &[]).await;
    assert_eq!((head.status, head.header("x-cache"), head.body.len()), (200, "Miss from edge", 0));
    let get = stack.get(&url).await;
    assert_eq!((get.status, get.header("x-cache")), (200, "Hit from edge"));
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[tokio::test]
async fn sizes_between_two_rungs_share_one_stored_object() {
    let stack = Running::storing().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(1000, 800))).await;
    let first = stack.get(&format!("{photo}?w=641")).await;
    let second = stack.get(&format!("{photo}?w=700")).await;
    let third = stack.get(&format!("{photo}?width=350&dpr=2&utm_source=mail")).await;
    assert_eq!(first.header("x-cache"), "Miss from edge");
    assert_eq!(second.header("x-cache"), "Hit from edge");
    assert_eq!(third.header("x-cache"), "Hit from edge");
    let key = photo.strip_prefix('/').unwrap();
    let stored = [format!("{key}/w=750,fm=auto.base")];
    until("the stored variant", async || stack.stored_variants().await == stored).await;
}

#[tokio::test]
async fn concurrent_viewers_of_a_new_variant_share_one_rendering() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(2000, 1500))).await;
    let url = format!("{photo}?w=1080");
    let answers = futures::future::join_all((0..16).map(|_| stack.get(&url))).await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == answers[0].body));
    let made = answers.iter().filter(|answer| answer.header("server-timing").contains("encode")).count();
    assert_eq!(made, 1, "one request renders the variant, and the others wait for it");
}

#[tokio::test]
async fn originals_and_stored_variants_are_served_after_a_restart() {
    let stack = Running::storing().await;
    let photo = stack.upload("été à la plage +1.jpg", "image/jpeg", &jpeg(&quarters(800, 600))).await;
    let before = stack.get(&format!("{photo}?w=640")).await;
    let stack = stack.restarted().await;
    let after = stack.get(&format!("{photo}?w=640")).await;
    assert_eq!((after.status, after.header("etag")), (200, before.header("etag")));
    assert_eq!(after.body, before.body);
    assert_eq!(after.header("x-cache"), "Miss from edge");
    assert!(!after.header("server-timing").contains("encode"), "the stored variant is rendered again");
    assert_eq!(after.header("cache-control"), before.header("cache-control"));
    assert_eq!(after.header("content-disposition"), before.header("content-disposition"));
    assert_eq!(stack.get(&photo).await.status, 200);
}

#[tokio::test]
async fn an_original_is_served_unchanged_as_a_whole_and_by_range() {
    let stack = Running::start().await;
    let bytes = jpeg(&quarters(300, 200));
    let path = stack.upload("photo.jpg", "image/jpeg", &bytes).await;
    let in_range = stack.send("GET", &path, &[("range", "bytes=10-19")]).await;
    assert_eq!((in_range.status, &in_range.body[..]), (206, &bytes[10..20]));
    assert_eq!(in_range.header("content-range"), format!("bytes 10-19/{}", bytes.len()));

    let whole = stack.get(&path).await;
    assert_eq!((whole.status, &whole.body[..]), (200, &bytes[..]));
    assert_eq!(whole.header("content-type"), "image/jpeg");
    assert!(whole.header("content-security-policy").contains("sandbox"));
    let etag = whole.header("etag");
    let check = async |headers: &[(&str, &str)], status: u16, body: &[u8]| {
        let got = stack.send("GET", &path, headers).await;
        assert_eq!((got.status, &got.body[..]), (status, body), "{headers:?}");
    };
    check(&[("range", "bytes=-5")], 206, &bytes[bytes.len() - 5..]).await;
    check(&[("range", "bytes=0-0"), ("if-range", etag)], 206, &bytes[..1]).await;
    check(&[("range", "bytes=0-0"), ("if-range", "\"other\"")], 200, &bytes).await;
    check(&[("range", "bytes=9999999-")], 416, b"").await;
    check(&[("if-none-match", etag)], 304, b"").await;
    assert_eq!(stack.get(&format!("{path}?original")).await.body, bytes);
    assert_eq!(stack.get(&format!("{path}?utm_source=x")).await.body, bytes);
}

#[tokio::test]
async fn a_download_has_its_own_name_and_shares_the_stored_variant() {
    let stack = Running::storing().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(300, 200))).await;
    let check = async |query: &str, expected: &str| {
        let got = stack.get(&format!("{photo}{query}")).await;
        assert_eq!((got.status, got.header("content-disposition")), (200, expected), "{query}");
    };
    check("?w=64&fm=webp", "inline; filename=\"photo.webp\"").await;
    check("?w=64&fm=webp&dl", "attachment; filename=\"photo.webp\"").await;
    check("?w=64&fm=webp&dl=me.webp", "attachment; filename*=UTF-8''me.webp").await;
    check("?dl=me.jpg", "attachment; filename*=UTF-8''me.jpg").await;
    check("?dl=setup.hta", "attachment; filename*=UTF-8''setup.jpg").await;
    check("?w=64&fm=webp&dl=setup.hta", "attachment; filename*=UTF-8''setup.webp").await;
    until("the stored variant", async || stack.stored_variants().await.len() == 1).await;
}

#[tokio::test]
async fn a_bad_request_gets_a_problem_that_names_the_parameter_and_stores_nothing() {
    let stack = Running::storing().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(300, 200))).await;
    let check = async |method: &str, path: &str, status: u16, parameter: &str, cached: &str| {
        let got = stack.send(method, path, &[]).await;
        assert_eq!(got.status, status, "{method} {path}");
        assert_eq!(got.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(got.header("cache-control"), cached, "{path}");
        let problem = got.json();
        assert_eq!(problem["parameter"].as_str().unwrap_or_default(), parameter, "{path}");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{path}");
    };
    let (hour, minute) = ("public, max-age=3600", "public, max-age=60");
    check("GET", &format!("{photo}?w=0"), 400, "w", hour).await;
    check("GET", &format!("{photo}?w=-5"), 400, "w", hour).await;
    check("GET", &format!("{photo}?w=1e3"), 400, "w", hour).await;
    check("GET", &format!("{photo}?w=64&width=64"), 400, "w", hour).await;
    check("GET", &format!("{photo}?fit=cover"), 400, "fit", hour).await;
    check("GET", &format!("{photo}?expires=0"), 400, "expires", hour).await;
    check("GET", &format!("{photo}?w=64&fit=clip"), 403, "fit", minute).await;
    check("GET", &format!("{photo}?w=64&bg=red"), 403, "bg", minute).await;
    check("GET", &format!("{photo}?blur=20"), 403, "blur", minute).await;
    check("GET", &format!("{photo}/w=63,fm=webp"), 404, "", minute).await;
    check("GET", "/private/1/a.jpg?w=64", 403, "", "private, no-store").await;
    check("POST", &format!("{photo}?w=64"), 405, "", hour).await;
    check("DELETE", &photo, 405, "", hour).await;
    check("GET", "/files/%ff", 400, "", hour).await;
    check("GET", "/elsewhere", 404, "", minute).await;
    assert!(stack.stored_variants().await.is_empty());
}

#[tokio::test]
async fn an_open_policy_allows_any_size() {
    let mut document: serde_json::Value =
        serde_json::from_str(include_str!("../cdn-config/policy.json")).unwrap();
    document["unsigned"] = json!("open");
    let stack = Running::with_policy(Policy::parse(&document.to_string()).unwrap()).await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(300, 200))).await;
    let got = stack.get(&format!("{photo}?w=601&fit=clip&fm=png")).await;
    assert_eq!(got.picture().dimensions(), (601, 401));
    assert_eq!(stack.get(&format!("{photo}?w=33")).await.picture().dimensions(), (33, 22));
}

#[tokio::test]
async fn the_metadata_of_an_upload_is_served_with_the_original_and_not_with_its_variants() {
    let stack = Running::start().await;
    let picture = jpeg(&quarters(300, 200));
    let metadata = json!({ "album": "7", "Caption": "A cat & a dog" });
    let request = json!({ "filename": "a.jpg", "type": "image/jpeg", "metadata": metadata });
    let photo = stack.upload_as(&request, &picture).await;
    for (method, cached) in [("HEAD", "Miss from edge"), ("GET", "Miss from edge"), ("GET", "Hit from edge")]
    {
        let original = stack.send(method, &photo, &[]).await;
        assert_eq!((original.status, original.header("x-cache")), (200, cached));
        let served = ["x-amz-meta-album", "x-amz-meta-caption"].map(|name| original.header(name));
        assert_eq!(served, ["7", "A cat & a dog"], "{method} {cached}");
    }
    let variant = stack.get(&format!("{photo}?w=64")).await;
    assert_eq!((variant.status, variant.header("x-amz-meta-album")), (200, ""));
}

#[tokio::test]
async fn pages_of_other_origins_may_send_requests() {
    let stack = Running::start().await;
    let preflight = stack.send("OPTIONS", "/files/1/a.jpg", &[("origin", "https://example.com")]).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"));
    assert!(preflight.header("access-control-allow-headers").contains("Range"));
}
