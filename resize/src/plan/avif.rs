//! The choice between AVIF and WebP.

use std::time::Duration;

use crate::pixels::Size;

/// `true` if AVIF is the better choice for a photo of this size: the file is not larger than WebP's, and encoding is
/// predicted to take at most `budget`.
pub(super) fn is_avif_worth_it(output: Size, budget: Duration) -> bool {
    /// Minimum number of pixels of an automatic AVIF. Smaller pictures stay WebP. At equal SSIMULACRA2 an AVIF has 0.8
    /// of WebP's bytes at widths of 640 pixels and more, 0.9 at 128, the same number at 64, 1.4 times as many at 32 and
    /// twice as many at 16, because the file has 240 bytes around the picture (docs/avif.md).
    const LEAST_PIXELS: u64 = 8192;
    output.pixels() >= LEAST_PIXELS && encoding_time(output) <= budget
}

/// Predicted time of encoding AVIF on one core, linear in the pixels. Measured at the default quality over six photos:
/// a median of 39 ns per pixel at 320 pixels of width, 34 at 640, 27 at 1280. The best quality takes twice as long
/// (docs/avif.md).
fn encoding_time(output: Size) -> Duration {
    const NANOSECONDS_PER_PIXEL: u64 = 40;
    Duration::from_nanos(output.pixels().saturating_mul(NANOSECONDS_PER_PIXEL))
}
