//! The size at which a drawing (SVG), or a page of a document (PDF), is rendered.

use contract::variant::{Side, Variant};

use super::geometry::{Target, region};
use crate::pixels::Size;
use crate::pixels::orientation::Orientation;
use crate::pixels::rect::Rect;
use crate::source::info::SourceInfo;

/// The assumed size of the upright picture. A drawing can have any size: it gets the size that the variant requests,
/// with no side longer than `longest`, unless the drawing's own side is longer.
pub(super) fn upright_size(info: &SourceInfo, variant: &Variant, longest: Side) -> Size {
    let size = info.upright_size();
    if !info.format.is_drawn() {
        return size;
    }
    let (width, height) = (f64::from(size.width()), f64::from(size.height()));
    let part = region(variant.cutout(), size, size);
    let part = Orientation::from_turn(variant.turn()).upright_size(Size::rounded(part.width, part.height));
    let factor =
        |side: Option<Side>, own: u32| side.map_or(0.0, |side| f64::from(side.pixels()) / f64::from(own));
    let requested =
        factor(variant.width(), part.width()).max(factor(variant.height(), part.height())).max(1.0);
    let largest = f64::from(longest.pixels()) / width.max(height);
    let factor = requested.min(largest.max(1.0));
    Size::rounded(width * factor, height * factor)
}

/// The size at which a drawing is rendered, so that its shown part needs hardly any resampling.
pub(super) fn decoded_size(target: &Target) -> Size {
    let Target { picture, shown, resampled } = target;
    let (across, down) =
        (f64::from(resampled.width()) / shown.width, f64::from(resampled.height()) / shown.height);
    Size::rounded(f64::from(picture.width()) * across, f64::from(picture.height()) * down)
}

/// The shown part of a drawing that is rendered at the size `decoded`.
pub(super) fn decoded_part(target: &Target, decoded: Size) -> Rect {
    let Target { picture, shown, .. } = target;
    if *shown == Rect::whole(*picture) {
        return Rect::whole(decoded);
    }
    let across = f64::from(decoded.width()) / f64::from(picture.width());
    let down = f64::from(decoded.height()) / f64::from(picture.height());
    shown.stretched(across, down)
}
