//! Some pixels of rows in the order in which they are undone: at each step one of each row, some columns farther left
//! the lower the row is.

use std::ops::Range;

/// How many steps are laid out at a time: few enough for the processor's nearest cache.
pub(super) const STEPS: usize = 128;

/// A row is so many steps behind the one above it. One would do, but what was stored a moment ago can't be loaded along
/// with its neighbours before the store is complete.
pub(super) const LAG: usize = 4;

/// A pixel's samples, filled up to four.
pub(super) type Padded = [u8; 4];

/// Pixels of that many steps.
pub(super) struct Skewed<const ROWS: usize> {
    /// One of each row.
    pub(super) pixels: [[Padded; ROWS]; STEPS],
    /// Those above them, and what is above those of the next steps as far as it is known.
    pub(super) above: [[Padded; ROWS]; STEPS + LAG],
}

impl<const ROWS: usize> Skewed<ROWS> {
    pub(super) fn new() -> Self {
        Self { pixels: [[[0; 4]; ROWS]; STEPS], above: [[[0; 4]; ROWS]; STEPS + LAG] }
    }

    /// How many steps there are to rows of a width.
    pub(super) const fn steps(width: usize) -> usize {
        width + LAG * (ROWS - 1)
    }

    /// Lays out what comes from step `start` on. Where a row has not begun there are zeros, of which every filter makes
    /// zeros; what is there where it is over does not matter.
    pub(super) fn gather<const N: usize>(
        &mut self,
        above: &[[u8; N]],
        rows: &[&[[u8; N]]; ROWS],
        start: usize,
    ) {
        self.above.copy_within(STEPS.., 0);
        lay_out(&mut self.above, above, 0, start);
        for (number, row) in rows.iter().enumerate() {
            lay_out(&mut self.pixels, row, number, start);
        }
    }

    /// Puts the pixels of the steps from `start` on where they belong.
    pub(super) fn scatter<const N: usize>(&self, rows: &mut [&mut [[u8; N]]; ROWS], start: usize) {
        for (number, row) in rows.iter_mut().enumerate() {
            let (steps, columns) = met(start, number, row.len());
            let targets = row.get_mut(columns).unwrap_or_default();
            for (step, target) in self.pixels.get(steps).unwrap_or_default().iter().zip(targets) {
                if let Some(samples) = step.get(number).and_then(|pixel| pixel.first_chunk()) {
                    *target = *samples;
                }
            }
        }
    }
}

/// Lays out a row, `number` rows below the first.
fn lay_out<const N: usize, const ROWS: usize>(
    targets: &mut [[Padded; ROWS]],
    row: &[[u8; N]],
    number: usize,
    start: usize,
) {
    let (steps, columns) = met(start, number, row.len());
    let pixels = row.get(columns).unwrap_or_default();
    for (step, pixel) in targets.get_mut(steps).unwrap_or_default().iter_mut().zip(pixels) {
        if let Some(target) = step.get_mut(number) {
            *target = padded(*pixel);
        }
    }
}

/// Which of the steps from `start` on meet a row, `number` rows below the first, and at which of its columns.
fn met(start: usize, number: usize, width: usize) -> (Range<usize>, Range<usize>) {
    let first = LAG * number;
    let (from, to) = (start.max(first), (start + STEPS).min(first + width));
    if from >= to { (0..0, 0..0) } else { (from - start..to - start, from - first..to - first) }
}

fn padded<const N: usize>(pixel: [u8; N]) -> Padded {
    let mut padded = [0; 4];
    for (target, sample) in padded.iter_mut().zip(pixel) {
        *target = sample;
    }
    padded
}
