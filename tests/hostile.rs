//! Truncated files and files with flipped bits: each gives a picture or an error, without a panic or a hang.
//!
//! `TINTYPE_MUTATIONS` sets the number of mutations of each file. `TINTYPE_CORPUS` adds a folder of real media.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use image::ImageFormat;
use resize::edge::config::Config;
use resize::error::Error;
use resize::info::describe;
use resize::pipeline::render;
use resize::settings::Settings;
use resize::stopwatch::Stopwatch;

use crate::support::pictures::{encoded, jpeg, png_of_16_bits, quarters, webp};

/// Number of mutations of each file.
const MUTATIONS: u64 = 40;

/// The size of the largest file of the corpus that is tested. Larger files would only take longer.
const MAX_CORPUS_BYTES: u64 = 200_000;

#[test]
fn damaged_files_cause_no_panic_and_no_internal_error() {
    let mutations = std::env::var("TINTYPE_MUTATIONS").map_or(MUTATIONS, |text| text.parse().unwrap());
    let mut files = generated();
    files.extend(corpus());
    let settings = Config::of(&Policy::built_in()).settings;
    let mut wrong = Vec::new();
    for (name, bytes) in &files {
        let mut random = Random(
            name.bytes().fold(7, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))),
        );
        for round in 0..mutations {
            let damaged = damage(bytes, &mut random, round);
            let result = catch_unwind(AssertUnwindSafe(|| render_and_describe(&damaged, &settings)));
            match result {
                Ok(Err(Error::Internal(cause))) => wrong.push(format!("{name}, {round}: {cause}")),
                Err(_) => wrong.push(format!("{name}, {round}: a panic")),
                Ok(Ok(()) | Err(_)) => {}
            }
        }
    }
    println!("{} files, {mutations} mutations of each", files.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Renders a variant and the information document. Both must succeed or both fail.
fn render_and_describe(bytes: &[u8], settings: &Settings) -> Result<(), Error> {
    let watch = || Stopwatch::start(Instant::now, Duration::from_secs(20));
    let picture = render(bytes, &"w=64,fm=auto.webp".parse().unwrap(), settings, watch()).map(drop);
    let info = describe(bytes, settings, watch()).map(drop);
    assert_eq!(picture.is_ok(), info.is_ok(), "{picture:?} {info:?}");
    picture
}

/// A file of each kind.
fn generated() -> Vec<(String, Vec<u8>)> {
    let picture = quarters(48, 40);
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><defs><filter id='f'><feGaussianBlur \
               stdDeviation='1'/></filter><mask id='m'><rect width='5' height='5' fill='#fff'/></mask></defs>\
               <path d='M0 0L9 9L0 9z' fill='red' filter='url(#f)'/><use href='#a'/><g id='a' mask='url(#m)'>\
               <circle cx='4' cy='4' r='3' stroke='blue' stroke-dasharray='1'/></g></svg>";
    vec![
        ("jpeg".to_owned(), jpeg(&picture)),
        ("webp".to_owned(), webp(&picture)),
        ("png of 16 bits".to_owned(), png_of_16_bits(&picture)),
        ("tiff".to_owned(), encoded(&picture, ImageFormat::Tiff)),
        ("bmp".to_owned(), encoded(&picture, ImageFormat::Bmp)),
        ("ico".to_owned(), encoded(&picture, ImageFormat::Ico)),
        ("svg".to_owned(), svg.into()),
        ("heic".to_owned(), include_bytes!("../codecs/fixtures/quarters.heic").to_vec()),
        ("heic of tiles".to_owned(), include_bytes!("../codecs/fixtures/turned-grid.heic").to_vec()),
        ("heic with alpha".to_owned(), include_bytes!("../codecs/fixtures/alpha.heic").to_vec()),
        ("heic of 10 bits".to_owned(), include_bytes!("../codecs/fixtures/half-width-10-bit.heic").to_vec()),
    ]
}

fn corpus() -> Vec<(String, Vec<u8>)> {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else { return Vec::new() };
    let mut folders = vec![Path::new(&corpus).join("images")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else if entry.metadata().unwrap().len() <= MAX_CORPUS_BYTES {
                let path = entry.path();
                files.push((path.display().to_string(), std::fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// Damages a file, in turn in one of three ways: truncates it, flips a few bits anywhere, or flips a few bits near the
/// start.
fn damage(bytes: &[u8], random: &mut Random, round: u64) -> Vec<u8> {
    const HEADER_BYTES: usize = 200;
    let mut damaged = bytes.to_vec();
    let range = match round % 3 {
        0 => {
            damaged.truncate(random.below(bytes.len() + 1));
            return damaged;
        }
        1 => bytes.len(),
        _ => bytes.len().min(HEADER_BYTES),
    };
    for _ in 0..=random.below(4) {
        if range > 0 {
            damaged[random.below(range)] ^= 1 << random.below(8);
        }
    }
    damaged
}

/// The generator splitmix64 (Steele, Lea, Flood 2014), with the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % (end.max(1) as u64)) as usize
    }
}
