//! The finishing part of a plan: the steps on a picture of the variant's size.

use contract::color::Color;
use contract::format::{Content, Format};
use contract::variant::Variant;

use super::geometry::{Framing, orientation};
use crate::pixels::Size;
use crate::pixels::orientation::Orientation;
use crate::source::info::SourceInfo;

/// Steps on a picture of the variant's size.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FinishPlan {
    /// The transformation to the upright and turned picture.
    pub orientation: Orientation,
    /// The colour under transparent pixels. `None` keeps them transparent.
    pub background: Option<Color>,
    /// Blur strength on imgix' scale, 0 (none) to 2000.
    pub blur: u16,
    /// Sharpening strength, 0 (none) to 100.
    pub sharpness: u8,
    /// The canvas around the picture. `None` if the picture fills the variant.
    pub canvas: Option<Canvas>,
    /// `true` if a mark is laid over the result.
    pub is_marked: bool,
}

/// A canvas around a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// Its size, each side at least as long as the picture's.
    pub size: Size,
    /// The colour around the picture.
    pub color: Color,
}

impl FinishPlan {
    pub(super) fn new(info: &SourceInfo, variant: &Variant, framing: &Framing, format: Format) -> Self {
        let canvas = Canvas { size: framing.canvas, color: padding(variant, format) };
        Self {
            orientation: orientation(info, variant),
            background: background(info, variant, format),
            blur: variant.blur(),
            sharpness: variant.sharpness(),
            canvas: framing.is_padded().then_some(canvas),
            is_marked: variant.mark().is_some(),
        }
    }

    /// `true` if a step works on pixels only: blurring, sharpening, padding or a mark.
    pub(super) const fn needs_pixels(&self) -> bool {
        self.blur != 0 || self.sharpness != 0 || self.canvas.is_some() || self.is_marked
    }
}

/// The colour around a padded picture: transparent, unless a colour is requested or the format has no alpha.
fn padding(variant: &Variant, format: Format) -> Color {
    match (format, variant.background()) {
        (Format::Jpeg, Some(color)) => color.over(Color::WHITE),
        (Format::Jpeg, None) => Color::WHITE,
        (Format::Png | Format::Webp | Format::Avif | Format::Gif, Some(color)) => color,
        (Format::Png | Format::Webp | Format::Avif | Format::Gif, None) => {
            Color { red: 0, green: 0, blue: 0, alpha: 0 }
        }
    }
}

/// The colour under transparent pixels. A format without alpha needs an opaque one. A frame of an animation may leave a
/// part of the canvas uncovered although the source has no transparent pixel.
fn background(info: &SourceInfo, variant: &Variant, format: Format) -> Option<Color> {
    let needs_one = match format {
        Format::Jpeg => info.content() == Content::Alpha || info.animation.is_some(),
        Format::Png | Format::Webp | Format::Avif | Format::Gif => false,
    };
    let over_white = |color: Color| {
        if needs_one { color.over(Color::WHITE) } else { color }
    };
    match variant.background() {
        Some(color) => Some(over_white(color)),
        None => needs_one.then_some(Color::WHITE),
    }
}
