//! Reads the directory of the first picture in a TIFF.

mod colors;
mod errors;
mod strips;

use std::io::Cursor;

use tiff::decoder::{Decoder, Limits};
use tiff::tags::Tag;

use super::info::{Depth, SourceFormat, SourceInfo, size};
use super::tiff_jpeg;
use crate::error::Error;
use crate::pixels::Channels;
use crate::pixels::orientation::Orientation;

pub(crate) use colors::{Colors, Number, Samples};
pub(crate) use errors::unreadable;
pub(crate) use strips::{Compression, Strips};

/// Reads the directory of the first picture.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
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
    let size = size(width, height)?;
    let samples = Samples::read(&mut decoder)?;
    let orientation = decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten();
    let compression = Compression::read(&mut decoder)?;
    if compression == Compression::Jpeg {
        tiff_jpeg::admit(&mut decoder, bytes, size)?;
    } else if samples.is_subsampled {
        return Err(Error::Unsupported("TIFF images of YCbCr are supported only with JPEG, or in full size"));
    }
    let profile = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
    let has_metadata =
        profile.is_some() || METADATA.iter().any(|tag| decoder.image_ifd().find_entry(*tag).is_some());
    Ok(SourceInfo {
        format: SourceFormat::Tiff,
        size,
        animation: None,
        orientation: orientation.and_then(Orientation::from_exif).unwrap_or_default(),
        channels: samples.channels(),
        depth: depth(&samples),
        profile,
        has_metadata,
        is_lossless: compression != Compression::Jpeg,
    })
}

/// The depth to decode to. The conversion of CMYK needs 8 bits.
pub(crate) fn depth(samples: &Samples) -> Depth {
    let is_deep =
        samples.bits > 8 && samples.colors != Colors::Palette && samples.channels() != Channels::Cmyk;
    if is_deep { Depth::Sixteen } else { Depth::Eight }
}

pub(crate) fn open(bytes: &[u8]) -> Result<Decoder<Cursor<&[u8]>>, Error> {
    // The plan bounds the decoded picture, and a strip or tile can't be much larger than that.
    let mut limits = Limits::default();
    limits.decoding_buffer_size = 2 << 30;
    limits.ifd_value_size = 16 << 20;
    Decoder::new(Cursor::new(bytes)).map(|decoder| decoder.with_limits(limits)).map_err(unreadable)
}
