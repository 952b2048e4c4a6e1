//! The processor time that a plan takes, predicted from sizes.
//!
//! The rates are nanoseconds on one core of the machine of docs/benchmarks.md, for pictures as busy as photos. Those of JPEG, PNG
//! and WebP fit its run of 30 November 2026 within a third; the others are from single measurements. A single picture takes
//! from half to twice as long.

use std::time::Duration;

use contract::format::Format;

use super::Plan;
use super::finish::FinishPlan;
use super::output::OutputPlan;
use crate::pixels::Size;
use crate::source::info::{SourceFormat, SourceInfo};

impl Plan {
    /// The predicted processor time of decoding the source, of which `bytes` is the length.
    pub(crate) fn decoding_time(&self, info: &SourceInfo, bytes: u64) -> Duration {
        let frames = if self.output.is_animated { u64::from(info.frames()) } else { 1 };
        let stored = info.size.pixels().saturating_mul(frames);
        let decoded = self.decode.size.pixels();
        Duration::from_nanos(match info.format {
            // Huffman codes, of which a file in several scans has more, and the transformation of the samples that are kept.
            SourceFormat::Jpeg(jpeg) => work(bytes, if jpeg.has_scans { 8 } else { 4 }) + work(decoded, 4),
            SourceFormat::Png => work(bytes, 8) + work(stored, 2),
            SourceFormat::Webp(_) => work(stored, 13),
            SourceFormat::Gif => work(stored, 15),
            SourceFormat::Avif(_) => work(stored, 33),
            SourceFormat::Heic(_) => work(stored, 40),
            SourceFormat::Jxl => work(stored, 60),
            // The time of a drawing and of a document follows from its content, of which the header shows only the length.
            SourceFormat::Svg | SourceFormat::Pdf(_) => work(decoded, 20) + work(bytes, 100),
            SourceFormat::Tiff | SourceFormat::Bmp | SourceFormat::Ico => work(stored, 5),
        })
    }

    /// The predicted processor time of all steps of the plan.
    pub(crate) fn time(&self, info: &SourceInfo, bytes: u64) -> Duration {
        let frames = if self.output.is_animated { info.frames() } else { 1 };
        let canvas = self.finish.canvas.map_or(self.frame.resampled, |canvas| canvas.size);
        let frame = work(self.decode.size.pixels(), 1)
            + finishing(&self.finish, canvas)
            + encoding(&self.output, canvas);
        self.decoding_time(info, bytes) + Duration::from_nanos(frame) * frames
    }
}

/// Nanoseconds of finishing a picture: blurring and sharpening take several passes over numbers of 32 bits.
const fn finishing(finish: &FinishPlan, canvas: Size) -> u64 {
    let passes = (finish.blur != 0) as u64 + (finish.sharpness != 0) as u64;
    work(canvas.pixels(), 40 * passes)
}

/// Nanoseconds of encoding a picture or a frame.
const fn encoding(output: &OutputPlan, canvas: Size) -> u64 {
    let per_pixel = match output.format {
        Format::Jpeg => 3,
        Format::Webp if output.is_animated || output.is_lossless => 120,
        // Two files, one with loss and one without.
        Format::Webp if output.is_graphic => 60,
        Format::Webp => 33,
        Format::Avif => 42,
        Format::Png => 25,
        Format::Gif => 60,
    };
    work(canvas.pixels(), per_pixel)
}

const fn work(units: u64, nanoseconds_each: u64) -> u64 {
    units.saturating_mul(nanoseconds_each)
}
