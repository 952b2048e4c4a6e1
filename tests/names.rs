//! Names with characters that CloudFront, Lambda and S3 encode in different ways.

use contract::key::Key;
use image::{Rgb, RgbImage};
use tintype::local::names::ORIGINALS;

use crate::support::Running;
use crate::support::pictures::{BLUE, RED, is_near, jpeg};
use crate::support::wait::until;

/// The last has a canonical path that is too long for a key in S3.
fn names() -> Vec<String> {
    let names = [
        "café.jpg",
        "a b.jpg",
        "a+b.jpg",
        "😺.jpg",
        "100%.jpg",
        "%C3%A9.jpg",
        "~a~7E.jpg",
        "it's \"(1)\"*.jpg",
    ];
    names.map(str::to_owned).into_iter().chain([format!("{}.jpg", "é".repeat(200))]).collect()
}

fn plain(color: Rgb<u8>) -> Vec<u8> {
    jpeg(&RgbImage::from_pixel(400, 300, color))
}

/// The object keys of an original's variants.
async fn stored(stack: &Running, key: &Key) -> Vec<String> {
    let prefix = format!("{}/", &key.to_canonical_path()[1..]);
    let variants = stack.stored_variants().await;
    variants.into_iter().filter(|name| name.starts_with(&prefix)).collect()
}

#[tokio::test]
async fn a_name_of_any_characters_has_variants_until_it_is_replaced_or_removed() {
    let stack = Running::storing().await;
    let keys: Vec<Key> =
        names().iter().map(|name| Key::parse(&format!("files/by-hand/{name}")).unwrap()).collect();
    for (key, name) in keys.iter().zip(names()) {
        stack.store(&name, "image/jpeg", &plain(RED)).await;
        let (original, variant) = (key.to_path(), format!("{}?w=64", key.to_path()));
        assert_eq!(stack.get(&original).await.body, plain(RED), "{key}");
        let got = stack.get(&variant).await;
        assert_eq!((got.status, got.picture().dimensions()), (200, (64, 48)), "{key}");
        assert_eq!(stack.get(&variant).await.header("x-cache"), "Hit from edge", "{key}");

        let object_key = format!("{}/w=64,fm=auto.base", &key.to_canonical_path()[1..]);
        let is_stored = object_key.len() <= 1024;
        assert_eq!(is_stored, !key.as_str().contains("éé"), "{key}");
        // A variant is stored while it is sent, and the edge answers from its cache before that has ended.
        let expected = if is_stored { vec![object_key] } else { Vec::new() };
        until("the stored variant", async || stored(&stack, key).await == expected).await;
    }
    for (key, name) in keys.iter().zip(names()) {
        let variant = format!("{}?w=64", key.to_path());
        stack.store(&name, "image/jpeg", &plain(BLUE)).await;
        until("the new picture", async || {
            let got = stack.get(&variant).await;
            got.status == 200 && is_near(*got.picture().get_pixel(9, 9), BLUE)
        })
        .await;
        stack.s3().delete_object().bucket(ORIGINALS).key(key.as_str()).send().await.unwrap();
        until("the removal", async || stack.get(&variant).await.status == 404).await;
        // A variant that was being stored meanwhile is removed after its write.
        until("no stored variant", async || stored(&stack, key).await.is_empty()).await;
    }
}
