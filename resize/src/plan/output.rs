//! The encoding part of a plan.

use codecs::planes::Sampling;
use contract::format::{AcceptClass, Content, Format, FormatChoice, negotiate};
use contract::variant::{Fit, QualityChoice, Variant};

use super::avif::is_avif_worth_it;
use super::geometry::{Framing, orientation};
use crate::pixels::orientation::Orientation;
use crate::settings::Settings;
use crate::source::info::{SourceFormat, SourceInfo};

/// Settings for encoding a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent decisions, read by their names")]
#[non_exhaustive]
pub struct OutputPlan {
    /// The file's format.
    pub format: Format,
    /// The encoder's quality, fixed or chosen by the finished picture.
    pub quality: QualityChoice,
    /// `true` if WebP is encoded without loss.
    pub is_lossless: bool,
    /// `true` if the source was stored without loss: its content is probably flat and sharp, so a slower lossless
    /// compression is useful.
    pub is_graphic: bool,
    /// `true` if all frames are encoded, `false` for a still.
    pub is_animated: bool,
    /// `true` if the source file shows the same picture in a format that the viewer reads. It is rewritten, and served if it
    /// is then smaller than the encoded variant.
    pub may_serve_source: bool,
    /// `true` if a WebP is encoded without loss if that is smaller. So graphics stay sharp and small.
    pub may_be_lossless: bool,
    /// `true` if chroma stays at its full size where the picture has sharp edges between saturated colours.
    pub may_be_sharp: bool,
    /// `true` if a JPEG is encoded as a progressive file.
    pub is_progressive: bool,
    /// `true` if the file gets the source's artist and copyright notice.
    pub keeps_credit: bool,
}

/// Maximum size of a variant that is encoded with and without loss, to choose the smaller file.
const MAX_LOSSLESS_PIXELS: u64 = 4_000_000;

impl OutputPlan {
    pub(super) fn new(info: &SourceInfo, variant: &Variant, framing: &Framing, settings: &Settings) -> Self {
        let may_be_animated = info.frames() > 1 && variant.frame().is_none();
        let format = match variant.format() {
            FormatChoice::Fixed(format) => format,
            FormatChoice::Auto(class) => {
                let content = if may_be_animated { Content::Animation } else { info.content() };
                negotiate(class, content, is_avif_better(framing, variant, settings))
            }
            // The description of a source is computed from a preview, which is never encoded.
            FormatChoice::Info => Format::Png,
        };
        let is_animated = may_be_animated && format.is_animatable();
        let is_automatic = matches!(variant.format(), FormatChoice::Auto(_));
        let source_format = info.format.as_output();
        Self {
            format,
            quality: variant.quality().unwrap_or(QualityChoice::Fixed(settings.qualities.of(format))),
            is_lossless: variant.is_lossless(),
            is_graphic: info.is_lossless,
            is_animated,
            may_serve_source: is_unchanged(info, variant, framing)
                && source_format.is_some_and(|source| is_allowed(source, variant.format()))
                && is_animated == (info.frames() > 1)
                && !info.has_metadata,
            may_be_lossless: is_automatic
                && format == Format::Webp
                && info.is_lossless
                && !is_animated
                && framing.canvas.pixels() <= MAX_LOSSLESS_PIXELS,
            may_be_sharp: may_have_sharp_chroma(info) && has_time_for_sharp_chroma(format, info),
            is_progressive: settings.is_progressive,
            keeps_credit: settings.keeps_credit,
        }
    }

    /// `true` if the file is encoded with loss, and chroma at half of luma's size.
    pub const fn is_lossy(&self) -> bool {
        match self.format {
            Format::Jpeg | Format::Webp | Format::Avif => !self.is_lossless && !self.may_be_sharp,
            Format::Png | Format::Gif => false,
        }
    }
}

/// `true` if a variant may have a format: the requested one, or one that the viewer reads.
fn is_allowed(format: Format, choice: FormatChoice) -> bool {
    match choice {
        FormatChoice::Fixed(requested) => requested == format,
        FormatChoice::Auto(class) => match format {
            Format::Jpeg | Format::Png | Format::Gif => true,
            Format::Webp => class != AcceptClass::Base,
            Format::Avif => class == AcceptClass::Avif,
        },
        FormatChoice::Info => false,
    }
}

/// `true` unless the source itself has chroma at half of luma's size. Edges that are soft already need no more.
fn may_have_sharp_chroma(info: &SourceInfo) -> bool {
    match info.format {
        SourceFormat::Jpeg(jpeg) => jpeg.sampling.is_none_or(|sampling| sampling == Sampling::Full),
        SourceFormat::Webp(header) => header.is_lossless,
        // Phones store chroma at half of its size.
        SourceFormat::Heic(_) => false,
        SourceFormat::Png
        | SourceFormat::Avif(_)
        | SourceFormat::Gif
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl
        | SourceFormat::Pdf(_) => true,
    }
}

/// `true` if a format keeps all chroma, and that takes no time which would be noticed. JPEGs of photos are encoded from planes
/// that are scaled apart, with chroma at half the size; that is known before the picture is.
fn has_time_for_sharp_chroma(format: Format, info: &SourceInfo) -> bool {
    /// Maximum pixels of a lossy source whose JPEG may have all chroma. Screenshots are smaller than photos.
    const MAX_PIXELS: u64 = 1_000_000;
    match format {
        Format::Avif => true,
        Format::Jpeg => info.is_lossless || info.size.pixels() <= MAX_PIXELS,
        Format::Png | Format::Webp | Format::Gif => false,
    }
}

/// `true` if AVIF is a better choice than WebP for a photo. Lossless variants stay WebP, and so do pictures with alpha,
/// which include those with transparent padding.
fn is_avif_better(framing: &Framing, variant: &Variant, settings: &Settings) -> bool {
    let has_clear_padding =
        framing.is_padded() && variant.background().is_none_or(|color| color.alpha != 255);
    !variant.is_lossless() && !has_clear_padding && is_avif_worth_it(framing.canvas, settings.avif_budget)
}

/// `true` if the variant shows the stored picture unchanged.
fn is_unchanged(info: &SourceInfo, variant: &Variant, framing: &Framing) -> bool {
    framing.is_whole()
        && variant.fit() != Fit::Clip
        && variant.background().is_none()
        && variant.blur() == 0
        && variant.sharpness() == 0
        && variant.mark().is_none()
        && orientation(info, variant) == Orientation::UPRIGHT
}
