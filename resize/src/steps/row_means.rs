//! Averages groups of adjacent rows while they are decoded.
//!
//! A picture that is made much smaller has more rows than the resampling filter needs. Averaging them first costs a
//! fraction of a three-lobed filter over all of them, and doesn't need the whole picture in memory.

use crate::pixels::Size;
use crate::pixels::rect::Rect;

/// Maximum rows per mean. With more, the 16-bit arithmetic would not give the same sample as the mean of equal samples.
const MOST_ROWS_A_MEAN: u32 = 64;

/// Number of rows to average to one if `shown` rows are resampled to `resampled`, 1 to 64; 1 means no averaging.
pub(crate) fn rows_to_spare(shown: f64, resampled: u32) -> u32 {
    /// Rows that remain for each output row. libvips keeps 2 (its `gap`); at 2.25 a screenshot lost 0.6 of SSIMULACRA2
    /// as WebP and 2.8 as PNG.
    const LEFT_FOR_THE_FILTER: f64 = 2.5;
    let spare = shown / (f64::from(resampled) * LEFT_FOR_THE_FILTER);
    (spare as u32).clamp(1, MOST_ROWS_A_MEAN)
}

/// The size of a picture after averaging, and the position of a part of it.
pub(crate) fn averaged(size: Size, part: Rect, rows_a_mean: u32) -> (Size, Rect) {
    let height = size.height().div_ceil(rows_a_mean);
    let averaged = Size::new(size.width(), height).unwrap_or(size);
    (averaged, part.stretched(1.0, 1.0 / f64::from(rows_a_mean)))
}

/// Averages all rows of a picture. A row has `stride` bytes, and `rows_a_mean` is 1 to 64.
pub(crate) fn means_of(samples: Vec<u8>, stride: usize, rows_a_mean: u32) -> Vec<u8> {
    if rows_a_mean == 1 {
        return samples;
    }
    let mut means = RowMeans::new(stride, rows_a_mean, (samples.len() / stride) as u32);
    means.take(&samples);
    means.finish()
}

/// Averages rows that arrive one after another.
#[derive(Debug)]
pub(crate) struct RowMeans {
    stride: usize,
    rows_a_mean: u32,
    sums: Vec<u16>,
    summed: u32,
    means: Vec<u8>,
}

impl RowMeans {
    /// Averages `rows` rows with `stride` bytes each. `rows_a_mean` is clamped to 1 to 64.
    pub(crate) fn new(stride: usize, rows_a_mean: u32, rows: u32) -> Self {
        let rows_a_mean = rows_a_mean.clamp(1, MOST_ROWS_A_MEAN);
        let means = Vec::with_capacity(stride * rows.div_ceil(rows_a_mean) as usize);
        Self { stride, rows_a_mean, sums: vec![0; stride], summed: 0, means }
    }

    /// Adds complete rows.
    pub(crate) fn take(&mut self, rows: &[u8]) {
        for row in rows.chunks_exact(self.stride) {
            if self.rows_a_mean == 1 {
                self.means.extend_from_slice(row);
                continue;
            }
            if self.summed == 0 {
                for (sum, sample) in self.sums.iter_mut().zip(row) {
                    *sum = u16::from(*sample);
                }
            } else {
                for (sum, sample) in self.sums.iter_mut().zip(row) {
                    *sum = sum.wrapping_add(u16::from(*sample));
                }
            }
            self.summed += 1;
            if self.summed == self.rows_a_mean {
                self.put_mean();
            }
        }
    }

    /// Returns the means. The last one is the mean of the remaining rows.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.summed > 0 {
            self.put_mean();
        }
        self.means
    }

    fn put_mean(&mut self) {
        if self.summed == 1 {
            self.means.extend(self.sums.iter().map(|sum| *sum as u8));
            self.summed = 0;
            return;
        }
        // A 16-bit multiplication that keeps the upper 16 bits: processors do eight of them at a time.
        let (share, half) = (((1 << 16) / self.summed) as u16, self.summed as u16 / 2);
        let done = self.means.len();
        self.means.resize(done + self.stride, 0);
        let means = self.means.get_mut(done..).unwrap_or_default();
        for (mean, sum) in means.iter_mut().zip(&self.sums) {
            *mean = ((u32::from(sum.wrapping_add(half)) * u32::from(share)) >> 16) as u16 as u8;
        }
        self.summed = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_least_two_and_a_half_rows_remain_for_each_output_row() {
        let check = |shown, resampled, expected| assert_eq!(rows_to_spare(shown, resampled), expected);
        check(2000.0, 400, 2);
        check(1999.9, 400, 1);
        check(100.0, 400, 1);
        check(0.5, 1, 1);
        check(3000.0, 400, 3);
        check(1e9, 1, 64);
    }

    #[test]
    fn means_are_rounded_and_the_last_one_covers_the_remaining_rows() {
        let check = |rows_a_mean, rows: &[[u8; 2]], expected: &[[u8; 2]]| {
            let mut means = RowMeans::new(2, rows_a_mean, rows.len() as u32);
            means.take(rows.as_flattened());
            assert_eq!(means.finish().as_chunks::<2>().0, expected, "{rows_a_mean}");
        };
        check(1, &[[1, 2], [3, 4]], &[[1, 2], [3, 4]]);
        check(2, &[[1, 2], [4, 4], [7, 9]], &[[3, 3], [7, 9]]);
        check(3, &[[0, 255], [0, 255], [1, 255], [5, 6], [6, 8]], &[[0, 255], [6, 7]]);
        check(64, &[[255, 1]; 64], &[[255, 1]]);
        check(2, &[], &[]);
    }

    #[test]
    fn the_mean_of_equal_samples_is_that_sample() {
        for rows_a_mean in 2..=64 {
            let row: Vec<u8> = (0..=255).collect();
            let mut means = RowMeans::new(row.len(), rows_a_mean, rows_a_mean);
            means.take(&row.repeat(rows_a_mean as usize));
            assert_eq!(means.finish(), row, "{rows_a_mean}");
        }
    }
}
