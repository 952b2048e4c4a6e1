//! Renders every kind of source to every output format: upright, complete, in the right colours.

use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, RgbaImage};
use resize::edge::config::Config;
use resize::info::describe;
use resize::pipeline::{Encoded, render};
use resize::stopwatch::Stopwatch;

use crate::support::pictures::{
    BLUE, GREEN, RED, YELLOW, assert_corners, encoded, jpeg, jpeg_with, png, png_of_16_bits, quarters, webp,
};

const OUTPUTS: [&str; 5] = ["jpeg", "png", "webp", "avif", "gif"];

#[test]
fn every_kind_of_source_is_rendered_to_every_format() {
    let kinds = kinds();
    assert!(kinds.len() >= 12);
    for (kind, bytes) in &kinds {
        for output in OUTPUTS {
            let context = format!("{kind} as {output}");
            let encoded = rendered(bytes, &format!("w=96,fm={output}"), &context);
            assert_eq!((encoded.format.name(), encoded.width, encoded.height), (output, 96, 64), "{context}");
            let decoded = rendered(&encoded.bytes, "fm=png", &context);
            let picture = image::load_from_memory(&decoded.bytes).unwrap().to_rgba8();
            assert_eq!(picture.dimensions(), (96, 64), "{context}");
            if *kind != "gray JPEG" {
                assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], &context);
            }
        }
        let settings = Config::of(&Policy::built_in()).settings;
        let info =
            describe(bytes, &settings, watch()).unwrap_or_else(|error| panic!("{kind} as json: {error}"));
        assert_eq!((info.width, info.height), (120, 80), "{kind}");
    }
}

/// A file of every kind of source, 120 × 80 pixels upright, with a name.
fn kinds() -> Vec<(&'static str, Vec<u8>)> {
    let picture = quarters(120, 80);
    let opaque: RgbaImage = DynamicImage::ImageRgb8(picture.clone()).to_rgba8();
    let rotated = image::imageops::rotate270(&picture);
    let profile = moxcms::ColorProfile::new_srgb().encode().unwrap();
    let avif = rendered(&png(&opaque), "q=90,fm=avif", "an AVIF to read").bytes;
    vec![
        ("JPEG", jpeg(&picture)),
        ("JPEG on its side", jpeg_with(&rotated, Some(6), None)),
        ("JPEG with a profile", jpeg_with(&picture, None, Some(profile))),
        ("gray JPEG", gray(&picture)),
        ("PNG", encoded(&picture, ImageFormat::Png)),
        ("PNG with alpha", png(&opaque)),
        ("PNG of 16 bits", png_of_16_bits(&picture)),
        ("WebP", webp(&picture)),
        ("GIF", encoded(&picture, ImageFormat::Gif)),
        ("AVIF", avif),
        ("TIFF", encoded(&picture, ImageFormat::Tiff)),
        ("BMP", encoded(&picture, ImageFormat::Bmp)),
        ("ICO", encoded(&picture, ImageFormat::Ico)),
        ("SVG", SVG.into()),
    ]
}

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='120' height='80'>\
    <rect width='60' height='40' fill='#dc1e1e'/><rect x='60' width='60' height='40' fill='#1eb41e'/>\
    <rect y='40' width='60' height='40' fill='#1e1edc'/>\
    <rect x='60' y='40' width='60' height='40' fill='#e6dc28'/></svg>";

fn gray(picture: &RgbImage) -> Vec<u8> {
    let gray: GrayImage = image::imageops::grayscale(picture);
    let mut bytes = Vec::new();
    let mut file = std::io::Cursor::new(&mut bytes);
    DynamicImage::ImageLuma8(gray).write_to(&mut file, ImageFormat::Jpeg).unwrap();
    bytes
}

fn rendered(bytes: &[u8], variant: &str, context: &str) -> Encoded {
    let settings = Config::of(&Policy::built_in()).settings;
    render(bytes, &variant.parse().unwrap(), &settings, watch())
        .unwrap_or_else(|error| panic!("{context}: {error}"))
}

fn watch() -> Stopwatch {
    Stopwatch::start(Instant::now, Duration::from_mins(1))
}
