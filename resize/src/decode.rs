//! Source bytes to pixels.

pub(crate) mod avif;
pub(crate) mod bmp;

pub(crate) mod ico;

#[cfg(feature = "jxl")]
pub(crate) mod jxl;

mod planes;

pub(crate) mod png;

#[cfg(feature = "svg")]
pub(crate) mod svg;

pub(crate) mod tiff;

use codecs::jpeg::Completeness;

use crate::error::Error;
use crate::jpeg_segments::ends_in_first_progressive_scan;
use crate::pixels::{Channels, Pixels};
use crate::plan::Plan;
use crate::source::{SourceFormat, SourceInfo};

/// Decodes a source as its plan says. One with frames goes by way of [`animation`](crate::animation) instead.
pub fn decode(bytes: &[u8], source: &SourceInfo, plan: &Plan) -> Result<Pixels, Error> {
    match source.format {
        SourceFormat::Jpeg { header, is_inverted, .. } => {
            let mut pixels = Pixels::black(plan.decoded, source.channels);
            let layout = match source.channels {
                Channels::Gray | Channels::GrayAlpha => codecs::jpeg::Layout::Gray,
                Channels::Rgb | Channels::Rgba => codecs::jpeg::Layout::Rgb,
                Channels::Cmyk => codecs::jpeg::Layout::Cmyk,
            };
            let completeness = codecs::jpeg::decode(bytes, header, plan.scale, layout, &mut pixels.samples)?;
            admit_mended(completeness, bytes)?;
            if is_inverted && source.channels == Channels::Cmyk {
                pixels.samples.iter_mut().for_each(|ink| *ink = 255 - *ink);
            }
            Ok(pixels)
        }
        SourceFormat::Gif => Err(Error::Internal("a GIF is decoded frame by frame".to_owned())),
        SourceFormat::Png => png::decode(bytes, source),
        SourceFormat::Webp(header) => {
            let mut pixels = Pixels::black(plan.decoded, source.channels);
            let layout =
                if header.has_alpha { codecs::webp::Layout::Rgba } else { codecs::webp::Layout::Rgb };
            codecs::webp::decode(bytes, header, layout, &mut pixels.samples)?;
            Ok(pixels)
        }
        SourceFormat::Avif(_) => avif::decode(bytes, source),
        SourceFormat::Tiff => tiff::decode(bytes, source),
        SourceFormat::Bmp => bmp::decode(bytes, source),
        SourceFormat::Ico => ico::decode(bytes, source),
        #[cfg(feature = "svg")]
        SourceFormat::Svg => svg::decode(bytes, plan.decoded),
        #[cfg(feature = "jxl")]
        SourceFormat::Jxl => jxl::decode(bytes, source),
        #[cfg(not(feature = "svg"))]
        SourceFormat::Svg => Err(Error::Internal("SVG is left out of this build".to_owned())),
        #[cfg(not(feature = "jxl"))]
        SourceFormat::Jxl => Err(Error::Internal("JPEG XL is left out of this build".to_owned())),
    }
}

/// Refuses a JPEG of which less came than its first scan.
pub(crate) fn admit_mended(completeness: Completeness, bytes: &[u8]) -> Result<(), Error> {
    if completeness == Completeness::Mended && ends_in_first_progressive_scan(bytes) {
        return Err(Error::Damaged("it breaks off in its first scan".to_owned()));
    }
    Ok(())
}
