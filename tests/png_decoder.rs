//! The decoder of 8-bit PNGs gives the same samples as the crate `png`.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use png::{Decoder, Transformations};
use resize::decode::decode_pixels;
use resize::edge::config::Config;
use resize::plan::Plan;
use resize::source::Source;
use resize::source::info::{Depth, SourceFormat};
use resize::stopwatch::Stopwatch;

#[test]
fn every_png_of_the_corpus_is_decoded_like_the_png_crate_decodes_it() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else {
        println!("TINTYPE_CORPUS is not set: there is no corpus to test");
        return;
    };
    let mut settings = Config::of(&Policy::built_in()).settings;
    (settings.limits.source_bytes, settings.limits.memory_bytes) = (u64::MAX, u64::MAX);
    let (mut compared, mut rejected, mut wrong) = (0, 0, Vec::new());
    for path in files(Path::new(&corpus)) {
        let bytes = std::fs::read(&path).unwrap();
        // Other formats have separate tests, and reading some of their files in the corpus takes long.
        if !bytes.starts_with(b"\x89PNG") {
            continue;
        }
        let Ok(source) = Source::open(&bytes, &settings.limits) else { continue };
        let info = source.info();
        let is_eight_bit_png = info.format == SourceFormat::Png && info.depth == Depth::Eight;
        if !is_eight_bit_png || info.animation.is_some() || info.size.pixels() > 100_000_000 {
            continue;
        }
        let plan = Plan::new(&source, &"fm=png".parse().unwrap(), &settings).unwrap();
        let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
        let (theirs, is_truncated) = decode_with_png_crate(&bytes);
        match (decode_pixels(&source, &plan.decode, &watch), theirs) {
            (Ok(ours), Some(theirs)) if ours.samples == theirs => compared += 1,
            (Err(_), None) => rejected += 1,
            (Err(_), Some(_)) if is_truncated => rejected += 1,
            (ours, theirs) => wrong.push(format!(
                "{}: {:?}, {}",
                path.display(),
                ours.map(|pixels| pixels.size),
                theirs.is_some()
            )),
        }
    }
    println!("{compared} equal, {rejected} rejected by both");
    assert!(compared > 200, "{compared}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The samples, 0 in rows that the file doesn't have, and `true` if there are such rows. `None` if the header can't be read.
fn decode_with_png_crate(bytes: &[u8]) -> (Option<Vec<u8>>, bool) {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::EXPAND);
    let Ok(mut reader) = decoder.read_info() else { return (None, false) };
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    if reader.info().interlaced {
        let is_truncated = reader.next_frame(&mut samples).is_err();
        return (Some(samples), is_truncated);
    }
    let stride = reader.output_line_size(reader.info().width).unwrap();
    for row in samples.chunks_exact_mut(stride) {
        if !matches!(reader.read_row(row), Ok(Some(_))) {
            row.fill(0);
            return (Some(samples), true);
        }
    }
    (Some(samples), false)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
