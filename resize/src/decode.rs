//! Decodes source bytes to pixels.

pub(crate) mod avif;
pub(crate) mod bmp;

pub(crate) mod ico;

pub mod jpeg;

#[cfg(feature = "jxl")]
pub(crate) mod jxl;

mod planes;

pub(crate) mod png;

#[cfg(feature = "svg")]
pub(crate) mod svg;

pub(crate) mod tiff;

use crate::error::Error;
use crate::pixels::Pixels;
use crate::plan::Plan;
use crate::source::info::{SourceFormat, SourceInfo};
use crate::stopwatch::Stopwatch;

/// Decodes a still source as its plan says. Decoders that can be interrupted stop at the deadline of `watch`. Sources
/// with frames are decoded by [`animation`](crate::animation).
pub fn decode(bytes: &[u8], source: &SourceInfo, plan: &Plan, watch: &Stopwatch) -> Result<Pixels, Error> {
    match source.format {
        SourceFormat::Jpeg(info) => jpeg::decode(bytes, source, info, plan, watch),
        SourceFormat::Gif => Err(Error::Internal("a GIF is decoded frame by frame".to_owned())),
        SourceFormat::Png => png::decode(bytes, source, plan.rows_a_mean),
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
