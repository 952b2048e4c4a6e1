//! The result of each operation on a picture whose corners have different colours.

use cdn_config::policy::Policy;
use contract::policy::UnsignedAccess;
use contract::preset::Preset;
use image::{Rgb, Rgba, RgbaImage};

use crate::support::Running;
use crate::support::pictures::{
    BLUE, GREEN, RED, YELLOW, assert_corners, corners, is_near, jpeg_with, png, quarters,
};

const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
const BLACK: Rgb<u8> = Rgb([0, 0, 0]);

async fn open() -> Running {
    let mut policy = Policy::built_in();
    policy.rules.unsigned = UnsignedAccess::Open;
    policy.rules.presets = [("card".to_owned(), Preset::parse("w=50&h=50&fit=crop&rot=180").unwrap())].into();
    Running::with_policy(policy).await
}

#[tokio::test]
async fn a_picture_is_turned_cropped_and_resized_as_requested() {
    let stack = open().await;
    // The picture is stored on its side. Every operation refers to the upright picture.
    let stored = image::imageops::rotate270(&quarters(300, 200));
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg_with(&stored, Some(6), None)).await;
    let check = async |query: &str, size: (u32, u32), expected: [Rgb<u8>; 4]| {
        let picture = stack.get(&format!("{photo}?fm=png&{query}")).await.picture();
        assert_eq!(picture.dimensions(), size, "{query}");
        assert_corners(&picture, expected, query);
    };
    let upright = [RED, GREEN, BLUE, YELLOW];
    check("", (300, 200), upright).await;
    check("rot=90", (200, 300), [GREEN, YELLOW, RED, BLUE]).await;
    check("rot=180", (300, 200), [YELLOW, BLUE, GREEN, RED]).await;
    check("rot=270", (200, 300), [BLUE, RED, YELLOW, GREEN]).await;
    check("flip=h", (300, 200), [GREEN, RED, YELLOW, BLUE]).await;
    check("flip=v", (300, 200), [BLUE, YELLOW, RED, GREEN]).await;
    check("flip=h&rot=90&w=100", (100, 150), [RED, BLUE, GREEN, YELLOW]).await;
    check("rect=150,0,150,200", (150, 200), [GREEN, GREEN, YELLOW, YELLOW]).await;
    check("rect=0,100,9999,9999&w=30", (30, 10), [BLUE, YELLOW, BLUE, YELLOW]).await;
    check("w=600&h=600&fit=scale", (600, 600), upright).await;
    check("w=600&h=600&fit=crop", (200, 200), upright).await;
    check("w=600&h=600&fit=crop&enlarge=1", (600, 600), upright).await;
    check("w=600&enlarge=1", (600, 400), upright).await;
    check("w=100&ar=2:1&fit=crop&crop=top", (100, 50), [RED, GREEN, BLUE, YELLOW]).await;
    check("w=80&h=200&fit=crop&fp-x=0&fp-y=0", (80, 200), [RED, RED, BLUE, BLUE]).await;
    check("w=80&h=200&fit=crop&fp-x=1&fp-y=0", (80, 200), [GREEN, GREEN, YELLOW, YELLOW]).await;
    check("w=80&h=200&fit=crop&fp-x=0&rot=180", (80, 200), [YELLOW, YELLOW, GREEN, GREEN]).await;
    check("blur=20", (300, 200), upright).await;
    check("sharp=100", (300, 200), upright).await;
    check("p=card", (50, 50), [YELLOW, BLUE, GREEN, RED]).await;
    check("p=card&rot=0&w=40", (40, 50), upright).await;
}

#[tokio::test]
async fn a_filled_picture_is_padded_to_exactly_the_size() {
    let stack = open().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg_with(&quarters(300, 200), None, None)).await;
    let check = async |query: &str, above: Rgba<u8>| {
        let picture = stack.get(&format!("{photo}?w=400&h=300&{query}")).await.picture();
        assert_eq!(picture.dimensions(), (400, 300), "{query}");
        let found = *picture.get_pixel(200, 4);
        let [red, green, blue, alpha] = above.0;
        assert!(is_near(found, Rgb([red, green, blue])) && found.0[3] == alpha, "{query}: {found:?}");
        assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], query);
    };
    check("fit=fill&fm=png", Rgba([0, 0, 0, 0])).await;
    check("fit=fill&fm=jpeg", Rgba([255, 255, 255, 255])).await;
    check("fit=fillmax&fm=jpeg&bg=black", Rgba([0, 0, 0, 255])).await;
    check("fit=fillmax&fm=webp&bg=red", Rgba([255, 0, 0, 255])).await;
}

#[tokio::test]
async fn a_uniform_border_is_trimmed() {
    let stack = open().await;
    let inner = quarters(100, 60);
    let framed = RgbaImage::from_fn(180, 120, |x, y| {
        let inside = x.checked_sub(50).zip(y.checked_sub(20)).filter(|(x, y)| *x < 100 && *y < 60);
        let Rgb([red, green, blue]) = inside.map_or(WHITE, |(x, y)| *inner.get_pixel(x, y));
        Rgba([red, green, blue, 255])
    });
    let path = stack.upload("framed.png", "image/png", &png(&framed)).await;
    let check = async |query: &str, size: (u32, u32)| {
        let picture = stack.get(&format!("{path}?fm=png&{query}")).await.picture();
        assert_eq!(picture.dimensions(), size, "{query}");
        picture
    };
    let upright = [RED, GREEN, BLUE, YELLOW];
    assert_corners(&check("trim=auto", (100, 60)).await, upright, "auto");
    assert_corners(&check("trim=white&w=50", (50, 30)).await, upright, "white");
    assert_corners(
        &check("trim=auto&rect=40,0,140,120&rot=180", (100, 60)).await,
        [YELLOW, BLUE, GREEN, RED],
        "all",
    );
    check("trim=black", (180, 120)).await;
    let border = check("trim=auto&rect=0,0,40,120", (40, 120)).await;
    assert!(corners(&border).iter().all(|color| is_near(*color, WHITE)));
}

#[tokio::test]
async fn a_crop_by_content_keeps_the_detailed_part() {
    let stack = open().await;
    let busy = RgbaImage::from_fn(600, 200, |x, y| {
        let is_dark = (450..550).contains(&x) && (50..150).contains(&y) && (x / 8 + y / 8) % 2 == 0;
        if is_dark { Rgba([0, 0, 0, 255]) } else { Rgba([200, 200, 200, 255]) }
    });
    let path = stack.upload("busy.png", "image/png", &png(&busy)).await;
    for crop in ["entropy", "attention"] {
        for turn in ["", "&rot=90", "&flip=h"] {
            let side = if turn == "&rot=90" { "w=200&h=201" } else { "w=201&h=200" };
            let query = format!("{path}?fm=png&{side}&fit=crop&crop={crop}{turn}");
            let picture = stack.get(&query).await.picture();
            let dark = picture.pixels().filter(|pixel| is_near(**pixel, BLACK)).count();
            assert!(dark > 4000, "{query}: {dark} of about 5000 dark pixels");
        }
    }
}

#[tokio::test]
async fn a_blurred_picture_has_no_edges_and_a_sharpened_one_steeper_ones() {
    let stack = open().await;
    let half = RgbaImage::from_fn(200, 100, |x, _| {
        let gray = if x < 100 { 80 } else { 160 };
        Rgba([gray, gray, gray, 255])
    });
    let path = stack.upload("half.png", "image/png", &png(&half)).await;
    let across = async |query: &str| {
        let picture = stack.get(&format!("{path}?fm=png&{query}")).await.picture();
        [20, 98, 99, 100, 101, 180].map(|x| picture.get_pixel(x, 50).0[0])
    };
    assert_eq!(across("").await, [80, 80, 80, 160, 160, 160]);
    let [left, .., right] = across("sharp=50").await;
    let [_, _, below, above, ..] = across("sharp=50").await;
    assert!(below < 70 && above > 170 && (left, right) == (80, 160), "{below} {above}");
    let [left, _, below, above, _, right] = across("blur=200").await;
    assert!(above - below < 8 && left < 90 && right > 150, "{left} {below} {above} {right}");
}

#[tokio::test]
async fn every_lossy_format_encodes_the_finished_picture() {
    let stack = open().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg_with(&quarters(300, 200), None, None)).await;
    for format in ["jpeg", "webp"] {
        let middle = async |query: &str| {
            let picture = stack.get(&format!("{photo}?w=200&fm={format}&{query}")).await.picture();
            (*picture.get_pixel(98, 20), *picture.get_pixel(101, 20))
        };
        let (left, right) = middle("q=90").await;
        assert!(is_near(left, RED) && is_near(right, GREEN), "{format}: {left:?} {right:?}");
        let (left, right) = middle("q=90&blur=200").await;
        let between = Rgb([125, 105, 30]);
        assert!(
            [left, right]
                .iter()
                .all(|pixel| { pixel.0.iter().zip(between.0).all(|(a, b)| a.abs_diff(b) <= 25) }),
            "{format}: {left:?} {right:?}"
        );
    }
}

#[tokio::test]
async fn a_rect_outside_the_picture_is_refused() {
    let stack = open().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg_with(&quarters(300, 200), None, None)).await;
    let inside = stack.get(&format!("{photo}?rect=299,199,1,1&fm=png")).await.picture();
    assert_eq!(inside.dimensions(), (1, 1));
    let outside = stack.get(&format!("{photo}?rect=300,0,1,1")).await;
    assert_eq!(outside.status, 400);
    assert_eq!(outside.json()["detail"], "'rect' lies outside the picture of 300×200 pixels");
}
