//! Many concurrent requests: equal requests share one rendering, other requests wait in a short queue, and invalid
//! requests never reach the resize service.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use cdn_config::policy::{Keep, Policy};
use contract::policy::UnsignedAccess;
use futures::future::join_all;
use image::RgbaImage;
use tower::ServiceExt as _;

use crate::faults::flows::KEEPS;
use crate::support::pictures::{jpeg, png, quarters};
use crate::support::{Running, wait};

/// The value of one of the stack's metrics; 0 if it is missing.
fn metric(stack: &Running, name: &str) -> u64 {
    let text = stack.stack.resizer.metrics();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0, |value| value.parse().unwrap())
}

/// The number of all responses of the resize service.
fn responses(stack: &Running) -> u64 {
    let text = stack.stack.resizer.metrics();
    let lines = text.lines().filter(|line| line.starts_with("tintype_responses_total{"));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

#[tokio::test]
async fn concurrent_requests_to_the_resize_service_for_one_variant_render_it_once() {
    for keep in KEEPS {
        let stack = Running::with_policy(Policy { keep, ..Policy::built_in() }).await;
        one_rendering_for_all(&stack).await;
    }
}

async fn one_rendering_for_all(stack: &Running) {
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(1600, 1200))).await;
    let service = resize::edge::http::app(Arc::clone(&stack.stack.resizer));
    let ask = || async {
        let request = Request::get(format!("{path}/w=640,fm=webp")).body(Body::empty()).unwrap();
        let response = service.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        to_bytes(response.into_body(), usize::MAX).await.unwrap()
    };
    let pictures = join_all((0..30).map(|_| ask())).await;
    assert!(pictures.iter().all(|picture| *picture == pictures[0] && !picture.is_empty()));
    assert_eq!(metric(stack, "tintype_variants_made_total{format=\"webp\"}"), 1);
    assert_eq!(metric(stack, "tintype_variants_not_stored_total"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_widths_of_a_page_that_are_asked_for_at_once_are_those_of_each_alone() {
    let file = jpeg(&quarters(1600, 1200));
    let stack = Running::with_policy(Policy { keep: Keep::Never, ..Policy::built_in() }).await;
    let [page, alone] =
        [stack.upload("a.jpg", "image/jpeg", &file).await, stack.upload("a.jpg", "image/jpeg", &file).await];
    let variants = ["w=64", "w=320", "w=640", "w=750", "w=1080"].map(|width| format!("?{width}&fm=webp"));
    let asked: Vec<_> = variants.iter().map(|variant| format!("{page}{variant}")).collect();
    let at_once = join_all(asked.iter().map(|path| stack.get(path))).await;
    for (variant, picture) in variants.iter().zip(at_once) {
        let expected = stack.get(&format!("{alone}{variant}")).await;
        assert_eq!((picture.status, expected.status), (200, 200), "{variant}");
        assert!(picture.body == expected.body, "{variant} differs");
    }
}

#[tokio::test]
async fn requests_beyond_the_queue_get_a_picture_or_503_with_retry_after() {
    for keep in KEEPS {
        let mut policy = Policy { keep, ..Policy::built_in() };
        policy.rules.unsigned = UnsignedAccess::Open;
        picture_or_503(&Running::with_policy(policy).await).await;
    }
}

async fn picture_or_503(stack: &Running) {
    let noise = RgbaImage::from_fn(1500, 1500, |x, y| {
        let [a, b, ..] = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).to_be_bytes();
        [a, b, a ^ b, 255].into()
    });
    let path = stack.upload("noise.png", "image/png", &png(&noise)).await;
    let free = (metric(stack, "tintype_free_slots"), metric(stack, "tintype_free_places"));
    let crowd = free.1 * 4;
    let asked: Vec<_> = (0..crowd).map(|number| format!("{path}?w={}&fm=png", 100 + number)).collect();
    let mut statuses = BTreeMap::new();
    for got in join_all(asked.iter().map(|path| stack.get(path))).await {
        *statuses.entry(got.status).or_insert(0) += 1;
        match got.status {
            200 => assert!(!got.body.is_empty()),
            _ => assert_eq!((got.status, got.header("retry-after")), (503, "1"), "{:?}", got.body),
        }
        assert!(got.status == 200 || got.header("cache-control") == "no-store");
    }
    assert!(statuses[&200] >= free.0 && statuses[&503] > 0, "{statuses:?}");
    let still_free = (metric(stack, "tintype_free_slots"), metric(stack, "tintype_free_places"));
    assert_eq!(still_free, free, "every slot and place is free again");
    assert_eq!(stack.get(&format!("{path}?w=99&fm=png")).await.status, 200);
}

#[tokio::test]
async fn a_disconnected_viewer_frees_its_slot() {
    let stack = Running::start().await;
    let picture = png(&RgbaImage::from_pixel(4000, 3000, [9, 9, 9, 255].into()));
    let path = stack.upload("cat.png", "image/png", &picture).await;
    let free = metric(&stack, "tintype_free_slots");
    let service = resize::edge::http::app(Arc::clone(&stack.stack.resizer));
    for width in [64, 128, 256, 384] {
        let request = Request::get(format!("{path}/w={width},fm=avif")).body(Body::empty()).unwrap();
        let mut asked = Box::pin(service.clone().oneshot(request));
        wait::within("a request that takes a slot", async {
            while metric(&stack, "tintype_free_slots") == free && futures::poll!(&mut asked).is_pending() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        drop(asked);
    }
    wait::until("the release of every slot", async || metric(&stack, "tintype_free_slots") == free).await;
    assert_eq!(stack.get(&format!("{path}?w=64")).await.status, 200);
}

#[tokio::test]
async fn invalid_requests_never_reach_the_resize_service_and_store_no_variant() {
    let stack = Running::storing().await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let queries = [
        "w=0",
        "w=-5",
        "w=abc",
        "h=9&fit=nothing",
        "w=64&w=64",
        "blur=50",
        "rect=0,0,9,9",
        "w=64&s=AAAA",
        "w=64&expires=99999999999&s=x",
        "fm=exe",
        "q=0",
        "bg=00ff00",
        "crop=entropy&w=64&h=64&fit=crop",
        "preset=none",
        "dpr=9x",
        "sharp=5",
        "trim=auto",
        "w=%zz",
        "ar=1:0&w=9&fit=crop",
    ];
    let mut asked: Vec<_> = queries.iter().map(|query| format!("{path}?{query}")).collect();
    asked.extend(
        ["/w=640,fm=webp", "/w=1,fm=png", "/fm=auto.avif"].map(|canonical| format!("{path}{canonical}")),
    );
    asked.extend((0..300).map(|number| format!("{path}?junk{number}=1&w=x{number}")));
    asked.extend(["/private/a/b.jpg?w=64", "/files//?w=64", "/files/../x?w=64"].map(str::to_owned));
    for path in &asked {
        let got = stack.get(path).await;
        assert!((400..500).contains(&got.status), "{path}: {}", got.status);
    }
    assert_eq!(responses(&stack), 0);
    assert_eq!(stack.stored_variants().await, Vec::<String>::new());
}
