//! Every type in the table of media types: an accepted file is served, under each name of its type.

use contract::media_types::{KnownType, MEDIA_TYPES, Usage};
use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;
use zune_core::bit_depth::BitDepth;
use zune_core::colorspace::ColorSpace;
use zune_core::options::EncoderOptions;

use crate::support::Running;
use crate::support::pictures::{
    BLUE, GREEN, RED, YELLOW, assert_corners, avif, encoded, jpeg, png, quarters, webp,
};

const WIDTH: u32 = 120;
const HEIGHT: u32 = 80;

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='120' height='80'>\
    <rect width='60' height='40' fill='#dc1e1e'/><rect x='60' width='60' height='40' fill='#1eb41e'/>\
    <rect y='40' width='60' height='40' fill='#1e1edc'/>\
    <rect x='60' y='40' width='60' height='40' fill='#e6dc28'/></svg>";

/// A picture of four colours as a file of a type.
fn file(name: &str) -> Vec<u8> {
    let picture = quarters(WIDTH, HEIGHT);
    match name {
        "image/jpeg" => jpeg(&picture),
        "image/png" => png(&image::DynamicImage::from(picture).to_rgba8()),
        "image/apng" => apng(&picture),
        "image/webp" => webp(&picture),
        "image/gif" => encoded(&picture, ImageFormat::Gif),
        "image/avif" => avif(&picture),
        "image/tiff" => encoded(&picture, ImageFormat::Tiff),
        "image/bmp" => encoded(&picture, ImageFormat::Bmp),
        "image/vnd.microsoft.icon" => encoded(&picture, ImageFormat::Ico),
        "image/jxl" => jxl(&picture),
        "image/heic" => include_bytes!("../codecs/fixtures/quarters.heic").to_vec(),
        "image/heif" => include_bytes!("../codecs/fixtures/heif.heic").to_vec(),
        "image/svg+xml" => SVG.into(),
        _ => panic!("this test can't make a file of the type {name}"),
    }
}

/// Two equal frames.
fn apng(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for _ in 0..2 {
        writer.write_image_data(picture.as_raw()).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

fn jxl(picture: &RgbImage) -> Vec<u8> {
    let options = EncoderOptions::new(WIDTH as usize, HEIGHT as usize, ColorSpace::RGB, BitDepth::Eight);
    let mut bytes = Vec::new();
    zune_jpegxl::JxlSimpleEncoder::new(picture.as_raw(), options).encode(&mut bytes).unwrap();
    bytes
}

fn names(known: &KnownType) -> Vec<&'static str> {
    [&[known.name], known.aliases].concat()
}

/// Uploads a file by a form or a PUT, and waits for the end of its check. Returns the state and the path on the CDN.
async fn sent(stack: &Running, method: &str, declared: &str, name: &str, bytes: &[u8]) -> (Value, String) {
    let request = json!({ "filename": name, "type": declared, "size": bytes.len(), "method": method });
    let (status, grant) = stack.sign(&request).await;
    assert_eq!(status, 201, "{declared}: {grant}");
    let stored = match method {
        "POST" => stack.post(&grant, bytes).await.0,
        _ => stack.put(&grant, bytes).await,
    };
    assert!(matches!(stored, 200 | 204), "{declared} by {method}: {stored}");
    let path = format!("/{}", grant["key"].as_str().unwrap());
    (stack.settled(&grant).await, path)
}

/// Checks that an upload is clean, of a type, and that its original and a variant of it are that picture.
async fn check_served(
    stack: &Running,
    (state, path): (Value, String),
    expected: &str,
    bytes: &[u8],
    what: &str,
) {
    assert_eq!((&state["state"], &state["type"]), (&json!("clean"), &json!(expected)), "{what}: {state}");
    let original = stack.get(&path).await;
    assert_eq!((original.status, original.header("content-type")), (200, expected), "{what}");
    assert!(original.header("cache-control").contains("immutable"), "{what}");
    assert!(original.body == bytes, "{what}");
    let variant = stack.get(&format!("{path}?w=96&fm=png")).await;
    let picture = variant.picture();
    assert_eq!((variant.header("content-type"), picture.dimensions()), ("image/png", (96, 64)), "{what}");
    assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], what);
}

#[tokio::test]
async fn every_picture_is_accepted_under_each_of_its_names_and_served() {
    let stack = Running::start().await;
    for known in &MEDIA_TYPES {
        let (Usage::Picture(format) | Usage::Drawing(format)) = known.usage else { continue };
        let bytes = file(known.name);
        for name in names(known) {
            for extension in known.extensions {
                let file_name = format!("a.{extension}");
                let upload = sent(&stack, "POST", name, &file_name, &bytes).await;
                assert!(upload.1.ends_with(&file_name), "{upload:?}");
                let info = stack.get(&format!("{}?fm=json", upload.1)).await.json();
                assert_eq!(info["format"], format, "{name}");
                check_served(&stack, upload, known.name, &bytes, &format!("{name} by POST")).await;
            }
            let upload = sent(&stack, "PUT", name, "a", &bytes).await;
            check_served(&stack, upload, known.name, &bytes, &format!("{name} by PUT")).await;
        }
    }
}

#[tokio::test]
async fn a_type_that_is_not_accepted_by_default_is_refused_at_the_upload_with_a_sentence() {
    let stack = Running::start().await;
    for known in MEDIA_TYPES.iter().filter(|known| !known.is_default()) {
        for name in names(known) {
            let (status, problem) = stack.sign(&json!({ "filename": "a", "type": name })).await;
            assert_eq!(status, 415, "{name}: {problem}");
            let detail = problem["detail"].as_str().unwrap();
            assert_eq!(known.usage, Usage::File);
            assert_eq!(detail, format!("files of the type {} are not accepted", known.name));
            let allowed = problem["allowed"].as_array().unwrap();
            assert!(
                allowed.contains(&json!("image/apng")) && !allowed.contains(&json!(known.name)),
                "{problem}"
            );
        }
    }
}

#[tokio::test]
async fn a_picture_that_is_declared_as_another_format_is_served_with_its_true_type() {
    let stack = Running::start().await;
    for (declared, actual) in [
        ("image/png", "image/jpeg"),
        ("image/jpeg", "image/avif"),
        ("image/x-icon", "image/png"),
        ("image/svg+xml", "image/webp"),
        ("image/webp", "image/vnd.microsoft.icon"),
        ("image/jpeg", "image/heic"),
    ] {
        let bytes = file(actual);
        for method in ["POST", "PUT"] {
            let upload = sent(&stack, method, declared, "a b.png", &bytes).await;
            let what = format!("{actual} declared as {declared} by {method}");
            check_served(&stack, upload, actual, &bytes, &what).await;
        }
    }
}

#[tokio::test]
async fn a_file_that_could_run_scripts_is_refused_as_a_picture() {
    let stack = Running::start().await;
    for (bytes, detected) in [
        (SVG, "image/svg+xml"),
        ("<!DOCTYPE html><script>alert(1)</script>", "text/html"),
        ("<?xml version='1.0'?><html/>", "text/html"),
        ("MZ\u{90}", "application/x-msdownload"),
    ] {
        for declared in ["image/png", "image/jpg", "image/x-icon"] {
            let (state, path) = sent(&stack, "POST", declared, "a.png", bytes.as_bytes()).await;
            let refusal = (&json!("refused"), &json!("other-content"));
            assert_eq!((&state["state"], &state["reason"]), refusal, "{detected} as {declared}: {state}");
            assert!(state["detail"].as_str().unwrap().contains(detected), "{state}");
            for query in ["", "?w=64"] {
                assert_eq!(
                    stack.get(&format!("{path}{query}")).await.status,
                    404,
                    "{detected} as {declared}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_correction_of_the_type_keeps_metadata_and_happens_once() {
    let stack = Running::start().await;
    let bytes = file("image/jpeg");
    let request = json!({ "filename": "a.png", "type": "image/png", "metadata": { "album": "a b/c" } });
    let (_, grant) = stack.sign(&request).await;
    assert_eq!(stack.post(&grant, &bytes).await.0, 204);
    let state = stack.settled(&grant).await;
    assert_eq!((&state["type"], &state["width"]), (&json!("image/jpeg"), &json!(WIDTH)), "{state}");
    let head = || stack.s3().head_object().bucket(ORIGINALS).key(grant["key"].as_str().unwrap()).send();
    let object = head().await.unwrap();
    assert_eq!(object.metadata().unwrap()["album"], "a b/c");
    // The event of the copy changes nothing.
    let next = sent(&stack, "POST", "image/png", "b.png", &bytes).await;
    assert_eq!(next.0["state"], "clean");
    assert_eq!(head().await.unwrap().version_id(), object.version_id());
}
