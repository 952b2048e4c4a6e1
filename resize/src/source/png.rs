//! Reads the chunks before the pixels of a PNG.

use std::io::Cursor;
use std::num::NonZeroU16;

use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Reader, Transformations};

use super::info::{Animation, Depth, SourceFormat, SourceInfo, orientation, size};
use super::png_color;
use crate::error::Error;
use crate::pixels::Channels;

/// Maximum bytes of memory for text, profiles and other ancillary chunks.
const MAX_ANCILLARY_BYTES: usize = 64 << 20;

/// Reads the chunks before the pixels.
pub(crate) fn open(bytes: &[u8]) -> Result<Reader<Cursor<&[u8]>>, Error> {
    open_as(bytes, Transformations::EXPAND)
}

/// Reads the chunks before the pixels, and sets the transformations to apply to decoded samples.
pub(crate) fn open_as(bytes: &[u8], transformed: Transformations) -> Result<Reader<Cursor<&[u8]>>, Error> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_ANCILLARY_BYTES });
    decoder.set_transformations(transformed);
    decoder.set_ignore_text_chunk(true);
    decoder.read_info().map_err(damaged)
}

/// Reads the header of a still or an animation.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    match animation(bytes) {
        // The decoder of frames returns 8 bits per sample.
        Some(animation) => {
            Ok(SourceInfo { animation: Some(animation), depth: Depth::Eight, ..probe_still(bytes)? })
        }
        None => probe_still(bytes),
    }
}

/// Reads the header of the default picture.
pub(super) fn probe_still(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let reader = open(bytes)?;
    let info = reader.info();
    let channels = match reader.output_color_type().0 {
        ColorType::Grayscale => Channels::Gray,
        ColorType::GrayscaleAlpha => Channels::GrayAlpha,
        ColorType::Rgb => Channels::Rgb,
        ColorType::Rgba => Channels::Rgba,
        ColorType::Indexed => return Err(Error::Internal("a palette was left unexpanded".to_owned())),
    };
    let exif = info.exif_metadata.as_deref();
    let is_gray = matches!(channels, Channels::Gray | Channels::GrayAlpha);
    let profile = png_color::profile(info, is_gray);
    let depth = match reader.output_color_type().1 {
        BitDepth::Sixteen => Depth::Sixteen,
        BitDepth::One | BitDepth::Two | BitDepth::Four | BitDepth::Eight => Depth::Eight,
    };
    Ok(SourceInfo {
        format: SourceFormat::Png,
        size: size(info.width, info.height)?,
        animation: None,
        orientation: orientation(exif),
        channels,
        depth,
        has_metadata: exif.is_some() || info.icc_profile.is_some() || profile.is_some() || has_text(bytes),
        profile,
        is_lossless: true,
    })
}

/// The facts in the animation header of an animated PNG; `None` for a still.
fn animation(bytes: &[u8]) -> Option<Animation> {
    const SIGNATURE_BYTES: usize = 8;
    const CRC_BYTES: usize = 4;
    let mut rest = bytes.get(SIGNATURE_BYTES..)?;
    loop {
        let (header, after) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, name @ ..] = *header;
        match &name {
            b"acTL" => {
                let (frames, rest) = after.split_first_chunk::<4>()?;
                let (plays, _) = rest.split_first_chunk::<4>()?;
                let plays = u16::try_from(u32::from_be_bytes(*plays)).unwrap_or(u16::MAX);
                let animation =
                    Animation { frames: u32::from_be_bytes(*frames), plays: NonZeroU16::new(plays) };
                return Some(animation).filter(|animation| animation.frames > 1);
            }
            b"IDAT" => return None,
            _ => {}
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        rest = after.get(length.checked_add(CRC_BYTES)?..)?;
    }
}

/// `true` if a text chunk or a time stamp comes before the pixels.
fn has_text(bytes: &[u8]) -> bool {
    const SIGNATURE_BYTES: usize = 8;
    const CRC_BYTES: usize = 4;
    let mut rest = bytes.get(SIGNATURE_BYTES..).unwrap_or_default();
    while let Some((header, after)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, name @ ..] = *header;
        match &name {
            b"IDAT" | b"IEND" => return false,
            b"tEXt" | b"zTXt" | b"iTXt" | b"tIME" => return true,
            _ => {}
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        rest = after.get(length.saturating_add(CRC_BYTES)..).unwrap_or_default();
    }
    false
}

pub(crate) fn damaged(error: DecodingError) -> Error {
    match error {
        DecodingError::LimitsExceeded => Error::Unsupported("the PNG's metadata is too large"),
        DecodingError::Parameter(error) => Error::Internal(error.to_string()),
        DecodingError::IoError(error) => Error::Damaged(error.to_string()),
        DecodingError::Format(error) => Error::Damaged(error.to_string()),
    }
}
