//! Which part of a picture is shown, and at which size. Arithmetic alone.

use contract::variant::{Fit, Gravity, Side, Variant};

use crate::pixels::Size;

/// A part of a picture, in its pixels; edges may lie between pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// From the left edge.
    pub left: f64,
    /// From the upper edge.
    pub top: f64,
    /// More than 0.
    pub width: f64,
    /// More than 0.
    pub height: f64,
}

impl Rect {
    /// The whole of a picture.
    pub fn whole(size: Size) -> Self {
        Self { left: 0.0, top: 0.0, width: f64::from(size.width()), height: f64::from(size.height()) }
    }

    /// The same part of a picture that is `factor` times as large.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            left: self.left * factor,
            top: self.top * factor,
            width: self.width * factor,
            height: self.height * factor,
        }
    }
}

/// What is shown of an upright picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Framing {
    /// The part that is kept.
    pub shown: Rect,
    /// The size that it is shown at.
    pub output: Size,
}

/// What a variant shows of an upright picture of `size`, no side of the result longer than `longest`.
pub fn frame(size: Size, variant: &Variant, longest: Side) -> Framing {
    let length = |side: Option<Side>| side.map(|side| f64::from(side.min(longest).pixels()));
    let (width, height, longest) =
        (length(variant.width()), length(variant.height()), f64::from(longest.pixels()));
    match (variant.fit(), width, height) {
        (Fit::Crop(gravity), Some(width), Some(height)) => cut(size, width, height, gravity),
        (Fit::Max | Fit::Crop(_), width, height) => inside(size, width, height, 1.0, longest),
        (Fit::Clip, width, height) => inside(size, width, height, f64::INFINITY, longest),
    }
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
    Framing { shown: Rect::whole(size), output: Size::rounded(own_width * factor, own_height * factor) }
}

/// The largest part of the asked aspect ratio, at the asked size or, where it is smaller, at its own.
fn cut(size: Size, width: f64, height: f64, gravity: Gravity) -> Framing {
    let (own_width, own_height) = (f64::from(size.width()), f64::from(size.height()));
    let shown_width = own_width.min(own_height * width / height);
    let shown_height = own_height.min(own_width * height / width);
    let factor = (width / shown_width).min(1.0);
    let output = Size::rounded(shown_width * factor, shown_height * factor);
    let (shown_width, shown_height) = if factor < 1.0 {
        (shown_width, shown_height)
    } else {
        (f64::from(output.width()), f64::from(output.height()))
    };
    let (across, down) = anchor(gravity);
    let (left, top) = ((own_width - shown_width) * across, (own_height - shown_height) * down);
    let (left, top) = if factor < 1.0 { (left, top) } else { (left.floor(), top.floor()) };
    Framing { shown: Rect { left, top, width: shown_width, height: shown_height }, output }
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn framing(width: u32, height: u32, variant: &str) -> Framing {
        frame(Size::new(width, height).unwrap(), &variant.parse().unwrap(), Side::MAX)
    }

    #[test]
    fn a_variant_of_a_300_by_200_picture_has_the_documented_size() {
        let check = |variant: &str, expected: (u32, u32)| {
            let output = framing(300, 200, variant).output;
            assert_eq!((output.width(), output.height()), expected, "{variant}");
        };
        check("fm=webp", (300, 200));
        check("w=150,fm=webp", (150, 100));
        check("h=50,fm=webp", (75, 50));
        check("w=600,fm=webp", (300, 200));
        check("w=150,h=150,fm=webp", (150, 100));
        check("w=600,h=100,fm=webp", (150, 100));
        check("w=600,fit=clip,fm=webp", (600, 400));
        check("w=600,h=300,fit=clip,fm=webp", (450, 300));
        check("w=8192,fit=clip,fm=webp", (8192, 5461));
        check("w=100,h=100,fit=crop,fm=webp", (100, 100));
        check("w=600,h=600,fit=crop,fm=webp", (200, 200));
        check("w=600,h=100,fit=crop,fm=webp", (300, 50));
        check("w=1,fm=webp", (1, 1));
    }

    #[test]
    fn a_crop_keeps_the_side_that_was_asked_for() {
        let check = |variant: &str, left: f64, top: f64| {
            let shown = framing(300, 200, variant).shown;
            assert_eq!((shown.left, shown.top), (left, top), "{variant}");
        };
        check("w=100,h=100,fit=crop,fm=webp", 50.0, 0.0);
        check("w=100,h=100,fit=crop,crop=left,fm=webp", 0.0, 0.0);
        check("w=100,h=100,fit=crop,crop=bottom-right,fm=webp", 100.0, 0.0);
        check("w=100,h=20,fit=crop,crop=top,fm=webp", 0.0, 0.0);
        check("w=100,h=20,fit=crop,crop=bottom,fm=webp", 0.0, 140.0);
    }

    proptest! {
        #[test]
        fn the_shown_part_lies_inside_and_nothing_is_enlarged_unless_asked(
            (width, height) in (1u32..20_000, 1u32..20_000),
            (w, h) in (1u32..=8192, 1u32..=8192),
            kind in 0..5,
        ) {
            let variant = match kind {
                0 => format!("w={w},fm=webp"),
                1 => format!("w={w},h={h},fm=webp"),
                2 => format!("w={w},h={h},fit=clip,fm=webp"),
                3 => format!("w={w},h={h},fit=crop,fm=webp"),
                _ => format!("w={w},h={h},fit=crop,crop=bottom-right,fm=webp"),
            };
            let Framing { shown, output } = framing(width, height, &variant);
            let slack = 1e-6;
            prop_assert!(shown.left >= 0.0 && shown.top >= 0.0 && shown.width > 0.0 && shown.height > 0.0);
            prop_assert!(shown.left + shown.width <= f64::from(width) + slack);
            prop_assert!(shown.top + shown.height <= f64::from(height) + slack);
            prop_assert!(output.width() <= 8192 && output.height() <= 8192);
            if kind != 2 {
                prop_assert!(f64::from(output.width()) <= shown.width.ceil() + slack);
                prop_assert!(f64::from(output.height()) <= shown.height.ceil() + slack);
            }
            if kind >= 1 {
                prop_assert!(output.width() <= w && output.height() <= h);
            }
            let aspect_error = f64::from(output.width()) * shown.height - f64::from(output.height()) * shown.width;
            prop_assert!(aspect_error.abs() <= shown.width.max(shown.height) + slack);
        }
    }
}
