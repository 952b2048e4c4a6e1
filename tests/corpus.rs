//! Every picture of a folder of real media, which `TINTYPE_CORPUS` names (`./test --corpus DIR`): its
//! `images/index.jsonl` says of each what is expected. Without the variable there is nothing to do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use image::AnimationDecoder;
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
    /// Of an animation.
    #[serde(default = "one")]
    frames: usize,
    /// How many different pictures they show.
    #[serde(default = "one")]
    distinct: usize,
    /// Of all frames, in milliseconds.
    #[serde(default)]
    duration: f64,
    /// Of the upright picture.
    dims: Option<(u32, u32)>,
    /// What libvips says of it; else why it can't.
    vips: Option<Value>,
    /// Likewise Pillow, of the stored picture.
    pillow: Option<Value>,
}

impl Row {
    /// The size of the upright picture, by whoever knows it.
    fn size(&self) -> Option<(u32, u32)> {
        let read = |size: &Option<Value>| serde_json::from_value(size.clone()?).ok();
        self.dims.or_else(|| read(&self.vips)).or_else(|| read(&self.pillow))
    }
}

/// What a row promises of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expected {
    /// A right picture.
    Ok,
    /// A picture or a refusal.
    Either,
    /// A refusal.
    Error,
    /// A refusal at once, or a right picture in time.
    Bomb,
    /// Outside the core formats: a right picture or a refusal.
    Unsupported,
}

#[test]
fn every_picture_of_the_corpus_gives_what_its_index_expects() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else {
        println!("TINTYPE_CORPUS is not set: no corpus to run over");
        return;
    };
    let images = Path::new(&corpus).join("images");
    let index = std::fs::read_to_string(images.join("index.jsonl")).unwrap();
    let rows: Vec<Row> = index.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!rows.is_empty());

    let (mut wrong, mut counts) = (String::new(), BTreeMap::new());
    let mut refused = Vec::new();
    for row in &rows {
        let bytes = std::fs::read(images.join(&row.path)).unwrap();
        let outcome = small_webp(&bytes);
        if let (Expected::Unsupported, Err(error)) = (row.expected, &outcome) {
            refused.push(format!("{}: {error}", row.key));
        }
        match judge(row, &outcome) {
            Verdict::Right => *counts.entry(format!("{:?}", row.expected)).or_insert(0) += 1,
            Verdict::Wrong(why) => writeln!(wrong, "{}: {why}", row.key).unwrap(),
        }
    }
    println!("of formats outside the core, refused: {refused:#?}");
    println!("as expected: {counts:?}");
    assert!(wrong.is_empty(), "{wrong}");
}

enum Verdict {
    Right,
    Wrong(String),
}

fn judge(row: &Row, outcome: &Result<Encoded, Error>) -> Verdict {
    match outcome {
        Err(Error::Internal(cause)) => Verdict::Wrong(format!("a defect: {cause}")),
        Err(error) if row.expected == Expected::Ok => Verdict::Wrong(error.to_string()),
        Err(_) => Verdict::Right,
        Ok(_) if row.expected == Expected::Error => {
            Verdict::Wrong("a picture, where a refusal is due".to_owned())
        }
        Ok(encoded) => check_picture(row, encoded).map_or_else(Verdict::Wrong, |()| Verdict::Right),
    }
}

fn small_webp(bytes: &[u8]) -> Result<Encoded, Error> {
    let variant = "w=320,fm=auto.webp".parse().unwrap();
    let settings = Config::of(&Policy::built_in()).settings;
    render(bytes, &variant, &settings, Stopwatch::start(Instant::now, Duration::from_secs(20)))
}

/// The picture can be decoded, and has the size of the original or the one that follows from its width.
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

/// An animation has its frames still, for as long; those that look like the one before may have become one with it.
fn check_animation(row: &Row, bytes: &[u8]) -> Result<(), String> {
    if row.expected != Expected::Ok || row.distinct < 2 {
        return Ok(());
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let frames = decoder.into_frames().collect_frames().map_err(|error| error.to_string())?;
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
