//! Reads the headers of Windows bitmaps.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::{ColorType, ImageDecoder, ImageError};

use super::info::{Depth, SourceFormat, SourceInfo, size};
use crate::error::Error;
use crate::pixels::Channels;
use crate::pixels::orientation::Orientation;

/// Reads the headers.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let mut decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    let profile = decoder.icc_profile().ok().flatten();
    Ok(SourceInfo {
        format: SourceFormat::Bmp,
        size: size(width, height)?,
        animation: None,
        orientation: Orientation::UPRIGHT,
        channels: channels(decoder.color_type())?,
        depth: Depth::Eight,
        has_metadata: profile.is_some(),
        profile,
        is_lossless: true,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the enum is another crate's and may grow")]
pub(super) fn channels(color: ColorType) -> Result<Channels, Error> {
    match color {
        ColorType::L8 => Ok(Channels::Gray),
        ColorType::La8 => Ok(Channels::GrayAlpha),
        ColorType::Rgb8 => Ok(Channels::Rgb),
        ColorType::Rgba8 => Ok(Channels::Rgba),
        _ => Err(Error::Unsupported("only images of 8 bits a sample are read in this format")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
pub(crate) fn unreadable(error: ImageError) -> Error {
    match error {
        ImageError::Unsupported(_) => Error::Unsupported("this kind of BMP or ICO is not supported"),
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Limits(_)
        | ImageError::IoError(_) => Error::Damaged(error.to_string()),
    }
}
