//! Renders every picture of a folder of real media, which `TINTYPE_CORPUS` names (`./test --corpus DIR`). The expected
//! results are in its `images/index.jsonl`. Without the variable the test does nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::webp::WebPDecoder;
use resize::edge::config::Config;
use resize::error::Error;
use resize::pipeline::{Encoded, render};
use resize::stopwatch::Stopwatch;
use serde::Deserialize;
use serde_json::Value;

/// A row of the index.
#[derive(Deserialize)]
struct Row {
    key: String,
    path: String,
    expected: Expected,
    /// Number of frames.
    #[serde(default = "one")]
    frames: usize,
    /// Number of frames that differ from the frame before.
    #[serde(default = "one")]
    distinct: usize,
    /// Duration of all frames in milliseconds.
    #[serde(default)]
    duration: f64,
    /// Width and height of the upright picture.
    dims: Option<(u32, u32)>,
    /// Width and height by libvips, or its error message.
    vips: Option<Value>,
    /// Width and height by Pillow before rotation, or its error message.
    pillow: Option<Value>,
}

impl Row {
    /// Width and height of the upright picture, from the first source that has it.
    fn size(&self) -> Option<(u32, u32)> {
        let read = |size: &Option<Value>| serde_json::from_value(size.clone()?).ok();
        self.dims.or_else(|| read(&self.vips)).or_else(|| read(&self.pillow))
    }
}

/// The expected result of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expected {
    /// A correct picture.
    Ok,
    /// A picture or an error.
    Either,
    /// An error.
    Error,
    /// An error at once, or a correct picture before the deadline.
    Bomb,
    /// A picture of a rarely used format: a correct picture or an error.
    Unsupported,
}

#[test]
fn every_picture_of_the_corpus_gives_the_result_of_its_index() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else {
        println!("TINTYPE_CORPUS is not set: there is no corpus to test");
        return;
    };
    let images = Path::new(&corpus).join("images");
    let index = std::fs::read_to_string(images.join("index.jsonl")).unwrap();
    let rows: Vec<Row> = index.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!rows.is_empty());

    let (mut wrong, mut counts) = (String::new(), BTreeMap::new());
    let mut rejected = Vec::new();
    for row in &rows {
        let bytes = std::fs::read(images.join(&row.path)).unwrap();
        let result = small_webp(&bytes);
        if let (Expected::Unsupported, Err(error)) = (row.expected, &result) {
            rejected.push(format!("{}: {error}", row.key));
        }
        match judge(row, &result) {
            Verdict::Pass => *counts.entry(format!("{:?}", row.expected)).or_insert(0) += 1,
            Verdict::Fail(why) => writeln!(wrong, "{}: {why}", row.key).unwrap(),
        }
    }
    println!("rejected pictures of rarely used formats: {rejected:#?}");
    println!("as expected: {counts:?}");
    assert!(wrong.is_empty(), "{wrong}");
}

enum Verdict {
    Pass,
    Fail(String),
}

fn judge(row: &Row, result: &Result<Encoded, Error>) -> Verdict {
    match result {
        Err(Error::Internal(cause)) => Verdict::Fail(format!("an internal error: {cause}")),
        Err(error) if row.expected == Expected::Ok => Verdict::Fail(error.to_string()),
        Err(_) => Verdict::Pass,
        Ok(_) if row.expected == Expected::Error => Verdict::Fail("a picture instead of an error".to_owned()),
        Ok(encoded) => check_picture(row, encoded).map_or_else(Verdict::Fail, |()| Verdict::Pass),
    }
}

fn small_webp(bytes: &[u8]) -> Result<Encoded, Error> {
    let variant = "w=320,fm=auto.webp".parse().unwrap();
    let settings = Config::of(&Policy::built_in()).settings;
    render(bytes, &variant, &settings, Stopwatch::start(Instant::now, Duration::from_secs(20)))
}

/// Checks that the picture can be decoded, and that it has the size that follows from the original.
fn check_picture(row: &Row, encoded: &Encoded) -> Result<(), String> {
    let picture = image::load_from_memory(&encoded.bytes).map_err(|error| error.to_string())?;
    let size = (picture.width(), picture.height());
    check_animation(row, &encoded.bytes)?;
    let is_certain = matches!(row.expected, Expected::Ok | Expected::Unsupported);
    let Some((width, height)) = row.size().filter(|_| is_certain) else { return Ok(()) };
    let factor = (320.0 / f64::from(width)).min(1.0);
    let scaled = |pixels: u32| ((f64::from(pixels) * factor).round() as u32).max(1);
    let expected = (scaled(width), scaled(height));
    if size == expected { Ok(()) } else { Err(format!("{size:?} pixels, not {expected:?}")) }
}

/// Checks that an animation has the original's frames and duration. Equal neighbours may have been merged.
fn check_animation(row: &Row, bytes: &[u8]) -> Result<(), String> {
    if row.expected != Expected::Ok || row.distinct < 2 {
        return Ok(());
    }
    // A GIF that is smaller than its WebP variant is served instead.
    let frames = if bytes.starts_with(b"GIF") {
        GifDecoder::new(Cursor::new(bytes)).and_then(|decoder| decoder.into_frames().collect_frames())
    } else {
        WebPDecoder::new(Cursor::new(bytes)).and_then(|decoder| decoder.into_frames().collect_frames())
    };
    let frames = frames.map_err(|error| error.to_string())?;
    let duration: Duration = frames.iter().map(|frame| Duration::from(frame.delay())).sum();
    let milliseconds = duration.as_secs_f64() * 1000.0;
    let is_as_long = (milliseconds - row.duration).abs() < 1.0;
    if (row.distinct..=row.frames).contains(&frames.len()) && is_as_long {
        return Ok(());
    }
    let Row { frames: most, distinct, duration, .. } = row;
    Err(format!("{} frames in {milliseconds} ms, not {distinct} to {most} in {duration}", frames.len()))
}

fn one() -> usize {
    1
}
