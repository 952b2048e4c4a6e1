//! Pictures that are rendered in planes of luma and chroma, compared with those that are rendered in pixels.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::*;
use crate::decode::{decode_pixels, planes};
use crate::settings::test_settings;
use crate::steps::scale::scale;
use codecs::View;
use contract::limits::Limits;
use contract::policy::Profile;

fn watch() -> Stopwatch {
    Stopwatch::start(Instant::now, Duration::from_mins(1))
}

fn open(bytes: &[u8]) -> Source<'_> {
    Source::open(bytes, &Limits::default()).unwrap()
}

fn plan(source: &Source<'_>, variant: &str) -> Plan {
    Plan::new(source, &variant.parse().unwrap(), &test_settings()).unwrap()
}

/// Colours that change slowly, in every direction.
fn gradient(width: u32, height: u32) -> Vec<u8> {
    let color = |x, y| [40 + x / 2, 200 - y / 2, 60 + (x + y) / 4].map(|sample: u32| sample as u8);
    (0..height).flat_map(|y| (0..width).flat_map(move |x| color(x, y))).collect()
}

fn photo(width: u32, height: u32) -> Vec<u8> {
    let samples = gradient(width, height);
    codecs::jpeg::encode(View { samples: &samples, width, height }, codecs::jpeg::Layout::Rgb, 95).unwrap()
}

fn webp_photo(width: u32, height: u32) -> Vec<u8> {
    let samples = gradient(width, height);
    codecs::webp::encode(View { samples: &samples, width, height }, codecs::webp::Layout::Rgb, 95).unwrap()
}

#[test]
fn a_picture_looks_the_same_decoded_to_planes_and_to_pixels() {
    let check = |bytes: Vec<u8>, variant: &str| {
        let source = open(&bytes);
        let Plan { decode: decoding, frame, .. } = plan(&source, variant);
        let pixels = decode_pixels(&source, &decoding, &watch()).unwrap();
        let planes = planes::decode(&source, &decoding, &watch()).unwrap();
        let by_pixels = scale(Decoded::Pixels(pixels), &frame).unwrap().into_pixels().unwrap();
        let by_planes = scale(Decoded::Planes(planes), &frame).unwrap().into_pixels().unwrap();
        assert_eq!(by_planes.size, by_pixels.size);
        let worst = by_planes.samples.iter().zip(&by_pixels.samples).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(worst <= Some(6), "{variant}: {worst:?}");
    };
    for (width, height) in [(320, 240), (301, 199)] {
        check(photo(width, height), "w=64,fm=png");
        check(photo(width, height), "w=77,h=51,fit=crop,fm=png");
        check(photo(width, height), "fm=png");
        check(webp_photo(width, height), "w=63,fm=png");
    }
}

#[test]
fn every_format_encoded_from_planes_has_the_colours_of_the_source() {
    let check = |bytes: Vec<u8>, variant: &str| {
        let rendered = render(&bytes, &variant.parse().unwrap(), &test_settings(), watch()).unwrap();
        let source = open(&rendered.bytes);
        let pixels = decode_pixels(&source, &plan(&source, "fm=png").decode, &watch()).unwrap();
        let (across, down) = (f64::from(rendered.width), f64::from(rendered.height));
        for (x, y) in [(0.1, 0.1), (0.5, 0.5), (0.9, 0.2), (0.2, 0.9)] {
            let at = ((y * down) as usize * rendered.width as usize + (x * across) as usize) * 3;
            let expected = [40.0 + 150.5 * x, 200.0 - 99.5 * y, 60.0 + (301.0 * x + 199.0 * y) / 4.0];
            for (got, expected) in pixels.samples[at..at + 3].iter().zip(expected) {
                let is_near = (f64::from(*got) - expected).abs() < 9.0;
                assert!(is_near, "{variant}: {:?}", &pixels.samples[at..at + 3]);
            }
        }
    };
    for variant in [
        "w=100,fm=jpeg",
        "w=101,fm=webp",
        "w=99,fm=png",
        "fm=webp",
        "w=301,fm=jpeg",
        "w=101,fm=avif",
        "fm=avif",
    ] {
        check(photo(301, 199), variant);
        check(webp_photo(301, 199), variant);
    }
}

#[test]
fn a_fine_pattern_keeps_its_brightness_in_linear_light_in_every_format() {
    // Columns of black and white: half of the light.
    let gray: Vec<u8> = [[0; 4], [255; 4]].concat().repeat(32 * 128);
    let rgb: Vec<u8> = gray.iter().flat_map(|gray| [*gray; 3]).collect();
    let rgba: Vec<u8> = gray.iter().flat_map(|gray| [*gray, *gray, *gray, 255]).collect();
    let size = |samples| View { samples, width: 256, height: 128 };
    let png = |samples, color| {
        let mut bytes = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut bytes, 256, 128);
        encoder.set_color(color);
        encoder.write_header().unwrap().write_image_data(samples).unwrap();
        bytes
    };
    let sources = [
        codecs::jpeg::encode(size(&rgb), codecs::jpeg::Layout::Rgb, 98).unwrap(),
        codecs::jpeg::encode(size(&gray), codecs::jpeg::Layout::Gray, 98).unwrap(),
        codecs::webp::encode(size(&rgb), codecs::webp::Layout::Rgb, 98).unwrap(),
        codecs::webp::encode_lossless(size(&rgba), codecs::webp::Layout::Rgba).unwrap(),
        png(&gray, ::png::ColorType::Grayscale),
        png(&rgb, ::png::ColorType::Rgb),
        png(&rgba, ::png::ColorType::Rgba),
    ];
    let middle = |source: &[u8], variant: &str, profile| {
        let settings = Settings { profile, ..test_settings() };
        let rendered = render(source, &variant.parse().unwrap(), &settings, watch()).unwrap();
        image::load_from_memory(&rendered.bytes).unwrap().to_luma8().get_pixel(16, 8).0[0]
    };
    for source in &sources {
        for format in ["png", "jpeg", "webp"] {
            let variant = |light: &str| format!("w=32,{light}fm={format}");
            let gamma = middle(source, &variant(""), Profile::Standard);
            let asked = middle(source, &variant("light=linear,"), Profile::Standard);
            let faithful = middle(source, &variant(""), Profile::Faithful);
            assert!(gamma.abs_diff(127) <= 4, "{format}: {gamma}");
            assert!(asked.abs_diff(188) <= 6 && asked == faithful, "{format}: {asked}, {faithful}");
        }
    }
}

#[test]
fn decoding_stops_when_the_request_is_abandoned() {
    let bytes = photo(64, 48);
    let source = open(&bytes);
    let plan = plan(&source, "w=32,fm=png");
    let check = |is_abandoned: bool, expected: Option<Error>| {
        let watch = watch().with_abandon_flag(Arc::new(AtomicBool::new(is_abandoned)));
        assert_eq!(planes::decode(&source, &plan.decode, &watch).err(), expected);
    };
    check(false, None);
    check(true, Some(Error::Abandoned));
}
