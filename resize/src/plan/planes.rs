//! The decision whether a picture stays in planes of luma and chroma, and the sizes of planes.
//!
//! Planes that go from the decoder to the encoder need no colour conversion, and their chroma is never enlarged only to be
//! reduced again. If a step or the encoder needs pixels, the planes are converted at the variant's size.

use codecs::planes::Sampling;

use super::finish::FinishPlan;
use super::jpeg::JpegPlan;
use crate::pixels::Size;
use crate::source::info::{SourceFormat, SourceInfo};
use crate::source::profile::is_srgb;

/// `true` if the source is decoded to planes. The frames of an animation are decoded to pixels, because they are drawn
/// on a canvas of pixels.
pub(super) fn has_planes(info: &SourceInfo, jpeg: Option<JpegPlan>) -> bool {
    let is_stored_in_planes = match info.format {
        SourceFormat::Jpeg(_) => jpeg.is_some_and(JpegPlan::is_planar),
        SourceFormat::Webp(header) => !header.has_alpha && !header.is_lossless,
        SourceFormat::Png
        | SourceFormat::Gif
        | SourceFormat::Avif(_)
        | SourceFormat::Heic(_)
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl
        | SourceFormat::Pdf(_) => false,
    };
    is_stored_in_planes && info.animation.is_none()
}

/// The sampling to which chroma is resampled: half if planes are encoded, full if they become pixels first. Planes have
/// loss and no profile but sRGB.
pub(super) fn chroma_sampling(info: &SourceInfo, finish: &FinishPlan, is_lossy: bool) -> Sampling {
    let is_encoded_from_planes =
        is_lossy && !finish.needs_pixels() && info.profile.as_deref().is_none_or(is_srgb);
    if is_encoded_from_planes { Sampling::Half } else { Sampling::Full }
}

/// The sizes of the luma and chroma buffers of a JPEG that libjpeg-turbo decodes to the size `decoded`. Luma covers whole
/// samples of chroma, because libjpeg-turbo fills that many.
pub(crate) fn libjpeg_turbo_sizes(decoded: Size, sampling: Sampling) -> (Size, Size) {
    let (across, down) = sampling.factors();
    let (width, height) = sampling.chroma_size(decoded.width(), decoded.height());
    let size = |width, height| Size::new(width, height).unwrap_or(decoded);
    (size(width * across, height * down), size(width, height))
}

/// The sizes of the luma and chroma planes of a WebP.
pub(crate) fn webp_sizes(decoded: Size) -> (Size, Size) {
    (decoded, chroma_size(decoded, Sampling::Half))
}

/// The size of the chroma planes for luma of the size `luma`.
pub(crate) fn chroma_size(luma: Size, sampling: Sampling) -> Size {
    let (width, height) = sampling.chroma_size(luma.width(), luma.height());
    Size::new(width, height).unwrap_or(luma)
}
