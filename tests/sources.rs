//! Sources of other formats than JPEG, PNG and WebP, and the information document.

use image::{ImageFormat, Rgb, Rgba, RgbaImage};

use crate::support::Running;
use crate::support::pictures::{
    BLUE, GREEN, RED, YELLOW, assert_corners, corners, encoded, is_near, jpeg_of_twelve_bits, jpeg_with, png,
    png_of_16_bits, quarters,
};

const WEBP: (&str, &str) = ("accept", "image/webp");

#[tokio::test]
async fn still_pictures_are_recognised_by_content_and_not_by_name() {
    let stack = Running::start().await;
    let picture = quarters(120, 80);
    let svg = "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' width='120' height='80'>\
        <rect width='60' height='40' fill='#dc1e1e'/><rect x='60' width='60' height='40' fill='#1eb41e'/>\
        <rect y='40' width='60' height='40' fill='#1e1edc'/>\
        <rect x='60' y='40' width='60' height='40' fill='#e6dc28'/></svg>";
    let sources = [
        ("tiff", encoded(&picture, ImageFormat::Tiff)),
        ("bmp", encoded(&picture, ImageFormat::Bmp)),
        ("ico", encoded(&picture, ImageFormat::Ico)),
        ("png-of-16-bits", png_of_16_bits(&picture)),
        ("svg", svg.into()),
    ];
    for (name, bytes) in sources {
        let path = stack.store(&format!("{name}.jpg"), "image/jpeg", &bytes).await;
        for format in ["jpeg", "png", "webp"] {
            let got = stack.get(&format!("{path}?w=96&fm={format}")).await;
            let picture = got.picture();
            assert_eq!(got.header("content-type"), format!("image/{format}"), "{name}");
            assert_eq!(picture.dimensions(), (96, 64), "{name}");
            assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], &format!("{name} as {format}"));
        }
        let got = stack.send("GET", &format!("{path}?w=64"), &[WEBP]).await;
        assert_eq!(got.header("content-type"), "image/webp", "{name}");
    }
}

#[tokio::test]
async fn an_svg_is_rendered_at_the_requested_size_and_loads_nothing() {
    let stack = Running::start().await;
    let svg = "<!DOCTYPE svg [<!ENTITY red '#ff0000'>]>\
        <svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 24 24'>\
        <script>fetch('http://127.0.0.1/')</script><image href='file:///etc/passwd' width='24' height='24'/>\
        <image xlink:href='http://127.0.0.1:1/a.png' width='24' height='24'/><rect width='12' height='24' fill='&red;'/></svg>";
    let path = stack.upload("icon.svg", "image/svg+xml", svg.as_bytes()).await;
    let picture = stack.get(&format!("{path}?w=640&fm=png")).await.picture();
    assert_eq!(picture.dimensions(), (640, 640));
    assert_eq!(*picture.get_pixel(318, 320), Rgba([255, 0, 0, 255]));
    assert_eq!(picture.get_pixel(321, 320).0[3], 0);
    let huge =
        "<svg xmlns='http://www.w3.org/2000/svg' width='100000' height='50000'><text y='9'>hi</text></svg>";
    let path = stack.upload("huge.svg", "image/svg+xml", huge.as_bytes()).await;
    assert_eq!(stack.get(&format!("{path}?w=640&fm=png")).await.picture().dimensions(), (640, 320));
}

#[tokio::test]
async fn unsupported_formats_are_named_and_svgs_that_expand_are_rejected() {
    let stack = Running::start().await;
    let check = async |name: &str, bytes: &[u8], status: u16, word: &str| {
        let path = stack.store(name, "image/jpeg", bytes).await;
        for query in ["?w=64", "?fm=json"] {
            let got = stack.get(&format!("{path}{query}")).await;
            assert_eq!(got.status, status, "{name}");
            let detail = got.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(word), "{name}: {detail}");
        }
    };
    check("photo.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", 415, "still picture").await;
    check("clip.jpg", b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", 415, "video").await;
    check("paper.jpg", b"%PDF-1.7\n", 415, "PDF").await;
    check("twelve.jpg", &jpeg_of_twelve_bits(), 415, "8 bits a sample").await;
    let svg = |content: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{content}</svg>")
    };
    check("words.jpg", svg("<text y='9'>hi 漢</text>").as_bytes(), 415, "U+6F22").await;
    let html = "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>hi</p></foreignObject>";
    check("html.jpg", svg(html).as_bytes(), 415, "foreignObject").await;
    let levels: String = (1..12)
        .map(|n| format!("<g id='u{n}'>{}</g>", format!("<use href='#u{}'/>", n - 1).repeat(9)))
        .collect::<Vec<_>>()
        .concat();
    check("uses.jpg", svg(&format!("<g id='u0'/>{levels}")).as_bytes(), 415, "elements").await;
}

#[tokio::test]
async fn the_information_document_is_the_same_for_all_sizes() {
    let stack = Running::start().await;
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let photo = image::RgbImage::from_pixel(400, 300, Rgb([200, 100, 50]));
    let bytes = jpeg_with(&photo, Some(6), Some(profile));
    let path = stack.upload("photo.jpg", "image/jpeg", &bytes).await;
    let got = stack.get(&format!("{path}?fm=json")).await;
    assert_eq!((got.status, got.header("content-type")), (200, "application/json"));
    let info = got.json();
    let expected =
        [("width", 300), ("height", 400), ("orientation", 6), ("frames", 1), ("bytes", bytes.len())];
    for (name, value) in expected {
        assert_eq!(info[name], value, "{name}");
    }
    assert_eq!((info["format"].as_str(), info["alpha"].as_bool()), (Some("jpeg"), Some(false)));
    assert_eq!(info["complete"].as_bool(), Some(true));
    let cut = stack.store("cut.jpg", "image/jpeg", &bytes[..bytes.len() - 9]).await;
    assert_eq!(stack.get(&format!("{cut}?fm=json")).await.json()["complete"].as_bool(), Some(false));
    assert!(info["colorProfile"].as_str().unwrap().contains("P3"), "{info:#}");
    let dominant =
        u32::from_str_radix(info["dominantColor"].as_str().unwrap().trim_start_matches('#'), 16).unwrap();
    let [_, red, green, blue] = dominant.to_be_bytes();
    assert!(is_near(Rgba([red, green, blue, 255]), Rgb([215, 93, 31])), "{info:#}");
    assert!(!info["thumbHash"].as_str().unwrap().is_empty());

    let variants = info["variants"].as_array().unwrap();
    let widths: Vec<_> = variants.iter().map(|variant| variant["width"].as_u64().unwrap()).collect();
    assert_eq!(widths, [16, 32, 48, 64, 96, 128, 256]);
    let largest = stack.get(variants.last().unwrap()["url"].as_str().unwrap()).await.picture();
    assert_eq!(largest.width(), 256);

    let again = stack.get(&format!("{path}?w=640&fm=json&q=3")).await;
    assert_eq!((again.body, again.headers.get("etag")), (got.body, got.headers.get("etag")));
    let head = stack.send("HEAD", &format!("{path}?fm=json"), &[]).await;
    assert_eq!((head.status, head.header("etag")), (200, got.headers["etag"].to_str().unwrap()));
}

#[tokio::test]
async fn the_information_document_reports_alpha_and_svg_sizes() {
    let stack = Running::start().await;
    let hole = RgbaImage::from_fn(64, 64, |x, _| if x < 40 { Rgba([9, 200, 9, 255]) } else { Rgba([0; 4]) });
    let path = stack.upload("hole.png", "image/png", &png(&hole)).await;
    let info = stack.get(&format!("{path}?fm=json")).await.json();
    assert_eq!((info["alpha"].as_bool(), info["dominantColor"].as_str()), (Some(true), Some("#09c809")));
    assert!(info["colorProfile"].is_null());
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='2in' height='1in'/>";
    let path = stack.upload("a.svg", "image/svg+xml", svg.as_bytes()).await;
    let info = stack.get(&format!("{path}?fm=json")).await.json();
    assert_eq!(
        (info["format"].as_str(), info["width"].as_u64(), info["height"].as_u64()),
        (Some("svg"), Some(192), Some(96))
    );
}

#[tokio::test]
async fn sixteen_bits_are_converted_to_srgb_before_they_are_rounded_to_eight() {
    let stack = Running::start().await;
    // Linear light of 150/65535 is 7 in sRGB, and 0 if its lower 8 bits are dropped first.
    let picture = image::ImageBuffer::from_fn(64, 64, |x, _| Rgb([if x < 32 { 150_u16 } else { 65535 }; 3]));
    let mut bytes = Vec::new();
    image::DynamicImage::ImageRgb16(picture)
        .write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    // Inserts a gAMA chunk of 1.0 after IHDR.
    let gamma = [&[0, 0, 0, 4][..], b"gAMA", &100_000_u32.to_be_bytes(), &[0x31, 0xe8, 0x96, 0x5f]].concat();
    bytes.splice(33..33, gamma);
    let path = stack.upload("linear.png", "image/png", &bytes).await;
    let picture = stack.get(&format!("{path}?w=32&fm=png")).await.picture();
    let [dark, light, ..] = corners(&picture);
    assert!(dark.0[0].abs_diff(7) <= 1 && light.0[0] == 255, "{dark:?} {light:?}");
}
