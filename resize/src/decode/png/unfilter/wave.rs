//! The arithmetic of the filters, for one pixel of each of several rows at a time.

use super::RowFilter;
use super::skew::{LAG, Padded, Skewed};

/// The neighbours that predict the next pixel of each row, and masks for those that the row's filter uses. If the other
/// neighbours are zero, the Paeth prediction equals that of the simpler filters.
pub(super) struct Wave<const ROWS: usize, const AVERAGES: bool> {
    left: [Padded; ROWS],
    corner: [Padded; ROWS],
    sees_left: [Padded; ROWS],
    sees_above: [Padded; ROWS],
    sees_corner: [Padded; ROWS],
    averages: [Padded; ROWS],
}

impl<const ROWS: usize, const AVERAGES: bool> Wave<ROWS, AVERAGES> {
    pub(super) fn new(filters: [RowFilter; ROWS]) -> Self {
        use RowFilter::{Average, Paeth, Sub, Up};
        let where_in =
            |some: &[RowFilter]| filters.map(|filter| [if some.contains(&filter) { u8::MAX } else { 0 }; 4]);
        Self {
            left: [[0; 4]; ROWS],
            corner: [[0; 4]; ROWS],
            sees_left: where_in(&[Sub, Average, Paeth]),
            sees_above: where_in(&[Up, Average, Paeth]),
            sees_corner: where_in(&[Paeth]),
            averages: where_in(&[Average]),
        }
    }

    /// Unfilters the arranged pixels in place.
    pub(super) fn go(&mut self, skewed: &mut Skewed<ROWS>) {
        // A local copy stays in registers from step to step.
        let mut wave = Self { ..*self };
        for (step, pixels) in skewed.pixels.iter_mut().enumerate() {
            let Some(above) = skewed.above.get(step) else { break };
            let undone = wave.step(*above, *pixels);
            *pixels = undone;
            let below = skewed.above.get_mut(step + LAG).and_then(|below| below.get_mut(1..));
            for (below, pixel) in below.unwrap_or_default().iter_mut().zip(&undone) {
                *below = *pixel;
            }
        }
        *self = wave;
    }

    /// Unfilters one pixel of each row, given the pixels above them.
    #[expect(clippy::inline_always, reason = "the state stays in registers only so")]
    #[inline(always)]
    fn step(&mut self, up: [Padded; ROWS], mut pixels: [Padded; ROWS]) -> [Padded; ROWS] {
        let left = self.left.as_flattened().iter().zip(self.sees_left.as_flattened());
        let above = up.as_flattened().iter().zip(self.sees_above.as_flattened());
        let corner = self.corner.as_flattened().iter().zip(self.sees_corner.as_flattened());
        let raw = pixels.as_flattened_mut().iter_mut().zip(self.averages.as_flattened());
        for ((((left, sees_left), (above, sees_above)), (corner, sees_corner)), (raw, averages)) in
            left.zip(above).zip(corner).zip(raw)
        {
            let (a, b, c) = (left & sees_left, above & sees_above, corner & sees_corner);
            let mut predicted = nearest(a, b, c);
            if AVERAGES {
                predicted = (predicted & !averages) | (a.midpoint(b) & averages);
            }
            *raw = raw.wrapping_add(predicted);
        }
        (self.left, self.corner) = (pixels, up);
        pixels
    }
}

/// The one of left, above and corner that is nearest to left + above − corner; among equals the first in this order.
#[inline]
pub(super) fn nearest(left: u8, above: u8, corner: u8) -> u8 {
    let far_left = above.abs_diff(corner);
    let far_above = left.abs_diff(corner);
    // The positive and the negative part of left − corner + above − corner. If one of them saturates, the other is 0,
    // and the corner is farther than the other two anyway.
    let more = left.saturating_sub(corner).saturating_add(above.saturating_sub(corner));
    let less = corner.saturating_sub(left).saturating_add(corner.saturating_sub(above));
    let far_corner = more.abs_diff(less);
    // Compilers vectorise comparisons of bytes for equality, but not for order.
    let least = far_left.min(far_above).min(far_corner);
    let rest = if far_above == least { above } else { corner };
    if far_left == least { left } else { rest }
}
