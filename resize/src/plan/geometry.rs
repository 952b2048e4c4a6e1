//! Computes the part of a picture that a variant shows, and the size at which it is shown.

use contract::variant::{Crop, CropAnchor, Cutout, Fit, Gravity, Side, Variant};

use crate::error::Error;
use crate::pixels::Size;
use crate::pixels::orientation::Orientation;
use crate::pixels::rect::Rect;
use crate::source::info::SourceInfo;

/// The part of the upright picture that a variant shows, and the sizes of the result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Framing {
    /// Size of the upright picture.
    pub picture: Size,
    /// The part of the upright picture that is shown.
    pub shown: Rect,
    /// The size at which the part is shown, after the variant's turn.
    pub output: Size,
    /// Size of the canvas around that picture; without padding, the size of the picture.
    pub canvas: Size,
}

/// The part of the stored picture that a variant shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Size of the stored picture.
    pub picture: Size,
    /// The part of the stored picture that is shown. Its edges may lie between pixels.
    pub shown: Rect,
    /// The size to which the part is resampled, before orientation.
    pub resampled: Size,
}

impl Framing {
    /// The framing of a variant, no side longer than `longest`. `own` is the size of the upright source, `picture` its
    /// assumed size. The two differ for drawings only.
    ///
    /// The position of a crop by content must have been replaced by a focal point; otherwise the middle is kept.
    pub fn new(own: Size, picture: Size, variant: &Variant, longest: Side) -> Self {
        let region = region(variant.cutout(), own, picture);
        let turn = Orientation::from_turn(variant.turn());
        let turned = turn.upright_size(Size::rounded(region.width, region.height));
        let Fitting { shown, output, canvas } = fit(turned, variant, longest);
        let shown = turn.stored_rect(shown, turned);
        let shown = Rect { left: shown.left + region.left, top: shown.top + region.top, ..shown };
        Self { picture, shown, output, canvas }
    }

    /// The framing in the stored picture.
    pub fn target(&self, stored: Orientation, variant: &Variant) -> Target {
        let turn = Orientation::from_turn(variant.turn());
        Target {
            picture: stored.upright_size(self.picture),
            shown: stored.stored_rect(self.shown, self.picture),
            resampled: stored.then(turn).upright_size(self.output),
        }
    }

    /// `true` if the whole picture is shown at its own size, without padding.
    pub fn is_whole(&self) -> bool {
        self.shown == Rect::whole(self.picture) && self.output == self.picture && !self.is_padded()
    }

    /// `true` if the canvas is larger than the picture on it.
    pub fn is_padded(&self) -> bool {
        self.canvas != self.output
    }
}

/// The transformation from the stored picture to the upright and turned one.
pub fn orientation(info: &SourceInfo, variant: &Variant) -> Orientation {
    info.orientation.then(Orientation::from_turn(variant.turn()))
}

/// The variant with its cutout clamped to the upright picture. A cutout of the whole picture is removed. Fails if the
/// cutout lies outside.
pub fn clamp_cutout(variant: &Variant, picture: Size) -> Result<Variant, Error> {
    let Some(cutout) = variant.cutout() else { return Ok(variant.clone()) };
    let (width, height) = (picture.width(), picture.height());
    let inside = Rect::inside(cutout, picture).ok_or(Error::NothingLeft { width, height })?;
    Ok(variant.clone().with_cutout(inside.to_cutout().filter(|_| inside != Rect::whole(picture))))
}

/// The part of the upright picture that the cutout leaves, in whole pixels of the size `picture`. The cutout is in
/// pixels of the source's `own` size. A cutout outside the picture leaves the whole picture.
pub fn region(cutout: Option<Cutout>, own: Size, picture: Size) -> Rect {
    let Some(rect) = cutout.and_then(|cutout| Rect::inside(cutout, own)) else { return Rect::whole(picture) };
    if own == picture {
        return rect;
    }
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
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

/// A [`Framing`] of a picture that is already cut out and turned.
struct Fitting {
    shown: Rect,
    output: Size,
    canvas: Size,
}

/// Fits a picture of `size`, already cut out and turned, into the sides of the variant.
fn fit(size: Size, variant: &Variant, longest: Side) -> Fitting {
    let longest = f64::from(longest.pixels());
    let sides = [variant.width(), variant.height()].map(|side| side.map(|side| f64::from(side.pixels())));
    let (width, height) = limited(sides, variant.fit(), longest);
    match (variant.fit(), width, height) {
        (Fit::Crop(crop), Some(width), Some(height)) => crop_to(size, width, height, crop),
        (Fit::Scale, Some(width), Some(height)) => stretched(size, width, height),
        (Fit::Fill, Some(width), Some(height)) => {
            let canvas = Size::rounded(width, height);
            Fitting { canvas, ..inside(size, Some(width), Some(height), f64::INFINITY, longest) }
        }
        (Fit::FillMax, Some(width), Some(height)) => {
            let canvas = Size::rounded(width, height);
            Fitting { canvas, ..inside(size, Some(width), Some(height), 1.0, longest) }
        }
        (Fit::Clip, width, height) => inside(size, width, height, f64::INFINITY, longest),
        (Fit::Max | Fit::Crop(_) | Fit::Fill | Fit::FillMax | Fit::Scale, width, height) => {
            inside(size, width, height, 1.0, longest)
        }
    }
}

/// The requested sides, none above `longest`. Two sides that are the shape of the result keep their ratio.
fn limited([width, height]: [Option<f64>; 2], fit: Fit, longest: f64) -> (Option<f64>, Option<f64>) {
    match (fit, width, height) {
        (Fit::Crop(_) | Fit::Fill | Fit::FillMax | Fit::Scale, Some(width), Some(height)) => {
            let factor = (longest / width.max(height)).min(1.0);
            (Some((width * factor).round().max(1.0)), Some((height * factor).round().max(1.0)))
        }
        (Fit::Max | Fit::Clip | Fit::Crop(_) | Fit::Fill | Fit::FillMax | Fit::Scale, width, height) => {
            (width.map(|width| width.min(longest)), height.map(|height| height.min(longest)))
        }
    }
}

fn stretched(size: Size, width: f64, height: f64) -> Fitting {
    let output = Size::rounded(width, height);
    Fitting { shown: Rect::whole(size), output, canvas: output }
}

/// Fits the whole picture into both sides, enlarged at most `most` times, no side longer than `longest`.
fn inside(size: Size, width: Option<f64>, height: Option<f64>, most: f64, longest: f64) -> Fitting {
    let (own_width, own_height) = (f64::from(size.width()), f64::from(size.height()));
    let by_width = width.map_or(f64::INFINITY, |width| width / own_width);
    let by_height = height.map_or(f64::INFINITY, |height| height / own_height);
    let requested = by_width.min(by_height);
    let requested = if requested.is_finite() { requested } else { 1.0 };
    let largest = longest / own_width.max(own_height);
    let factor = requested.min(most).min(largest);
    stretched(size, own_width * factor, own_height * factor)
}

/// Crops the largest part of the requested aspect ratio. It gets the requested size, or keeps its own if that is smaller
/// and may not be enlarged.
fn crop_to(size: Size, width: f64, height: f64, crop: Crop) -> Fitting {
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
        CropAnchor::Entropy | CropAnchor::Attention | CropAnchor::Faces => anchor(Gravity::Center),
    };
    let (left, top) = ((own_width - shown_width) * across, (own_height - shown_height) * down);
    let (left, top) = if is_own_size { (left.floor(), top.floor()) } else { (left, top) };
    Fitting { shown: Rect { left, top, width: shown_width, height: shown_height }, output, canvas: output }
}

/// Position of a part that takes `share` of a side, as a share of the rest, 0 to 1. `point` lies in the part's middle, or
/// as near to it as possible.
fn around(point: f64, share: f64) -> f64 {
    let rest = 1.0 - share;
    if rest <= 0.0 { 0.0 } else { ((point - share / 2.0) / rest).clamp(0.0, 1.0) }
}

/// Position of the kept part, as a share of the rest, 0 to 1, across and down.
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
