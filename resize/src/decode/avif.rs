//! AVIF.

use codecs::avif::Layout;

use crate::error::Error;
use crate::pixels::Pixels;
use crate::source::info::SourceInfo;

/// The still picture, as its header has it.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(source.size, source.channels);
    let layout = if source.channels.has_alpha() { Layout::Rgba } else { Layout::Rgb };
    codecs::avif::open(bytes)?.decode(layout, &mut pixels.samples)?;
    Ok(pixels)
}
