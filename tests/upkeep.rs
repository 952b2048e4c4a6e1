//! Variants of originals that are replaced, removed or new.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::Client;
use bucket::{S3Config, Transport};
use cdn_config::policy::{Keep, Policy};
use contract::preset::Preset;
use image::{Rgb, RgbImage, RgbaImage};
use resize::edge::config::{Config, StoreConfig};
use resize::edge::render_service::RenderService;
use resize::edge::store::Store;
use resize::edge::upkeep::Upkeep;
use serde_json::json;
use tintype::local::names::{ORIGINALS, REGION, VARIANTS};

use crate::faults::flows::KEEPS;
use crate::support::pictures::{BLUE, RED, is_near, jpeg, png};
use crate::support::wait::until;
use crate::support::{Running, owner};

fn plain(color: Rgb<u8>) -> Vec<u8> {
    jpeg(&RgbImage::from_pixel(400, 300, color))
}

/// The names of the stored variants of a path.
async fn variants(s3: &Client, path: &str) -> Vec<String> {
    let prefix = format!("{}/", &path[1..]);
    let listed = s3.list_objects_v2().bucket(VARIANTS).prefix(&prefix).send().await.unwrap();
    let names = listed.contents().iter().map(|object| object.key().unwrap()[prefix.len()..].to_owned());
    names.collect()
}

/// Replaces an upload by another file with the tag `pending`, as a client with write access to the bucket can.
async fn replace(s3: &Client, path: &str, media_type: &str, bytes: Vec<u8>) {
    let request = s3.put_object().bucket(ORIGINALS).key(&path[1..]).content_type(media_type);
    request.tagging("state=pending").body(bytes.into()).send().await.unwrap();
}

/// Runs a test with each value of `delivery.keep`. Each variant is dear.
async fn with_each_keep(test: impl AsyncFn(Running, Keep)) {
    for keep in KEEPS {
        test(Running::with_policy(Policy { keep, ..Policy::built_in() }).await, keep).await;
    }
}

#[tokio::test]
async fn every_variant_of_a_replaced_picture_shows_the_new_one() {
    with_each_keep(every_variant_shows_the_new_picture).await;
}

async fn every_variant_shows_the_new_picture(stack: Running, _: Keep) {
    let s3 = stack.s3();
    let path = stack.upload("cat.jpg", "image/jpeg", &plain(RED)).await;
    let paths = ["?w=64", "?w=128", "?w=256&fm=png", ""].map(|query| format!("{path}{query}"));
    for path in &paths {
        assert!(is_near(*stack.get(path).await.picture().get_pixel(9, 9), RED), "{path}");
        assert_eq!(stack.get(path).await.header("x-cache"), "Hit from edge", "{path}");
    }
    replace(&s3, &path, "image/jpeg", plain(BLUE)).await;
    until("the new picture", async || {
        let got = stack.get(&paths[0]).await;
        got.status == 200 && is_near(*got.picture().get_pixel(9, 9), BLUE)
    })
    .await;
    for path in &paths {
        assert!(is_near(*stack.get(path).await.picture().get_pixel(9, 9), BLUE), "{path}");
    }
}

#[tokio::test]
async fn a_removed_picture_leaves_no_variant() {
    with_each_keep(no_variant_is_left).await;
}

async fn no_variant_is_left(stack: Running, keep: Keep) {
    let s3 = stack.s3();
    let path = stack.upload("cat.jpg", "image/jpeg", &plain(RED)).await;
    let other = stack.upload("cat.jpg", "image/jpeg", &plain(RED)).await;
    let stored = usize::from(keep != Keep::Never);
    for path in [&path, &other] {
        assert_eq!(stack.get(&format!("{path}?w=64")).await.status, 200);
        until("the stored variant", async || variants(&s3, path).await.len() == stored).await;
    }
    s3.delete_object().bucket(ORIGINALS).key(&path[1..]).send().await.unwrap();
    until("the removal of the original", async || stack.get(&format!("{path}?w=64")).await.status == 404)
        .await;
    assert_eq!(variants(&s3, &path).await, Vec::<String>::new());
    assert_eq!(stack.get(&path).await.status, 404);
    assert_eq!(stack.get(&format!("{other}?w=64")).await.status, 200);
    assert_eq!(variants(&s3, &other).await.len(), stored, "another file's variants stay");
}

#[tokio::test]
async fn more_variants_than_one_page_of_a_listing_are_removed() {
    let stack = Running::start().await;
    let s3 = stack.s3();
    let path = stack.upload("cat.jpg", "image/jpeg", &plain(RED)).await;
    for number in 0..1_005 {
        let key = format!("{}/w={number}", &path[1..]);
        s3.put_object().bucket(VARIANTS).key(key).body(vec![0].into()).send().await.unwrap();
    }
    s3.delete_object().bucket(ORIGINALS).key(&path[1..]).send().await.unwrap();
    until("the removal of the variants", async || variants(&s3, &path).await.is_empty()).await;
}

#[tokio::test]
async fn an_original_replaced_during_rendering_leaves_no_stale_variant() {
    with_each_keep(no_stale_variant_is_left).await;
}

async fn no_stale_variant_is_left(stack: Running, _: Keep) {
    let s3 = stack.s3();
    let large =
        |Rgb([red, green, blue])| png(&RgbaImage::from_pixel(2500, 2000, [red, green, blue, 255].into()));
    let path = stack.upload("cat.png", "image/png", &large(RED)).await;
    let widths = [64, 128, 256, 384, 480, 640, 750, 828];
    let asked = widths.map(|width| format!("{path}?w={width}&fm=jpeg"));
    for (round, color) in [BLUE, RED, BLUE].into_iter().enumerate() {
        let gets = futures::future::join_all(asked.iter().map(|path| stack.get(path)));
        let (_, ()) = tokio::join!(gets, replace(&s3, &path, "image/png", large(color)));
        until("the new picture, checked and clean", async || {
            let got = stack.get(&asked[0]).await;
            got.status == 200 && is_near(*got.picture().get_pixel(9, 9), color)
        })
        .await;
        for path in &asked {
            let got = stack.get(path).await;
            assert!(is_near(*got.picture().get_pixel(9, 9), color), "round {round}: {path}");
        }
    }
}

#[tokio::test]
async fn presets_of_the_policy_are_rendered_before_the_first_request() {
    // Without a bucket nothing is rendered in advance.
    for keep in [Policy::built_in().keep, Keep::Always] {
        let mut policy = Policy { keep, ..Policy::built_in() };
        policy.rules.presets = [("card".to_owned(), Preset::parse("w=64&h=64&fit=crop").unwrap())].into();
        policy.prewarm = vec!["card".to_owned()];
        let stack = Running::with_policy(policy).await;
        let s3 = stack.s3();
        let path = stack.upload("cat.jpg", "image/jpeg", &plain(RED)).await;
        until("the variants of three classes", async || variants(&s3, &path).await.len() == 3).await;
        let got = stack.get(&format!("{path}?preset=card")).await;
        assert_eq!(got.picture().dimensions(), (64, 64));
        assert!(!got.header("server-timing").contains("decode"), "{}", got.header("server-timing"));

        let text = stack.upload("a.mp4", "video/mp4", b"\0\0\0\x18ftypisom\0\0\0\0isommp42").await;
        assert_eq!(variants(&s3, &text).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_pictures_of_a_batch_are_rendered_in_advance_one_after_another() {
    let mut policy = Policy::built_in();
    policy.rules.presets = [("card".to_owned(), Preset::parse("w=64&h=64&fit=crop").unwrap())].into();
    policy.prewarm = vec!["card".to_owned()];
    let stack = Running::start().await;
    let s3 = stack.s3();
    let mut paths = Vec::new();
    for _ in 0..10 {
        paths.push(stack.upload("cat.jpg", "image/jpeg", &plain(RED)).await);
    }
    let store = Store::new(&StoreConfig {
        s3: S3Config {
            endpoint: Some(stack.stack.addresses.s3.clone()),
            region: REGION.to_owned(),
            credentials: owner(),
            transport: Transport::NETWORK,
        },
        originals: ORIGINALS.to_owned(),
        variants: Some(VARIANTS.to_owned()),
    });
    // Two renderings at the same time would exceed the limit.
    let config = Config { slots: 1, queue: 0, queue_wait: Duration::ZERO, ..Config::of(&policy) };
    let render_service = Arc::new(RenderService::new(store.clone(), config));
    let upkeep = Upkeep {
        render_service,
        store,
        originals: ORIGINALS.to_owned(),
        cdn: None,
        settling: Duration::ZERO,
    };
    let message = |(number, path): (usize, &String)| {
        let detail = json!({ "bucket": { "name": ORIGINALS }, "object": { "key": &path[1..] } });
        let event = json!({ "source": "aws.s3", "detail-type": "Object Tags Added", "detail": detail });
        json!({ "eventSource": "aws:sqs", "messageId": number.to_string(), "body": event.to_string() })
    };
    let batch = json!({ "Records": paths.iter().enumerate().map(message).collect::<Vec<_>>() });
    let response = upkeep.handle(&batch).await.unwrap();
    assert!(response.batch_item_failures.is_empty(), "{:?}", response.batch_item_failures);
    for path in &paths {
        assert_eq!(variants(&s3, path).await.len(), 3, "{path}");
    }
}
