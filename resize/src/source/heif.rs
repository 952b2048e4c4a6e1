//! Reads the boxes before the pixels of an AVIF or a HEIC.

use codecs::heif::{Cicp, Codec};

use super::code_points;
use super::info::{Depth, SourceFormat, SourceInfo, size};
use crate::error::Error;
use crate::pixels::Channels;
use crate::pixels::orientation::Orientation;

/// Reads the header. Samples of more than 8 bits are decoded to 8.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let file = codecs::heif::open(bytes)?;
    let header = file.header();
    // The decoder stretches samples of video range.
    let colors = Cicp { is_full_range: true, ..header.colors };
    let profile = file.icc().map(<[u8]>::to_vec).or_else(|| code_points::meaning(colors, false).profile());
    Ok(SourceInfo {
        format: match header.codec {
            Codec::Av1 => SourceFormat::Avif(header),
            Codec::Hevc => SourceFormat::Heic(header),
        },
        size: size(header.width, header.height)?,
        animation: None,
        // Files of the family ignore the orientation in EXIF (HEIF, ISO/IEC 23008-12, annex A): the picture's own rotation and
        // mirroring count.
        orientation: Orientation::from_exif(header.orientation).unwrap_or_default(),
        channels: if header.has_alpha { Channels::Rgba } else { Channels::Rgb },
        depth: Depth::Eight,
        // A sequence has data beyond its still picture.
        has_metadata: header.has_metadata || header.is_sequence || profile.is_some(),
        profile,
        is_lossless: false,
    })
}
