//! Arranges pixels of several rows in the order of their processing: each step has one pixel of each row, and each row
//! is some columns behind the row above it.

use std::ops::Range;

/// Number of steps that are arranged at a time, few enough for the first-level cache.
pub(super) const STEPS: usize = 128;

/// Number of steps that each row is behind the row above it. One would be correct, but a wide load that covers a value
/// stored just before stalls until that store is complete.
pub(super) const LAG: usize = 4;

/// The samples of a pixel, padded with zeros to four.
pub(super) type PaddedPixel = [u8; 4];

/// The pixels of [`STEPS`] steps.
pub(super) struct SkewBuffer<const ROWS: usize> {
    /// One pixel of each row per step.
    pub(super) pixels: [[PaddedPixel; ROWS]; STEPS],
    /// The pixels above them, and those above the pixels of the next [`LAG`] steps as far as they are known.
    pub(super) above: [[PaddedPixel; ROWS]; STEPS + LAG],
}

impl<const ROWS: usize> SkewBuffer<ROWS> {
    pub(super) fn new() -> Self {
        Self { pixels: [[[0; 4]; ROWS]; STEPS], above: [[[0; 4]; ROWS]; STEPS + LAG] }
    }

    /// Number of steps for rows of `width` pixels.
    pub(super) const fn steps(width: usize) -> usize {
        width + LAG * (ROWS - 1)
    }

    /// Copies the pixels of the steps from `start` on into the arrangement. Before the start of a row there are zeros,
    /// which every filter leaves zero. Values after the end of a row are never read.
    pub(super) fn gather<const N: usize>(
        &mut self,
        above: &[[u8; N]],
        rows: &[&[[u8; N]]; ROWS],
        start: usize,
    ) {
        self.above.copy_within(STEPS.., 0);
        arrange(&mut self.above, above, 0, start);
        for (index, row) in rows.iter().enumerate() {
            arrange(&mut self.pixels, row, index, start);
        }
    }

    /// Copies the pixels of the steps from `start` on back into their rows.
    pub(super) fn scatter<const N: usize>(&self, rows: &mut [&mut [[u8; N]]; ROWS], start: usize) {
        for (index, row) in rows.iter_mut().enumerate() {
            let (steps, columns) = steps_and_columns(start, index, row.len());
            let targets = row.get_mut(columns).unwrap_or_default();
            for (step, target) in self.pixels.get(steps).unwrap_or_default().iter().zip(targets) {
                if let Some(samples) = step.get(index).and_then(|pixel| pixel.first_chunk()) {
                    *target = *samples;
                }
            }
        }
    }
}

/// Copies the row with index `index` into the arrangement.
fn arrange<const N: usize, const ROWS: usize>(
    targets: &mut [[PaddedPixel; ROWS]],
    row: &[[u8; N]],
    index: usize,
    start: usize,
) {
    let (steps, columns) = steps_and_columns(start, index, row.len());
    let pixels = row.get(columns).unwrap_or_default();
    for (step, pixel) in targets.get_mut(steps).unwrap_or_default().iter_mut().zip(pixels) {
        if let Some(target) = step.get_mut(index) {
            *target = padded(*pixel);
        }
    }
}

/// The steps from `start` on, relative to it, in which the row with index `index` has pixels, and the columns of
/// these.
fn steps_and_columns(start: usize, index: usize, width: usize) -> (Range<usize>, Range<usize>) {
    let first = LAG * index;
    let (from, to) = (start.max(first), (start + STEPS).min(first + width));
    if from >= to { (0..0, 0..0) } else { (from - start..to - start, from - first..to - first) }
}

fn padded<const N: usize>(pixel: [u8; N]) -> PaddedPixel {
    let mut padded = [0; 4];
    for (target, sample) in padded.iter_mut().zip(pixel) {
        *target = sample;
    }
    padded
}
