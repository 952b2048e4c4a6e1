//! The arithmetic of the filters, for one pixel of each of several rows at a time.

use super::row_filter::RowFilter;
use super::skew::{LAG, PaddedPixel, SkewBuffer};

/// The neighbours that predict the next pixel of each row, and masks for those that the row's filter uses. If the other
/// neighbours are zero, the Paeth prediction equals that of the simpler filters.
pub(super) struct Wavefront<const ROWS: usize, const AVERAGES: bool> {
    left: [PaddedPixel; ROWS],
    corner: [PaddedPixel; ROWS],
    uses_left: [PaddedPixel; ROWS],
    uses_above: [PaddedPixel; ROWS],
    uses_corner: [PaddedPixel; ROWS],
    averages: [PaddedPixel; ROWS],
}

impl<const ROWS: usize, const AVERAGES: bool> Wavefront<ROWS, AVERAGES> {
    pub(super) fn new(filters: [RowFilter; ROWS]) -> Self {
        use RowFilter::{Average, Paeth, Sub, Up};
        let where_in =
            |some: &[RowFilter]| filters.map(|filter| [if some.contains(&filter) { u8::MAX } else { 0 }; 4]);
        Self {
            left: [[0; 4]; ROWS],
            corner: [[0; 4]; ROWS],
            uses_left: where_in(&[Sub, Average, Paeth]),
            uses_above: where_in(&[Up, Average, Paeth]),
            uses_corner: where_in(&[Paeth]),
            averages: where_in(&[Average]),
        }
    }

    /// Unfilters the arranged pixels in place.
    pub(super) fn unfilter(&mut self, buffer: &mut SkewBuffer<ROWS>) {
        // A local copy stays in registers from step to step.
        let mut wavefront = Self { ..*self };
        for (step, pixels) in buffer.pixels.iter_mut().enumerate() {
            let Some(above) = buffer.above.get(step) else { break };
            let unfiltered = wavefront.step(*above, *pixels);
            *pixels = unfiltered;
            let below = buffer.above.get_mut(step + LAG).and_then(|below| below.get_mut(1..));
            for (below, pixel) in below.unwrap_or_default().iter_mut().zip(&unfiltered) {
                *below = *pixel;
            }
        }
        *self = wavefront;
    }

    /// Unfilters one pixel of each row, given the pixels above them.
    #[expect(clippy::inline_always, reason = "only inlined code keeps the state in registers")]
    #[inline(always)]
    fn step(&mut self, up: [PaddedPixel; ROWS], mut pixels: [PaddedPixel; ROWS]) -> [PaddedPixel; ROWS] {
        let left = self.left.as_flattened().iter().zip(self.uses_left.as_flattened());
        let above = up.as_flattened().iter().zip(self.uses_above.as_flattened());
        let corner = self.corner.as_flattened().iter().zip(self.uses_corner.as_flattened());
        let raw = pixels.as_flattened_mut().iter_mut().zip(self.averages.as_flattened());
        for ((((left, uses_left), (above, uses_above)), (corner, uses_corner)), (raw, averages)) in
            left.zip(above).zip(corner).zip(raw)
        {
            let (a, b, c) = (left & uses_left, above & uses_above, corner & uses_corner);
            let mut predicted = paeth(a, b, c);
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
pub(super) fn paeth(left: u8, above: u8, corner: u8) -> u8 {
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
