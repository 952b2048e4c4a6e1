//! The memory that a plan takes, predicted from sizes.

mod jpeg;

use contract::format::Format;
use contract::limits::Limits;

use super::decode::DecodePlan;
use super::finish::FinishPlan;
use super::frame::FramePlan;
use super::output::OutputPlan;
use super::planes::webp_sizes;
use crate::error::Error;
use crate::pixels::Size;
use crate::pixels::light::Light;
use crate::source::Source;
use crate::source::info::{Depth, SourceFormat, SourceInfo};

/// Refuses a plan that takes more memory than the limit, in bytes. Call it before anything is allocated.
pub(super) fn admit_memory(limits: &Limits, bytes: u64) -> Result<(), Error> {
    if bytes > limits.memory_bytes {
        return Err(Error::TooMuchMemory { bytes, limit: limits.memory_bytes });
    }
    Ok(())
}

/// Peak of the memory that the source file and all steps of a plan take together, in bytes.
///
/// During resampling three pictures exist side by side: the decoded one, the one resampled along one side, and the
/// result. Afterwards there are at most two pictures of the result's size, and the encoder's planes.
pub(super) fn peak_bytes(
    source: &Source<'_>,
    decode: &DecodePlan,
    frame: &FramePlan,
    finish: &FinishPlan,
    output: &OutputPlan,
) -> u64 {
    const RESAMPLED_COPIES: u64 = 3;
    let info = source.info();
    let variant = finish.canvas.map_or(frame.resampled, |canvas| canvas.size);
    let decoded = decoded_bytes(info, decode);
    let half_resampled = match info.animation {
        // The decoder of an animation has more pictures than the frame.
        Some(_) => u64::from(decode.size.width()) * u64::from(frame.resampled.height()) * 4,
        None => decoded / u64::from(decode.size.height()) * u64::from(frame.resampled.height()),
    };
    let resampled = frame.resampled.pixels() * u64::from(info.channels.count()).max(4);
    source.file().length() as u64
        + decoder_bytes(info, decode)
        + decoded
        + half_resampled.min(decoded)
        + RESAMPLED_COPIES * resampled
        + light_bytes(decoded, half_resampled.min(decoded), resampled, frame.light)
        + finish_bytes(frame.resampled, finish)
        + encoder_bytes(output, variant)
}

/// The light of the decoded picture, of the one resampled along one side, and of the result: 16 bits for a sample. The
/// pictures of samples are freed by then or are made from them.
fn light_bytes(decoded: u64, half_resampled: u64, resampled: u64, light: Light) -> u64 {
    const BYTES_PER_SAMPLE: u64 = 2;
    match light {
        Light::Gamma => 0,
        Light::Linear => BYTES_PER_SAMPLE * (decoded + half_resampled + resampled),
    }
}

/// The picture that the decoder returns, with the memory that the decoder takes for each of its pixels.
fn decoded_bytes(info: &SourceInfo, decode: &DecodePlan) -> u64 {
    match (decode.jpeg, decode.is_planar) {
        (Some(jpeg), _) => jpeg::decoded_bytes(jpeg, decode.size, info.channels),
        (None, true) => {
            let (luma, chroma) = webp_sizes(decode.size);
            luma.pixels() + 2 * chroma.pixels()
        }
        (None, false) => decode.size.pixels() * (bytes_per_pixel(info) + working_bytes_a_pixel(info)),
    }
}

/// A decoded pixel.
fn bytes_per_pixel(info: &SourceInfo) -> u64 {
    /// Bytes of a canvas pixel in the decoder of an animation. It holds five pictures in RGBA: the canvas, the canvas
    /// before the frame, and the frame as it is stored, decompressed and composed.
    const BYTES_PER_CANVAS_PIXEL: u64 = 5 * 4;
    /// The same of a GIF: the canvas, the canvas before the frame, the frame composed, and its indices of one byte.
    const BYTES_PER_GIF_PIXEL: u64 = 3 * 4 + 1;
    match (info.format, info.animation) {
        (SourceFormat::Gif, _) => BYTES_PER_GIF_PIXEL,
        (_, Some(_)) => BYTES_PER_CANVAS_PIXEL,
        (_, None) => u64::from(info.channels.count()),
    }
}

/// Memory of the JPEG XL decoder: several planes of 32 bits per sample.
pub(crate) const JXL_WORKING_BYTES_PER_PIXEL: u64 = 40;

/// Memory of a decoder in addition to the pixels that it returns, in bytes per pixel.
const fn working_bytes_a_pixel(info: &SourceInfo) -> u64 {
    const BYTES_OF_16_BITS: u64 = 2;
    let samples = info.channels.count() as u64;
    // The samples as stored, big-endian or planar; the samples in the right order; and the samples that a profile has
    // converted.
    let deep = match info.depth {
        Depth::Eight => 0,
        Depth::Sixteen => 3 * BYTES_OF_16_BITS * samples,
    };
    match info.format {
        SourceFormat::Jpeg(_) | SourceFormat::Png | SourceFormat::Webp(_) | SourceFormat::Bmp => deep,
        SourceFormat::Ico | SourceFormat::Gif | SourceFormat::Avif(_) | SourceFormat::Heic(_) => 0,
        SourceFormat::Tiff => deep + 2 * BYTES_OF_16_BITS * samples,
        // The canvas, and one more canvas for each layer that is composed at the same time.
        SourceFormat::Svg => 3 * samples,
        // The same in RGBA, and the masks of transparency.
        SourceFormat::Pdf(_) => 4 * 4,
        SourceFormat::Jxl => JXL_WORKING_BYTES_PER_PIXEL + deep,
    }
}

/// Memory for the objects, fonts and masks of a page of a document, which no size predicts. An hour of damaged documents took at
/// most 124 MiB.
pub(crate) const DOCUMENT_BYTES: u64 = 128 << 20;

/// Memory of a decoder that does not depend on the decoded size.
fn decoder_bytes(info: &SourceInfo, decode: &DecodePlan) -> u64 {
    // A PNG that is stored in an unusual way is decoded as a whole before its rows are averaged.
    let whole = if decode.rows_per_mean > 1 { info.size.pixels() * bytes_per_pixel(info) } else { 0 };
    let spare = info.heic().zip(decode.heif).map_or(0, |(header, plan)| plan.spare_bytes(header, info.size));
    let document =
        if let SourceFormat::Pdf(page) = info.format { DOCUMENT_BYTES + page.picture_bytes } else { 0 };
    whole
        + spare
        + document
        + heif_decoder_bytes(info)
        + decode.jpeg.map_or(0, |jpeg| jpeg::working_bytes(jpeg, info))
}

/// Memory of the decoders of AVIF and HEIC, for the pixels that they decode at a time.
///
/// Measured with libaom 3.11: 14 bytes per pixel for its data about blocks, and planes of one byte per sample, or of two
/// where samples have more than 8 bits; 4:4:4 and film grain, which takes a second frame, are assumed.
///
/// Measured with hpvcd 0.3.4: 10 bytes per pixel of 4:2:0, 18 of 4:4:4, and 21 of 4:4:4 with more than 8 bits. 4:4:4 is
/// assumed.
fn heif_decoder_bytes(info: &SourceInfo) -> u64 {
    const BLOCKS: u64 = 14;
    const TWO_FRAMES: u64 = 2 * 3;
    const HEVC_BYTES_PER_PIXEL: u64 = 18;
    const DEEP_HEVC_BYTES_PER_PIXEL: u64 = 22;
    match info.format {
        SourceFormat::Avif(header) => {
            let bytes_a_sample = if header.depth == 8 { 1 } else { 2 };
            header.pixels_at_once * (BLOCKS + TWO_FRAMES * bytes_a_sample)
        }
        SourceFormat::Heic(header) => {
            let bytes_a_pixel =
                if header.depth == 8 { HEVC_BYTES_PER_PIXEL } else { DEEP_HEVC_BYTES_PER_PIXEL };
            header.pixels_at_once * bytes_a_pixel
        }
        SourceFormat::Jpeg(_)
        | SourceFormat::Png
        | SourceFormat::Webp(_)
        | SourceFormat::Gif
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl
        | SourceFormat::Pdf(_) => 0,
    }
}

/// Memory for decoding and scaling a mark's picture: pixels of four channels, decoded and resampled along one side.
const MARK_BYTES: u64 = 4_000_000 * 4 * 2;

/// Memory of the steps in addition to the picture: the mark, the canvas, and planes of 32-bit numbers, two of four channels for
/// blurring, three of two for sharpening.
fn finish_bytes(resampled: Size, finish: &FinishPlan) -> u64 {
    let blurring = if finish.blur == 0 { 0 } else { 2 * 4 * 4 };
    let sharpening = if finish.sharpness == 0 { 0 } else { 3 * 2 * 4 };
    let canvas = finish.canvas.map_or(0, |canvas| canvas.size.pixels() * 4);
    // The mark's picture while it is decoded, and the mark and the result in RGBA.
    let result = finish.canvas.map_or(resampled, |canvas| canvas.size).pixels();
    let mark = if finish.is_marked { MARK_BYTES + 2 * 4 * result } else { 0 };
    resampled.pixels() * blurring.max(sharpening) + canvas + mark
}

/// Memory of an encoder in addition to its input, if it is large.
fn encoder_bytes(output: &OutputPlan, variant: Size) -> u64 {
    /// Measured with libaom 3.11: 6 MiB, and 14 bytes per pixel; here with a margin and the planes that pixels are
    /// split into, chroma at full size.
    const AVIF_BYTES: u64 = 8 << 20;
    const AVIF_BYTES_PER_PIXEL: u64 = 24;
    /// The memory that WebP's lossless encoder takes in addition to that of the lossy one, for its chains of equal
    /// pixels. It also encodes frames of animations. Measured at 2000 × 2000 pixels of noise.
    const LOSSLESS_BYTES_PER_PIXEL: u64 = 36;
    /// The coefficients of three components, which a progressive JPEG's scans go through.
    const COEFFICIENT_BYTES_PER_PIXEL: u64 = 3 * 2;
    let lossless = if output.is_animated || output.is_lossless || output.may_be_lossless {
        LOSSLESS_BYTES_PER_PIXEL * variant.pixels()
    } else {
        0
    };
    match output.format {
        Format::Avif => lossless + AVIF_BYTES + variant.pixels() * AVIF_BYTES_PER_PIXEL,
        Format::Jpeg if output.is_progressive => lossless + variant.pixels() * COEFFICIENT_BYTES_PER_PIXEL,
        Format::Jpeg | Format::Png | Format::Webp | Format::Gif => lossless,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_at_the_limit_of_memory_is_admitted_and_one_above_is_not() {
        let limits = Limits { memory_bytes: 14, ..Limits::default() };
        assert_eq!(admit_memory(&limits, 14), Ok(()));
        assert_eq!(admit_memory(&limits, 15), Err(Error::TooMuchMemory { bytes: 15, limit: 14 }));
    }
}
