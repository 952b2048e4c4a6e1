//! Ratios of a picture's sides.

use std::fmt;
use std::num::NonZeroU32;

use crate::variant::{MAX_SIDE, Side};

/// The ratio of a picture's width to its height, such as 16:9. Two ratios are equal if their terms are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    across: NonZeroU32,
    down: NonZeroU32,
}

impl Ratio {
    /// A ratio of two terms without a unit. `None` if a term is 0.
    pub fn new(across: u32, down: u32) -> Option<Self> {
        Some(Self { across: NonZeroU32::new(across)?, down: NonZeroU32::new(down)? })
    }

    /// The term of the width and the term of the height.
    pub const fn terms(self) -> (u32, u32) {
        (self.across.get(), self.down.get())
    }

    /// The height for a width, in pixels, rounded half up, at least 1.
    pub fn height_of(self, width: u64) -> u64 {
        scaled(width, self.down, self.across)
    }

    /// The width for a height, in pixels, rounded half up, at least 1.
    pub fn width_of(self, height: u64) -> u64 {
        scaled(height, self.across, self.down)
    }

    /// Width and height as sides of a variant. If one is longer than [`MAX_SIDE`], the longer one becomes
    /// [`MAX_SIDE`] and the other one follows from this ratio.
    pub(crate) fn limited(self, width: u64, height: u64) -> (Side, Side) {
        const MAX: u64 = MAX_SIDE as u64;
        let (width, height) = if width.max(height) <= MAX {
            (width, height)
        } else if self.across < self.down {
            (self.width_of(MAX), MAX)
        } else {
            (MAX, self.height_of(MAX))
        };
        (side(width), side(height))
    }

    /// The first of `shapes` whose height for this ratio's width is nearest to this ratio's height. `None` if the two
    /// heights are more than 1 apart for all of them.
    pub(crate) fn nearest(self, shapes: &[Self]) -> Option<Self> {
        let gap = |shape: &Self| {
            let (down, across) = (u64::from(self.down.get()), u64::from(self.across.get()));
            let (shape_across, shape_down) = (u64::from(shape.across.get()), u64::from(shape.down.get()));
            ((down * shape_across).abs_diff(across * shape_down), shape_across)
        };
        let is_less = |(a, of_a): (u64, u64), (b, of_b): (u64, u64)| a * of_b < b * of_a;
        let nearest = shapes
            .iter()
            .copied()
            .reduce(|best, next| if is_less(gap(&next), gap(&best)) { next } else { best });
        nearest.filter(|shape| {
            let (gap, unit) = gap(shape);
            gap <= unit
        })
    }
}

/// Writes the terms as `16:9`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.across, self.down)
    }
}

/// `length` × `numerator` / `denominator`, rounded half up, at least 1.
fn scaled(length: u64, numerator: NonZeroU32, denominator: NonZeroU32) -> u64 {
    let (numerator, denominator) = (u64::from(numerator.get()), u64::from(denominator.get()));
    (length.saturating_mul(numerator * 2).saturating_add(denominator) / (denominator * 2)).max(1)
}

fn side(pixels: u64) -> Side {
    u32::try_from(pixels).ok().and_then(Side::clamped).unwrap_or(Side::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(across: u32, down: u32) -> Ratio {
        Ratio::new(across, down).unwrap()
    }

    #[test]
    fn a_side_follows_from_the_other_one_rounded_half_up() {
        assert_eq!(ratio(16, 9).height_of(480), 270);
        assert_eq!(ratio(4, 3).height_of(750), 563);
        assert_eq!(ratio(2, 3).height_of(1), 2);
        assert_eq!(ratio(1000, 1).height_of(16), 1);
        assert_eq!(ratio(16, 9).width_of(270), 480);
    }

    #[test]
    fn sides_that_are_too_long_keep_their_ratio() {
        let sides = |ratio: Ratio, width: u64, height: u64| {
            let (width, height) = ratio.limited(width, height);
            (width.pixels(), height.pixels())
        };
        assert_eq!(sides(ratio(16, 9), 8192, 4608), (8192, 4608));
        assert_eq!(sides(ratio(16, 9), 16_000, 9000), (8192, 4608));
        assert_eq!(sides(ratio(1, 3), 4000, 12_000), (2731, 8192));
        assert_eq!(sides(ratio(1, 9_999_999), 5_000_000, u64::MAX), (1, 8192));
    }

    #[test]
    fn the_nearest_shape_within_one_pixel_is_chosen_and_of_two_the_first() {
        let shapes = [ratio(1, 1), ratio(16, 10), ratio(8, 5), ratio(16, 9), ratio(2, 1)];
        let check = |across: u32, down: u32, expected: Option<Ratio>| {
            assert_eq!(ratio(across, down).nearest(&shapes), expected, "{across}:{down}");
        };
        check(320, 180, Some(ratio(16, 9)));
        check(320, 181, Some(ratio(16, 9)));
        check(320, 179, Some(ratio(16, 9)));
        check(320, 182, None);
        check(320, 200, Some(ratio(16, 10)));
        check(2, 1, Some(ratio(2, 1)));
        check(1, 1, Some(ratio(1, 1)));
        check(16_000, 9000, Some(ratio(16, 9)));
        check(1777, 1000, Some(ratio(16, 9)));
        assert_eq!(ratio(1, 1).nearest(&[]), None);
    }
}
