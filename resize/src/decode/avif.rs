//! AVIF.

use codecs::avif::Layout;

use crate::error::Error;
use crate::pixels::orientation::Orientation;
use crate::pixels::{Channels, Pixels};
use crate::source::code_points;
use crate::source::{Depth, SourceFormat, SourceInfo, size};

/// What the header says. A picture of more than 8 bits is decoded to 8.
pub(crate) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let file = codecs::avif::open(bytes)?;
    let header = file.header();
    let profile = file.icc().map(<[u8]>::to_vec).or_else(|| code_points::profile(header.colors));
    Ok(SourceInfo {
        format: SourceFormat::Avif(header),
        size: size(header.width, header.height)?,
        animation: None,
        // EXIF's own orientation doesn't count in AVIF (HEIF, ISO/IEC 23008-12, annex A).
        orientation: Orientation::from_exif(header.orientation).unwrap_or_default(),
        channels: if header.has_alpha { Channels::Rgba } else { Channels::Rgb },
        depth: Depth::Eight,
        // A sequence is more than its still picture.
        has_metadata: header.has_metadata || header.is_sequence || profile.is_some(),
        profile,
        is_lossless: false,
    })
}

/// The still picture, as its header has it.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(source.size, source.channels);
    let layout = if source.channels.has_alpha() { Layout::Rgba } else { Layout::Rgb };
    codecs::avif::open(bytes)?.decode(layout, &mut pixels.samples)?;
    Ok(pixels)
}
