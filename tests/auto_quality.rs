//! What `q=auto` makes of smooth pictures and of hard ones.

use image::{ImageFormat, Rgb, RgbImage};

use crate::support::Running;
use crate::support::pictures::encoded;

/// Light that changes slowly.
fn smooth() -> RgbImage {
    RgbImage::from_fn(400, 300, |x, y| Rgb([120 + x / 8, 150 + y / 8, 140 + (x + y) / 16].map(|n| n as u8)))
}

/// Fine coloured noise over the same, alike in every run.
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
async fn a_smooth_picture_takes_fewer_bytes_and_a_hard_one_a_higher_quality_than_the_usual() {
    let stack = Running::start().await;
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
            let what = format!("{source:?} as {format}");
            let (by_picture, usual) = (get(&smooth_path, "auto").await, get(&smooth_path, "80").await);
            assert!(by_picture.body.len() < usual.body.len(), "{what}");
            let (chosen, expected) = (by_picture.picture(), get(&smooth_path, "90").await.picture());
            let worst = chosen.iter().zip(expected.iter()).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(8), "{what}: {worst:?}");

            let (by_picture, usual) = (get(&noisy_path, "auto").await, get(&noisy_path, "80").await);
            assert!(by_picture.body.len() > usual.body.len(), "{what}");
        }
    }
}

#[tokio::test]
async fn a_format_without_quality_is_the_same_at_every_one() {
    let stack = Running::start().await;
    let path = stack.upload("noisy.png", "image/png", &encoded(&noisy(), ImageFormat::Png)).await;
    let plain = stack.get(&format!("{path}?w=128&fm=png")).await;
    let by_picture = stack.get(&format!("{path}?w=128&fm=png&q=auto")).await;
    assert_eq!(by_picture.body, plain.body);
    // A graphic's automatic format is PNG for viewers that read nothing newer.
    let by_picture = stack.get(&format!("{path}?w=128&q=auto")).await;
    assert_eq!(by_picture.header("content-type"), "image/png");
    assert_eq!(by_picture.body, plain.body);
}
