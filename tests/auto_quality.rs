//! `q=auto` for smooth and for noisy pictures. The stack's policy permits it in unsigned requests.

use cdn_config::policy::Policy;
use contract::policy::UnsignedAccess;
use image::{ImageFormat, Rgb, RgbImage};

use crate::support::Running;
use crate::support::pictures::encoded;

async fn open() -> Running {
    let mut policy = Policy::built_in();
    policy.rules.unsigned = UnsignedAccess::Open;
    Running::with_policy(policy).await
}

/// Colours that change slowly.
fn smooth() -> RgbImage {
    RgbImage::from_fn(400, 300, |x, y| Rgb([120 + x / 8, 150 + y / 8, 140 + (x + y) / 16].map(|n| n as u8)))
}

/// The same picture with fine coloured noise. The noise is identical in every run.
fn noisy() -> RgbImage {
    let mut state = 1_u32;
    let mut picture = smooth();
    for pixel in picture.pixels_mut() {
        for sample in &mut pixel.0 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 24) % 48;
            *sample = (u32::from(*sample) + noise).saturating_sub(24).min(255) as u8;
        }
    }
    picture
}

#[tokio::test]
async fn auto_quality_takes_fewer_bytes_than_80_for_a_smooth_picture_and_more_for_a_noisy_one() {
    let stack = open().await;
    for source in [ImageFormat::Jpeg, ImageFormat::Png] {
        let upload = async |name: &str, picture: &RgbImage| {
            let name = format!("{name}.{}", source.extensions_str()[0]);
            stack.upload(&name, source.to_mime_type(), &encoded(picture, source)).await
        };
        let (smooth_path, noisy_path) = (upload("smooth", &smooth()).await, upload("noisy", &noisy()).await);
        for format in ["jpeg", "webp", "avif"] {
            let get = async |path: &str, quality: &str| {
                let got = stack.get(&format!("{path}?w=384&q={quality}&fm={format}")).await;
                assert_eq!((got.status, got.header("content-type")), (200, &*format!("image/{format}")));
                got
            };
            let context = format!("{source:?} as {format}");
            let (auto, fixed) = (get(&smooth_path, "auto").await, get(&smooth_path, "80").await);
            assert!(auto.body.len() < fixed.body.len(), "{context}");
            let (chosen, expected) = (auto.picture(), get(&smooth_path, "90").await.picture());
            let worst = chosen.iter().zip(expected.iter()).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(8), "{context}: {worst:?}");

            let (auto, fixed) = (get(&noisy_path, "auto").await, get(&noisy_path, "80").await);
            assert!(auto.body.len() > fixed.body.len(), "{context}");
        }
    }
}

#[tokio::test]
async fn png_is_the_same_with_and_without_auto_quality() {
    let stack = open().await;
    let path = stack.upload("noisy.png", "image/png", &encoded(&noisy(), ImageFormat::Png)).await;
    let plain = stack.get(&format!("{path}?w=128&fm=png")).await;
    let auto = stack.get(&format!("{path}?w=128&fm=png&q=auto")).await;
    assert_eq!(auto.body, plain.body);
    // The automatic format of a graphic is PNG for viewers that accept nothing newer.
    let auto = stack.get(&format!("{path}?w=128&q=auto")).await;
    assert_eq!(auto.header("content-type"), "image/png");
    assert_eq!(auto.body, plain.body);
}
