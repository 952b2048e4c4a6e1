//! Variants that viewers get: size, orientation, colours, alpha, format.

use image::{Rgba, RgbaImage};
use serde_json::json;

use crate::support::Running;
use crate::support::pictures::{
    BLUE, GREEN, RED, YELLOW, assert_corners, avif, corners, is_near, jpeg, jpeg_with, mislabelled_jpeg, png,
    quarters, webp,
};

const AVIF: (&str, &str) = ("accept", "image/avif,image/webp,*/*");
const WEBP: (&str, &str) = ("accept", "image/webp,*/*");
const ANY: (&str, &str) = ("accept", "*/*");

#[tokio::test]
async fn a_photo_has_the_size_and_format_that_the_viewer_requests() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(1600, 1200))).await;
    let check = async |query: &str, accept, media_type: &str, size: (u32, u32)| {
        let got = stack.send("GET", &format!("{photo}{query}"), &[accept]).await;
        assert_eq!(got.header("content-type"), media_type, "{query} {accept:?}");
        let picture = got.picture();
        assert_eq!(picture.dimensions(), size, "{query}");
        assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], query);
    };
    check("?w=640", AVIF, "image/avif", (640, 480)).await;
    check("?w=640&fm=avif", ANY, "image/avif", (640, 480)).await;
    check("?w=640", WEBP, "image/webp", (640, 480)).await;
    check("?w=640", ANY, "image/jpeg", (640, 480)).await;
    check("?width=640", ANY, "image/jpeg", (640, 480)).await;
    check("?w=641", ANY, "image/jpeg", (750, 563)).await;
    check("?w=320&dpr=2", ANY, "image/jpeg", (640, 480)).await;
    check("?h=480&fm=png", ANY, "image/png", (640, 480)).await;
    check("?w=3840", ANY, "image/jpeg", (1600, 1200)).await;
    check("?w=256&h=256&fit=crop&fm=webp&q=90", ANY, "image/webp", (256, 256)).await;
    check("?f=jpg&quality=50", WEBP, "image/jpeg", (1600, 1200)).await;
    check("?auto=format,compress&w=64", WEBP, "image/webp", (64, 48)).await;
}

#[tokio::test]
async fn every_source_format_is_rendered_to_every_output_format() {
    let stack = Running::start().await;
    let picture = quarters(300, 200);
    let opaque = RgbaImage::from_fn(300, 200, |x, y| {
        let [red, green, blue] = picture.get_pixel(x, y).0;
        Rgba([red, green, blue, 255])
    });
    let sources = [
        ("a.jpg", "image/jpeg", jpeg(&picture)),
        ("a.png", "image/png", png(&opaque)),
        ("a.webp", "image/webp", webp(&picture)),
        ("a.avif", "image/avif", avif(&picture)),
    ];
    for (name, media_type, bytes) in sources {
        let path = stack.upload(name, media_type, &bytes).await;
        for format in ["jpeg", "png", "webp", "avif"] {
            let got = stack.get(&format!("{path}?w=128&fm={format}")).await;
            assert_eq!(got.header("content-type"), format!("image/{format}"), "{name}");
            assert_corners(&got.picture(), [RED, GREEN, BLUE, YELLOW], &format!("{name} as {format}"));
        }
    }
}

#[tokio::test]
async fn all_eight_orientations_are_rendered_upright_without_metadata() {
    let stack = Running::start().await;
    let upright = quarters(320, 200);
    for orientation in 1..=8 {
        let stored = match orientation {
            1 => upright.clone(),
            2 => image::imageops::flip_horizontal(&upright),
            3 => image::imageops::rotate180(&upright),
            4 => image::imageops::flip_vertical(&upright),
            5 => image::imageops::flip_horizontal(&image::imageops::rotate90(&upright)),
            6 => image::imageops::rotate270(&upright),
            7 => image::imageops::flip_horizontal(&image::imageops::rotate270(&upright)),
            _ => image::imageops::rotate90(&upright),
        };
        let bytes = jpeg_with(&stored, Some(orientation), None);
        let path = stack.upload("turned.jpg", "image/jpeg", &bytes).await;
        let got = stack.get(&format!("{path}?w=256")).await;
        let picture = got.picture();
        assert_eq!(picture.dimensions(), (256, 160), "{orientation}");
        assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], &orientation.to_string());
        let has = |needle: &[u8]| got.body.windows(needle.len()).any(|window| window == needle);
        assert!(!has(b"Exif") && !has(b"Ann"), "orientation {orientation} still has metadata");
    }
}

#[tokio::test]
async fn a_wide_gamut_profile_is_applied() {
    let stack = Running::start().await;
    let flat = image::RgbImage::from_pixel(64, 64, image::Rgb([200, 100, 50]));
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let path = stack.upload("p3.jpg", "image/jpeg", &jpeg_with(&flat, None, Some(profile))).await;
    let picture = stack.get(&format!("{path}?w=32&fm=png")).await.picture();
    // Display P3 (200, 100, 50) in sRGB, by the matrices of both colour spaces.
    assert!(
        is_near(*picture.get_pixel(16, 16), image::Rgb([215, 93, 31])),
        "{:?}",
        picture.get_pixel(16, 16)
    );
}

#[tokio::test]
async fn transparency_is_kept_or_composed_over_the_background_without_bleeding() {
    let stack = Running::start().await;
    // The left half is red. The right half is transparent, and its invisible colour is pure green.
    let picture =
        RgbaImage::from_fn(
            400,
            400,
            |x, _| if x < 200 { Rgba([220, 30, 30, 255]) } else { Rgba([0, 255, 0, 0]) },
        );
    let path = stack.upload("hole.png", "image/png", &png(&picture)).await;
    let get = async |query: &str| stack.get(&format!("{path}{query}")).await;

    let kept = get("?w=128").await;
    assert_eq!(kept.header("content-type"), "image/png");
    let kept = kept.picture();
    let [left, right, ..] = corners(&kept);
    assert_eq!((left, right.0[3]), (Rgba([220, 30, 30, 255]), 0));
    let bleeds = kept.pixels().any(|pixel| pixel.0[3] > 0 && pixel.0[1] > 60);
    assert!(!bleeds, "the hole's colour shows at its edge");

    let avif = get("?w=128&fm=avif").await.picture();
    let [left, right, ..] = corners(&avif);
    assert!(
        is_near(left, image::Rgb([220, 30, 30])) && left.0[3] > 250 && right.0[3] < 6,
        "{left:?} {right:?}"
    );

    let white = get("?w=128&fm=jpeg").await.picture();
    assert!(is_near(corners(&white)[1], image::Rgb([255, 255, 255])));
    let (status, link) =
        stack.ask_signer("/signed-urls", &json!({ "url": format!("{path}?w=128&fm=jpeg&bg=black") })).await;
    assert_eq!(status, 200, "{link}");
    let black = stack.get(link["url"].as_str().unwrap()).await.picture();
    assert!(is_near(corners(&black)[1], image::Rgb([0, 0, 0])));
}

#[tokio::test]
async fn damaged_and_too_large_pictures_are_rejected_with_the_reason() {
    let stack = Running::storing().await;
    let check = async |name: &str, bytes: &[u8], status: u16, word: &str| {
        let path = stack.upload(name, "image/jpeg", bytes).await;
        let got = stack.get(&format!("{path}?w=64")).await;
        assert_eq!(got.status, status, "{name}");
        assert_eq!(got.header("content-type"), "application/problem+json");
        let detail = got.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(word), "{name}: {detail}");
    };
    check("cut.jpg", &jpeg(&quarters(64, 64))[..30], 415, "damaged").await;
    check("bomb.jpg", &mislabelled_jpeg(60_000, 60_000), 400, "60000×60000").await;
    check("just-too-large.jpg", &mislabelled_jpeg(10_001, 10_000), 400, "100000000").await;
    let got = stack.get("/files/none.jpg?w=64").await;
    assert_eq!((got.status, got.header("cache-control")), (404, "public, max-age=1"));
    assert!(stack.stored_variants().await.is_empty());
}
