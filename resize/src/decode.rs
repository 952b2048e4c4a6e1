//! Decodes source bytes to pixels or planes, one file per format.

pub(crate) mod frames;
pub(crate) mod planes;

mod bmp;
mod heif;
mod ico;
mod jpeg;
#[cfg(feature = "jxl")]
mod jxl;
#[cfg(feature = "pdf")]
mod pdf;
mod png;
#[cfg(feature = "svg")]
mod svg;
mod tiff;

mod samples;
mod truncated;

use codecs::planes::Range;

use crate::error::Error;
use crate::panics::unless_it_panics;
use crate::pixels::Pixels;
use crate::pixels::picture::Decoded;
use crate::plan::decode::DecodePlan;
use crate::source::Source;
use crate::source::info::SourceFormat;
use crate::stopwatch::Stopwatch;

/// Decodes a still, or one frame of an animation, as planned. Stops at the deadline of `watch` if the decoder can be
/// stopped.
pub fn decode(source: &Source<'_>, plan: &DecodePlan, watch: &mut Stopwatch) -> Result<Decoded, Error> {
    unless_it_panics(|| {
        if plan.is_planar {
            return Ok(Decoded::Planes(planes::decode(source, plan, watch)?));
        }
        let pixels = match source.info().animation {
            Some(_) => frames::decode_frame(source, plan.frame, watch)?,
            None => decode_pixels(source, plan, watch)?,
        };
        Ok(Decoded::Pixels(pixels))
    })
}

/// Decodes a still to pixels, even if planes are planned.
pub fn decode_pixels(source: &Source<'_>, plan: &DecodePlan, watch: &Stopwatch) -> Result<Pixels, Error> {
    let (file, info) = (source.file(), source.info());
    if let SourceFormat::Jpeg(_) = info.format {
        return jpeg::decode(file, info, plan, watch);
    }
    let bytes = file.whole()?;
    match info.format {
        SourceFormat::Jpeg(_) => Err(Error::Internal("a JPEG is decoded while it arrives".to_owned())),
        SourceFormat::Gif => Err(Error::Internal("a GIF is decoded frame by frame".to_owned())),
        SourceFormat::Png => png::decode(bytes, info, plan.rows_per_mean, plan.light.curve(Range::Full)),
        SourceFormat::Webp(header) => {
            let mut pixels = Pixels::black(plan.size, info.channels);
            let layout =
                if header.has_alpha { codecs::webp::Layout::Rgba } else { codecs::webp::Layout::Rgb };
            let rows = codecs::webp::decode(bytes, header, layout, &mut pixels.samples)?;
            truncated::admit_rows(rows, header.height)?;
            Ok(pixels)
        }
        SourceFormat::Avif(_) | SourceFormat::Heic(_) => heif::decode(bytes, info, plan),
        SourceFormat::Tiff => tiff::decode(bytes, info),
        SourceFormat::Bmp => bmp::decode(bytes, info),
        SourceFormat::Ico => ico::decode(bytes, info),
        #[cfg(feature = "svg")]
        SourceFormat::Svg => svg::decode(bytes, plan.size),
        #[cfg(feature = "jxl")]
        SourceFormat::Jxl => jxl::decode(bytes, info),
        #[cfg(feature = "pdf")]
        SourceFormat::Pdf(page) => pdf::decode(bytes, page, plan.size),
        #[cfg(not(feature = "pdf"))]
        SourceFormat::Pdf(_) => Err(Error::Internal("PDF is left out of this build".to_owned())),
        #[cfg(not(feature = "svg"))]
        SourceFormat::Svg => Err(Error::Internal("SVG is left out of this build".to_owned())),
        #[cfg(not(feature = "jxl"))]
        SourceFormat::Jxl => Err(Error::Internal("JPEG XL is left out of this build".to_owned())),
    }
}
