//! Draws a page of any bytes as a document: the result must be an error or a picture, without a panic or an internal error.
#![no_main]

use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use contract::limits::Limits;
use contract::policy::Profile;
use contract::variant::Variant;
use libfuzzer_sys::fuzz_target;
use resize::error::Error;
use resize::pipeline::render;
use resize::settings::{JpegDecoder, Settings};
use resize::stopwatch::Stopwatch;

/// The start of every document, so that the fuzzer need not find it.
const START: &[u8] = b"%PDF-1.7\n";

fuzz_target!(|input: &[u8]| {
    // The first byte chooses the page; the rest is the file.
    let Some((choice, bytes)) = input.split_first() else { return };
    let settings = Settings {
        limits: Limits { source_pixels: 1 << 20, memory_bytes: 256 << 20, ..Limits::default() },
        qualities: Policy::built_in().rules.default_qualities,
        avif_budget: Duration::ZERO,
        jpeg_decoder: JpegDecoder::Own,
        profile: Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    };
    let variant: Variant = format!("w=64,frame={},fm=png", 1 + choice % 3).parse().expect("a canonical text");
    let watch = Stopwatch::start(Instant::now, Duration::from_secs(20));
    let outcome = render(&[START, bytes].concat(), &variant, &settings, watch).map(drop);
    assert!(!matches!(outcome, Err(Error::Internal(_))), "{outcome:?}");
});
