//! What libaom's work costs, predicted from sizes.

use std::time::Duration;

use contract::format::Format;
use contract::limits::Limits;

use crate::error::Error;
use crate::pixels::Size;
use crate::source::info::{Depth, SourceFormat, SourceInfo};

/// Refuses a plan that takes more memory than the limit, in bytes. Call it before anything is allocated.
pub(crate) fn admit_memory(limits: &Limits, bytes: u64) -> Result<(), Error> {
    if bytes > limits.memory_bytes {
        return Err(Error::TooMuchMemory { bytes, limit: limits.memory_bytes });
    }
    Ok(())
}

/// Whether AVIF is the better choice for a photo of this size: not so small that it has more bytes than WebP, and
/// encoded within `budget`, as predicted.
pub(crate) fn is_avif_worth_it(output: Size, budget: Duration) -> bool {
    /// At equal SSIMULACRA2 AVIF takes 0.8 of WebP's bytes from 640 pixels of width on, 0.9 at 128, as many at 64, 1.4
    /// times as many at 32 and twice as many at 16: its file has 240 bytes around the picture (docs/avif.md).
    const LEAST_PIXELS: u64 = 8192;
    output.pixels() >= LEAST_PIXELS && avif_encode_time(output) <= budget
}

/// What encoding AVIF takes of one core, linear in the pixels. Measured at the default quality over six photos: a
/// median of 39 ns a pixel at 320 pixels of width, 34 at 640, 27 at 1280; the best quality takes twice as long
/// (docs/avif.md).
fn avif_encode_time(output: Size) -> Duration {
    const NANOSECONDS_A_PIXEL: u64 = 40;
    Duration::from_nanos(output.pixels().saturating_mul(NANOSECONDS_A_PIXEL))
}

/// The bytes that an AVIF's decoder takes for itself. Measured with libaom 3.11: 14 bytes a pixel for what it knows of
/// each block, and planes of one byte a sample, or of two where samples have more than 8 bits; 4:4:4 and film grain,
/// which takes a second frame, are assumed. Other decoders are counted by [`working_bytes_a_pixel`] and by
/// [`JpegPlan`](crate::plan::jpeg::JpegPlan).
pub(crate) fn decoder_bytes(source: &SourceInfo) -> u64 {
    const BLOCKS: u64 = 14;
    const TWO_FRAMES: u64 = 2 * 3;
    match source.format {
        SourceFormat::Avif(header) => {
            let bytes_a_sample = if header.depth == 8 { 1 } else { 2 };
            header.pixels_at_once * (BLOCKS + TWO_FRAMES * bytes_a_sample)
        }
        SourceFormat::Jpeg(_)
        | SourceFormat::Png
        | SourceFormat::Webp(_)
        | SourceFormat::Gif
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl => 0,
    }
}

/// The decoder of JPEG XL works on several planes of 32 bits a sample.
pub(crate) const JXL_WORKING_BYTES_A_PIXEL: u64 = 40;

/// Memory of a decoder beside the pixels that it returns, in bytes a pixel.
pub(crate) const fn working_bytes_a_pixel(source: &SourceInfo) -> u64 {
    const BYTES_OF_16_BITS: u64 = 2;
    let samples = source.channels.count() as u64;
    // The samples as stored, big-endian or planar; the same in the right order; and converted by a profile.
    let deep = match source.depth {
        Depth::Eight => 0,
        Depth::Sixteen => 3 * BYTES_OF_16_BITS * samples,
    };
    match source.format {
        SourceFormat::Jpeg(_) | SourceFormat::Png | SourceFormat::Webp(_) | SourceFormat::Bmp => deep,
        SourceFormat::Ico | SourceFormat::Gif | SourceFormat::Avif(_) => 0,
        SourceFormat::Tiff => deep + 2 * BYTES_OF_16_BITS * samples,
        // The canvas, and one for each layer that is composed at a time.
        SourceFormat::Svg => 3 * samples,
        SourceFormat::Jxl => JXL_WORKING_BYTES_A_PIXEL,
    }
}

/// The bytes that an encoder takes beside the pixels that it is given, where that is much. Measured with libaom 3.11:
/// 6 MiB, and 14 bytes a pixel; here with a margin and the planes that pixels are split into.
pub(crate) fn encoder_bytes(format: Format, output: Size) -> u64 {
    const FIXED: u64 = 8 << 20;
    const BYTES_A_PIXEL: u64 = 20;
    match format {
        Format::Avif => FIXED + output.pixels() * BYTES_A_PIXEL,
        Format::Jpeg | Format::Png | Format::Webp | Format::Gif => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_memory_has_a_twin_that_just_passes() {
        let limits = Limits { memory_bytes: 14, ..Limits::default() };
        assert_eq!(admit_memory(&limits, 14), Ok(()));
        assert_eq!(admit_memory(&limits, 15), Err(Error::TooMuchMemory { bytes: 15, limit: 14 }));
    }
}
