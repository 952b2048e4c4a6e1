//! Reads the directory of the first picture in a TIFF.

use std::io::Cursor;

use tiff::decoder::{Decoder, Limits};
use tiff::tags::{SampleFormat, Tag};
use tiff::{ColorType, TiffError};

use super::info::{Depth, SourceFormat, SourceInfo, size};
use super::tiff_jpeg;
use crate::error::Error;
use crate::pixels::Channels;
use crate::pixels::orientation::Orientation;

/// The format of the stored samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Samples {
    pub(crate) channels: Channels,
    /// Bits per sample: 1, 2, 4, 8 or 16.
    pub(crate) bits: u8,
    pub(crate) is_ycc: bool,
    /// `true` if colours are stored multiplied by their alpha.
    pub(crate) is_premultiplied: bool,
}

/// Reads the directory of the first picture.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    const JPEG_COMPRESSION: u16 = 7;
    const METADATA: [Tag; 10] = [
        Tag::ImageDescription,
        Tag::Make,
        Tag::Model,
        Tag::Software,
        Tag::DateTime,
        Tag::Artist,
        Tag::Copyright,
        Tag::ExifDirectory,
        Tag::GpsDirectory,
        Tag::Unknown(700), // XMP
    ];
    let mut decoder = open(bytes)?;
    let (width, height) = decoder.dimensions().map_err(unreadable)?;
    let samples = samples(&mut decoder)?;
    let orientation = decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten();
    let compression = decoder.find_tag_unsigned::<u16>(Tag::Compression).ok().flatten();
    let size = size(width, height)?;
    if compression == Some(JPEG_COMPRESSION) {
        tiff_jpeg::admit(&mut decoder, bytes, size)?;
    }
    let profile = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
    let has_metadata =
        profile.is_some() || METADATA.iter().any(|tag| decoder.image_ifd().find_entry(*tag).is_some());
    Ok(SourceInfo {
        format: SourceFormat::Tiff,
        size,
        animation: None,
        orientation: orientation.and_then(Orientation::from_exif).unwrap_or_default(),
        channels: samples.channels,
        depth: depth(samples),
        profile,
        has_metadata,
        is_lossless: compression != Some(JPEG_COMPRESSION),
    })
}

pub(crate) const UNREAD_SAMPLES: Error =
    Error::Unsupported("only TIFF images of whole numbers of 1 to 16 bits are supported, not this one");

const UNREAD_COLORS: Error =
    Error::Unsupported("only gray, RGB, CMYK and YCbCr TIFF images are supported, not this one");

/// The depth to decode to. The conversion of CMYK needs 8 bits.
pub(crate) fn depth(samples: Samples) -> Depth {
    if samples.bits == 16 && samples.channels != Channels::Cmyk { Depth::Sixteen } else { Depth::Eight }
}

pub(crate) fn open(bytes: &[u8]) -> Result<Decoder<Cursor<&[u8]>>, Error> {
    // The plan bounds the decoded picture, and a strip or tile can't be much larger than that.
    let mut limits = Limits::default();
    limits.decoding_buffer_size = 2 << 30;
    limits.ifd_value_size = 16 << 20;
    Decoder::new(Cursor::new(bytes)).map(|decoder| decoder.with_limits(limits)).map_err(unreadable)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the enum is another crate's and may grow")]
pub(crate) fn samples(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Samples, Error> {
    const ASSOCIATED_ALPHA: u16 = 1;
    let extra = decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).ok().flatten().unwrap_or_default();
    let formats = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat).ok().flatten().unwrap_or_default();
    if formats.iter().any(|format| *format != SampleFormat::Uint.to_u16()) {
        return Err(UNREAD_SAMPLES);
    }
    let (channels, bits) = match decoder.colortype().map_err(unreadable)? {
        ColorType::Gray(bits @ (1 | 2 | 4 | 8 | 16)) => (Channels::Gray, bits),
        ColorType::GrayA(bits @ (8 | 16))
        | ColorType::Multiband { bit_depth: bits @ (8 | 16), num_samples: 2 } => (Channels::GrayAlpha, bits),
        ColorType::RGB(bits @ (8 | 16)) | ColorType::YCbCr(bits @ 8) => (Channels::Rgb, bits),
        ColorType::RGBA(bits @ (8 | 16)) => (Channels::Rgba, bits),
        ColorType::CMYK(bits @ (8 | 16)) => (Channels::Cmyk, bits),
        ColorType::Gray(_)
        | ColorType::GrayA(_)
        | ColorType::RGB(_)
        | ColorType::RGBA(_)
        | ColorType::CMYK(_) => {
            return Err(UNREAD_SAMPLES);
        }
        _ => return Err(UNREAD_COLORS),
    };
    let is_ycc = matches!(decoder.colortype(), Ok(ColorType::YCbCr(_)));
    let is_premultiplied = channels.has_alpha() && extra.first() == Some(&ASSOCIATED_ALPHA);
    Ok(Samples { channels, bits, is_ycc, is_premultiplied })
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
pub(crate) fn unreadable(error: TiffError) -> Error {
    match error {
        TiffError::UnsupportedError(_) => UNREAD_COLORS,
        TiffError::LimitsExceeded => Error::Unsupported("the TIFF has strips or tags of too many bytes"),
        TiffError::FormatError(_)
        | TiffError::IoError(_)
        | TiffError::IntSizeError
        | TiffError::UsageError(_) => Error::Damaged(error.to_string()),
    }
}
