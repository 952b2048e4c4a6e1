//! Rendering with the qualities of the built-in policy.

use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::policy::{DefaultQualities, Profile};
use contract::variant::Quality;
use resize::error::Error;
use resize::pipeline::{Encoded, render};
use resize::settings::{JpegDecoder, Settings};
use resize::stopwatch::Stopwatch;

/// The variant of a file in canonical form, such as `w=640,fm=png`, if it is made before the deadline.
pub(crate) fn rendered(bytes: &[u8], variant: &str, deadline: Duration) -> Result<Encoded, Error> {
    let quality = |quality| Quality::clamped(quality).unwrap();
    let settings = Settings {
        limits: Limits::default(),
        qualities: DefaultQualities { jpeg: quality(80), webp: quality(76), avif: quality(76) },
        avif_budget: Duration::from_millis(100),
        jpeg_decoder: JpegDecoder::Own,
        profile: Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    };
    render(bytes, &variant.parse().unwrap(), &settings, Stopwatch::start(Instant::now, deadline))
}
