//! Compares the variants that the crate `jpeg` and libjpeg-turbo decode: they must look the same.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use contract::limits::Limits;
use image::RgbImage;
use jpeg::Coding;
use resize::edge::config::Config;
use resize::error::Error;
use resize::pipeline::render;
use resize::settings::{JpegDecoder, Settings};
use resize::source::Source;
use resize::stopwatch::Stopwatch;
use turbojpeg::{Colorspace, Compressor, Image, PixelFormat, Subsamp};

/// The largest accepted mean difference of samples, for smooth pictures.
const LARGEST_MEAN: f64 = 1.5;

/// The largest accepted difference for chroma at a quarter of luma's resolution, which libjpeg-turbo repeats and the
/// engine resamples.
const LARGEST_MEAN_OF_REPEATED: f64 = 6.0;

/// The largest accepted difference for real pictures at full size, where only chroma upsampling differs.
const LARGEST_MEAN_AT_FULL_SIZE: f64 = 0.5;

/// The largest accepted difference for real pictures that are scaled down: libjpeg-turbo decodes at other scales, and
/// at some of them it averages samples where `jpeg` uses a transform.
const LARGEST_MEAN_OF_DETAIL: f64 = 4.0;

/// The largest real picture that is compared at full size, in pixels.
const MOST_PIXELS: u64 = 2_000_000;

/// Queries for pictures of some hundred pixels: widths for which they are decoded at every scale, and the full size.
const VARIANTS: [&str; 7] = [
    "w=24,fm=png",
    "w=48,fm=png",
    "w=75,fm=png",
    "w=101,fm=png",
    "w=130,fm=png",
    "w=64,h=64,fit=crop,rot=90,fm=png",
    "fm=png",
];

#[test]
fn generated_pictures_look_the_same_with_both_decoders() {
    for (width, height) in [(320, 200), (301, 203), (33, 17), (1, 1)] {
        for (kind, bytes) in kinds(width, height) {
            let is_foreign = matches!(kind.as_str(), "lossless" | "arithmetic");
            assert_eq!(header(&bytes).is_none(), is_foreign, "{kind}");
            for variant in VARIANTS {
                let context = format!("{kind}, {width}×{height}, {variant}");
                let [ours, theirs] = both(&bytes, variant);
                let mean = difference(&ours.unwrap(), &theirs.unwrap());
                let is_repeated = kind.contains("Sub4x1") || kind.contains("Sub1x4");
                let limit = if is_repeated { LARGEST_MEAN_OF_REPEATED } else { LARGEST_MEAN };
                assert!(mean <= limit, "{context}: {mean:.2}");
            }
        }
    }
}

#[test]
fn corpus_pictures_look_the_same_with_both_decoders() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else {
        println!("TINTYPE_CORPUS is not set: there is no corpus to test");
        return;
    };
    let (mut compared, mut wrong) = (0, Vec::new());
    for path in files(&Path::new(&corpus).join("images")) {
        let bytes = std::fs::read(&path).unwrap();
        if !bytes.starts_with(&[0xff, 0xd8]) {
            continue;
        }
        let name = path.display();
        let is_small = Source::open(&bytes, &Limits::default())
            .is_ok_and(|source| source.info().size.pixels() <= MOST_PIXELS);
        let variants = [("w=160,fm=png", LARGEST_MEAN_OF_DETAIL), ("fm=png", LARGEST_MEAN_AT_FULL_SIZE)];
        for (variant, limit) in variants.into_iter().take(if is_small { 2 } else { 1 }) {
            match both(&bytes, variant) {
                [Ok(ours), Ok(theirs)] => {
                    compared += 1;
                    let mean = difference(&ours, &theirs);
                    println!("{mean:.2} {variant} {name}");
                    if mean > limit && !is_smoothed(&bytes) {
                        wrong.push(format!("{mean:.2} {variant} {name}"));
                    }
                }
                [Err(ours), Err(theirs)] => println!("rejected by both: {name}: {ours} / {theirs}"),
                // Damage after the first scan.
                [Ok(_), Err(theirs)] => println!("rejected by libjpeg-turbo: {name}: {theirs}"),
                [Err(ours), Ok(_)] => wrong.push(format!("{variant} {name}: {ours}")),
            }
        }
    }
    assert!(compared > 200, "{compared}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `true` if libjpeg-turbo smooths the picture: a truncated progressive file.
fn is_smoothed(bytes: &[u8]) -> bool {
    header(bytes).is_some_and(|header| header.coding() == Coding::Progressive)
        && !bytes.ends_with(&[0xff, 0xd9])
}

/// The header by the crate `jpeg`, if it supports the file.
fn header(bytes: &[u8]) -> Option<jpeg::Header> {
    Source::open(bytes, &Limits::default()).unwrap().info().jpeg().unwrap().header
}

/// Renders a variant with the crate `jpeg` and with libjpeg-turbo.
fn both(bytes: &[u8], variant: &str) -> [Result<RgbImage, Error>; 2] {
    [JpegDecoder::Own, JpegDecoder::LibjpegTurbo].map(|jpeg_decoder| {
        let settings = Settings { jpeg_decoder, ..Config::of(&Policy::built_in()).settings };
        let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
        let encoded = render(bytes, &variant.parse().unwrap(), &settings, watch)?;
        Ok(image::load_from_memory(&encoded.bytes).unwrap().to_rgb8())
    })
}

/// The mean difference of two pictures' samples.
fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.as_raw().len() as f64
}

/// A file of every kind of JPEG that libjpeg-turbo writes, with a name.
fn kinds(width: usize, height: usize) -> Vec<(String, Vec<u8>)> {
    let mut kinds = Vec::new();
    let samplings = [
        Subsamp::None,
        Subsamp::Sub2x1,
        Subsamp::Sub2x2,
        Subsamp::Gray,
        Subsamp::Sub1x2,
        Subsamp::Sub4x1,
        Subsamp::Sub1x4,
    ];
    for sampling in samplings {
        for is_progressive in [false, true] {
            let name = format!("{sampling:?}, progressive: {is_progressive}");
            let file = encode(width, height, PixelFormat::RGB, |compressor| {
                compressor.set_subsamp(sampling)?;
                compressor.set_progressive(is_progressive)
            });
            kinds.push((name, file));
        }
    }
    for color in [Colorspace::RGB, Colorspace::CMYK, Colorspace::YCCK] {
        let pixels = if color == Colorspace::RGB { PixelFormat::RGB } else { PixelFormat::CMYK };
        let sampling = if color == Colorspace::YCCK { Subsamp::Sub2x2 } else { Subsamp::None };
        let file = encode(width, height, pixels, |compressor| {
            compressor.set_subsamp(sampling)?;
            compressor.set_colorspace(color)
        });
        kinds.push((format!("{color:?}"), file));
    }
    kinds.push(("lossless".to_owned(), encode(width, height, PixelFormat::RGB, |c| c.set_lossless(true))));
    kinds
        .push(("arithmetic".to_owned(), encode(width, height, PixelFormat::RGB, |c| c.set_arithmetic(true))));
    kinds
}

/// Encodes waves, different ones in each channel. `set` changes the encoder's settings.
fn encode(
    width: usize,
    height: usize,
    format: PixelFormat,
    set: impl Fn(&mut Compressor) -> turbojpeg::Result<()>,
) -> Vec<u8> {
    let wave = |x: usize, y: usize, channel: usize| {
        let angle = x as f64 * 0.008 * (channel + 1) as f64 + y as f64 * 0.012;
        (128.0 + 110.0 * angle.sin()) as u8
    };
    let channels = format.size();
    let samples: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| (0..channels).map(move |channel| wave(x, y, channel))))
        .collect();
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(90).unwrap();
    set(&mut compressor).unwrap();
    let image = Image { pixels: samples.as_slice(), width, pitch: width * channels, height, format };
    compressor.compress_to_vec(image).unwrap()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}
