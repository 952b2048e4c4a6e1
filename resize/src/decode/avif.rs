//! Decodes AVIF stills with libaom.

use codecs::avif::Layout;

use crate::error::Error;
use crate::pixels::Pixels;
use crate::source::info::SourceInfo;

/// Decodes the still picture at the size and with the channels of its header.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(source.size, source.channels);
    let layout = if source.channels.has_alpha() { Layout::Rgba } else { Layout::Rgb };
    codecs::avif::open(bytes)?.decode(layout, &mut pixels.samples)?;
    Ok(pixels)
}
