//! Variants that are stored and variants that aren't, by `delivery.keep` of the policy.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use bytes::Bytes;
use cdn_config::policy::{Keep, Policy};
use contract::policy::UnsignedAccess;
use contract::preset::Preset;
use http::HeaderMap;
use image::{Rgb, RgbaImage};
use tintype::local::names::{ORIGINALS, VARIANTS};
use tintype::serve::app::{ServerConfig, apps};
use tower::ServiceExt as _;

use crate::faults::flows::KEEPS;
use crate::serve::store;
use crate::support::Running;
use crate::support::pictures::{BLUE, RED, is_near, jpeg, png, quarters};
use crate::support::wait::until;

/// From this time on a variant is dear: more than that of a small JPEG, and less than that of a large AVIF.
const SOME_MS: u32 = 40;

/// A variant that takes about 10 ms, and one that takes about 100 ms, of a JPEG of 1600 × 1200 pixels.
const CHEAP: &str = "w=64,fm=jpeg";
const DEAR: &str = "w=1600,fm=avif";

/// A response of a service.
struct Sent {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Sent {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn send(service: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Sent {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = service.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Sent { status, headers, body: to_bytes(response.into_body(), usize::MAX).await.unwrap() }
}

fn policy(keep: Keep) -> Policy {
    let mut policy = Policy { keep, ..Policy::built_in() };
    policy.rules.unsigned = UnsignedAccess::Open;
    policy
}

/// The resize service of a stack, without the cache in front of it.
fn resizer(stack: &Running) -> Router {
    resize::edge::http::app(Arc::clone(&stack.stack.resizer))
}

fn reads(stack: &Running) -> u64 {
    let text = stack.stack.resizer.metrics();
    let line = text.lines().find_map(|line| line.strip_prefix("tintype_variants_read_total "));
    line.map_or(0, |value| value.parse().unwrap())
}

#[tokio::test]
async fn a_variant_is_stored_if_its_predicted_time_says_so_and_then_read_beside_the_original() {
    let stack = Running::with_policy(policy(Keep::Dear { from_milliseconds: SOME_MS })).await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(1600, 1200))).await;
    let service = resizer(&stack);

    for _ in 0..2 {
        let cheap = send(&service, "GET", &format!("{path}/{CHEAP}"), &[]).await;
        assert!(cheap.header("server-timing").contains("decode"), "{}", cheap.header("server-timing"));
    }
    assert_eq!(stack.stored_variants().await, Vec::<String>::new());

    let made = send(&service, "GET", &format!("{path}/{DEAR}"), &[]).await;
    assert!(made.header("server-timing").contains("decode"));
    assert_eq!(stack.stored_variants().await, [format!("{}/{DEAR}", &path[1..])]);
    let read = send(&service, "GET", &format!("{path}/{DEAR}"), &[]).await;
    assert!(!read.header("server-timing").contains("decode"), "{}", read.header("server-timing"));
    assert_eq!((&read.body, reads(&stack)), (&made.body, 1));
    for name in [
        "etag",
        "content-type",
        "content-length",
        "cache-control",
        "content-disposition",
        "x-amz-meta-cache-tag",
    ] {
        assert!(!made.header(name).is_empty(), "{name}");
        assert_eq!(read.header(name), made.header(name), "{name}");
    }
}

#[tokio::test]
async fn an_explanation_has_the_predicted_time_and_says_if_the_variant_is_stored() {
    for (keep, expected) in [
        (Keep::Dear { from_milliseconds: SOME_MS }, [false, true]),
        (Keep::Always, [true, true]),
        (Keep::Never, [false, false]),
    ] {
        let stack = Running::with_policy(policy(keep)).await;
        let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(1600, 1200))).await;
        for (query, is_kept) in ["w=64&fm=jpeg", "w=1600&fm=avif"].into_iter().zip(expected) {
            let document = stack.get(&format!("{path}?{query}&explain=1")).await.json();
            assert_eq!(document["isKept"], is_kept, "{keep:?} {document}");
            assert!(document["predictedMilliseconds"].as_f64().unwrap() > 0.0, "{document}");
        }
        assert_eq!(stack.stored_variants().await, Vec::<String>::new(), "{keep:?}");
    }
}

#[tokio::test]
async fn the_entity_tag_is_the_same_whoever_answers() {
    for keep in KEEPS {
        let stack = Running::with_policy(policy(keep)).await;
        let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
        let variant = format!("{path}/{CHEAP}");
        let service = resizer(&stack);
        let first = send(&service, "GET", &variant, &[]).await;
        let etag = first.header("etag").to_owned();
        assert!(etag.len() > 30, "{etag}");
        let check = |who: &str, status: u16, found: &str| {
            assert_eq!((status, found), (200, etag.as_str()), "{keep:?} {who}");
        };
        let again = send(&service, "GET", &variant, &[]).await;
        check("the service again", again.status, again.header("etag"));
        let head = send(&service, "HEAD", &variant, &[]).await;
        check("HEAD", head.status, head.header("etag"));
        let condition = [("if-none-match", etag.as_str())];
        assert_eq!(send(&service, "GET", &variant, &condition).await.status, 304, "{keep:?}");

        let asked = format!("{path}?w=64&fm=jpeg");
        for who in ["the edge", "the edge's cache"] {
            let got = stack.get(&asked).await;
            check(who, got.status, got.header("etag"));
        }
        assert_eq!(stack.send("GET", &asked, &condition).await.status, 304);
        assert_eq!(stack.send("HEAD", &asked, &[]).await.header("etag"), etag);

        let variants = (keep != Keep::Never).then_some(VARIANTS);
        let config = ServerConfig {
            uploads: None,
            store: store(&stack, variants),
            policy: policy(keep),
            link_keys: None,
            has_workers: false,
        };
        let server = apps(config).unwrap().media;
        for who in ["tintype serve", "tintype serve again"] {
            let got = send(&server, "GET", &asked, &[]).await;
            check(who, got.status, got.header("etag"));
            assert_eq!(got.body, first.body, "{keep:?} {who}");
            assert_eq!(send(&server, "GET", &asked, &condition).await.status, 304, "{keep:?} {who}");
            assert_eq!(send(&server, "HEAD", &asked, &[]).await.header("etag"), etag, "{keep:?} {who}");
        }
    }
}

#[tokio::test]
async fn a_stored_variant_of_another_version_is_replaced() {
    let stack = Running::with_policy(policy(Keep::Dear { from_milliseconds: 0 })).await;
    let Rgb([red, green, blue]) = BLUE;
    let picture = png(&RgbaImage::from_pixel(64, 64, [red, green, blue, 255].into()));
    let path = stack.upload("cat.png", "image/png", &picture).await;
    let key = format!("{}/{CHEAP}", &path[1..]);
    let put = stack.s3().put_object().bucket(VARIANTS).key(&key).content_type("image/jpeg");
    let put = put.metadata("original-etag", "00").metadata("variant-etag", "old");
    put.body(jpeg(&image::RgbImage::from_pixel(64, 64, RED)).into()).send().await.unwrap();
    for _ in 0..2 {
        let got = send(&resizer(&stack), "GET", &format!("{path}/{CHEAP}"), &[]).await;
        assert!(is_near(*crate::support::pictures::decode(&got.body).get_pixel(9, 9), BLUE));
        assert_ne!(got.header("etag"), "\"old\"");
    }
    assert_eq!((stack.stored_variants().await, reads(&stack)), (vec![key], 1));
}

#[tokio::test]
async fn a_header_behind_long_metadata_and_a_file_for_a_worker_are_looked_up_too() {
    let stack = Running::with_policy(policy(Keep::Dear { from_milliseconds: SOME_MS })).await;
    let photo = jpeg(&quarters(1600, 1200));
    let mut long = photo[..2].to_vec();
    for _ in 0..4 {
        // A comment of almost 64 KiB.
        long.extend([0xff, 0xfe, 0xff, 0xff]);
        long.extend(vec![b'a'; 0xfffd]);
    }
    long.extend(&photo[2..]);
    let paths = [
        stack.upload("long.jpg", "image/jpeg", &long).await,
        stack.upload("cat.webp", "image/webp", &crate::support::pictures::webp(&quarters(1600, 1200))).await,
    ];
    for (number, path) in paths.iter().enumerate() {
        for expected in [number, number + 1] {
            let got = send(&resizer(&stack), "GET", &format!("{path}/{DEAR}"), &[]).await;
            assert_eq!((got.status, reads(&stack)), (200, expected as u64), "{path}");
        }
    }
}

#[tokio::test]
async fn a_preset_that_was_made_ahead_is_read_however_cheap_it_is() {
    let mut policy = policy(Keep::Dear { from_milliseconds: 60_000 });
    policy.rules.presets = [("card".to_owned(), Preset::parse("w=64&fm=jpeg").unwrap())].into();
    policy.prewarm = vec!["card".to_owned()];
    let stack = Running::with_policy(policy).await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    until("the preset", async || stack.stored_variants().await.len() == 1).await;
    let got = stack.get(&format!("{path}?preset=card")).await;
    assert!(!got.header("server-timing").contains("decode"), "{}", got.header("server-timing"));
    assert_eq!(reads(&stack), 1);
    let other = stack.get(&format!("{path}?w=65&fm=jpeg")).await;
    assert!(other.header("server-timing").contains("decode"), "{}", other.header("server-timing"));
    assert_eq!(stack.stored_variants().await.len(), 1);
}

#[tokio::test]
async fn without_a_bucket_of_variants_the_notes_of_purges_are_beside_the_originals() {
    let stack = Running::with_policy(policy(Keep::Never)).await;
    let s3 = stack.s3();
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let record = format!("versions{path}");
    until("the record", async || s3.head_object().bucket(ORIGINALS).key(&record).send().await.is_ok()).await;
    assert_eq!(stack.get(&format!("{path}?w=64")).await.status, 200);
    let listed = s3.list_objects_v2().bucket(VARIANTS).send().await.unwrap();
    assert!(listed.contents().is_empty(), "{listed:?}");
    assert_eq!(stack.get(&format!("/{record}")).await.status, 404, "viewers can't read it");
    s3.delete_object().bucket(ORIGINALS).key(&path[1..]).send().await.unwrap();
    until("the end of the variant", async || stack.get(&format!("{path}?w=64")).await.status == 404).await;
    until("the end of the record", async || {
        s3.head_object().bucket(ORIGINALS).key(&record).send().await.is_err()
    })
    .await;
}
