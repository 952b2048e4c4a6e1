//! Which part of a picture is shown, and at which size. Arithmetic alone.

use contract::variant::{Crop, CropAnchor, Cutout, Fit, Gravity, Side, Variant};

use crate::pixels::Size;
use crate::pixels::orientation::Orientation;
use crate::pixels::rect::Rect;

/// What is shown of an upright picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Framing {
    /// The part that is kept.
    pub shown: Rect,
    /// The size that it is shown at, after the variant's turn.
    pub output: Size,
    /// The size of the canvas around it; the same where nothing is padded.
    pub canvas: Size,
}

/// The part of an upright picture that is there after cutting out, in whole pixels of the size `drawn` in which
/// the picture comes; the cutout is in those of its `own` size. One outside the picture counts as none.
pub fn region(cutout: Option<Cutout>, own: Size, drawn: Size) -> Rect {
    let Some(rect) = cutout.and_then(|cutout| Rect::inside(cutout, own)) else { return Rect::whole(drawn) };
    if own == drawn {
        return rect;
    }
    let (width, height) = (f64::from(drawn.width()), f64::from(drawn.height()));
    let (across, down) = (width / f64::from(own.width()), height / f64::from(own.height()));
    let (left, top) =
        ((rect.left * across).floor().min(width - 1.0), (rect.top * down).floor().min(height - 1.0));
    Rect {
        left,
        top,
        width: (rect.width * across).round().clamp(1.0, width - left),
        height: (rect.height * down).round().clamp(1.0, height - top),
    }
}

/// What a variant shows of a region of an upright picture, no side of the result longer than `longest`. What a
/// crop keeps by its content must be a focal point by now; else it is the middle.
pub fn frame_region(region: Rect, variant: &Variant, longest: Side) -> Framing {
    let turn = Orientation::from_turn(variant.turn());
    let turned = turn.upright_size(Size::rounded(region.width, region.height));
    let framing = meet(turned, variant, longest);
    let shown = turn.stored_rect(framing.shown, turned);
    let shown = Rect { left: shown.left + region.left, top: shown.top + region.top, ..shown };
    Framing { shown, ..framing }
}

/// How a picture of `size`, already cut out and turned, meets the sides of the variant.
fn meet(size: Size, variant: &Variant, longest: Side) -> Framing {
    let length = |side: Option<Side>| side.map(|side| f64::from(side.min(longest).pixels()));
    let (width, height, longest) =
        (length(variant.width()), length(variant.height()), f64::from(longest.pixels()));
    match (variant.fit(), width, height) {
        (Fit::Crop(crop), Some(width), Some(height)) => cut(size, width, height, crop),
        (Fit::Scale, Some(width), Some(height)) => stretched(size, width, height),
        (Fit::Fill, Some(width), Some(height)) => {
            let canvas = Size::rounded(width, height);
            Framing { canvas, ..inside(size, Some(width), Some(height), f64::INFINITY, longest) }
        }
        (Fit::FillMax, Some(width), Some(height)) => {
            let canvas = Size::rounded(width, height);
            Framing { canvas, ..inside(size, Some(width), Some(height), 1.0, longest) }
        }
        (Fit::Clip, width, height) => inside(size, width, height, f64::INFINITY, longest),
        (Fit::Max | Fit::Crop(_) | Fit::Fill | Fit::FillMax | Fit::Scale, width, height) => {
            inside(size, width, height, 1.0, longest)
        }
    }
}

fn stretched(size: Size, width: f64, height: f64) -> Framing {
    let output = Size::rounded(width, height);
    Framing { shown: Rect::whole(size), output, canvas: output }
}

/// The whole picture inside both sides, enlarged at most `most` times, no side longer than `longest`.
fn inside(size: Size, width: Option<f64>, height: Option<f64>, most: f64, longest: f64) -> Framing {
    let (own_width, own_height) = (f64::from(size.width()), f64::from(size.height()));
    let by_width = width.map_or(f64::INFINITY, |width| width / own_width);
    let by_height = height.map_or(f64::INFINITY, |height| height / own_height);
    let asked = by_width.min(by_height);
    let asked = if asked.is_finite() { asked } else { 1.0 };
    let representable = longest / own_width.max(own_height);
    let factor = asked.min(most).min(representable);
    stretched(size, own_width * factor, own_height * factor)
}

/// The largest part of the asked aspect ratio, at the asked size or, where it is smaller and may not be
/// enlarged, at its own.
fn cut(size: Size, width: f64, height: f64, crop: Crop) -> Framing {
    let (own_width, own_height) = (f64::from(size.width()), f64::from(size.height()));
    let shown_width = own_width.min(own_height * width / height);
    let shown_height = own_height.min(own_width * height / width);
    let most = if crop.may_enlarge { f64::INFINITY } else { 1.0 };
    let factor = (width / shown_width).min(most);
    let output = Size::rounded(shown_width * factor, shown_height * factor);
    let is_own_size = (factor - 1.0).abs() < f64::EPSILON;
    let (shown_width, shown_height) = if is_own_size {
        (f64::from(output.width()), f64::from(output.height()))
    } else {
        (shown_width, shown_height)
    };
    let (across, down) = match crop.anchor {
        CropAnchor::Gravity(gravity) => anchor(gravity),
        CropAnchor::FocalPoint(focus) => {
            (around(focus.x(), shown_width / own_width), around(focus.y(), shown_height / own_height))
        }
        CropAnchor::Entropy | CropAnchor::Attention => anchor(Gravity::Center),
    };
    let (left, top) = ((own_width - shown_width) * across, (own_height - shown_height) * down);
    let (left, top) = if is_own_size { (left.floor(), top.floor()) } else { (left, top) };
    Framing { shown: Rect { left, top, width: shown_width, height: shown_height }, output, canvas: output }
}

/// Where a part that is `share` of a side lies in the rest, 0 to 1, so that `point` is in its middle if it can.
fn around(point: f64, share: f64) -> f64 {
    let rest = 1.0 - share;
    if rest <= 0.0 { 0.0 } else { ((point - share / 2.0) / rest).clamp(0.0, 1.0) }
}

/// Where the kept part lies in the rest, 0 to 1 across and down.
const fn anchor(gravity: Gravity) -> (f64, f64) {
    match gravity {
        Gravity::Center => (0.5, 0.5),
        Gravity::Top => (0.5, 0.0),
        Gravity::Bottom => (0.5, 1.0),
        Gravity::Left => (0.0, 0.5),
        Gravity::Right => (1.0, 0.5),
        Gravity::TopLeft => (0.0, 0.0),
        Gravity::TopRight => (1.0, 0.0),
        Gravity::BottomLeft => (0.0, 1.0),
        Gravity::BottomRight => (1.0, 1.0),
    }
}

#[cfg(test)]
mod tests;
