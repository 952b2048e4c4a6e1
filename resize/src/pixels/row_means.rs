//! The reduction of a picture's height by averaging rows.
//!
//! A picture that becomes much smaller has more rows than the resampling filter needs. Averaging some rows first costs
//! a fraction of a filter of three lobes over all of them, and only the sums of the current rows are in memory.

use super::Size;
use super::light::Curve;

/// Maximum number of rows in a mean. With more rows, the mean of equal samples would differ from the sample, because
/// the arithmetic has 16 bits.
const MAX_ROWS_PER_MEAN: u32 = 64;

/// The number of rows that may be averaged to one where `shown` rows are resampled to `resampled`, 1 to 64.
pub(crate) fn rows_to_spare(shown: f64, resampled: u32) -> u32 {
    /// Minimum number of averaged rows for each resampled row. libvips leaves 2 (its `gap`). At 2.25 a screenshot lost
    /// 0.6 points of SSIMULACRA2 as WebP and 2.8 points as PNG.
    const ROWS_FOR_THE_FILTER: f64 = 2.5;
    let spare = shown / (f64::from(resampled) * ROWS_FOR_THE_FILTER);
    (spare as u32).clamp(1, MAX_ROWS_PER_MEAN)
}

/// The size of a picture after its rows were averaged.
pub(crate) fn averaged_size(size: Size, rows_per_mean: u32) -> Size {
    Size::new(size.width(), size.height().div_ceil(rows_per_mean)).unwrap_or(size)
}

/// The means of all rows of a picture, in linear light if there is a curve. Rows have `stride` bytes; `rows_per_mean` is 1
/// to 64.
pub(crate) fn means_of(
    samples: Vec<u8>,
    stride: usize,
    rows_per_mean: u32,
    curve: Option<&'static Curve>,
) -> Vec<u8> {
    if rows_per_mean == 1 {
        return samples;
    }
    let mut means = RowMeans::new(stride, rows_per_mean, (samples.len() / stride) as u32, curve);
    means.add(&samples);
    means.finish()
}

/// Averages rows as they are decoded.
#[derive(Debug)]
pub(crate) struct RowMeans {
    stride: usize,
    rows_per_mean: u32,
    sums: Sums,
    summed: u32,
    means: Vec<u8>,
}

/// The sums of the current rows.
#[derive(Debug)]
enum Sums {
    Samples(Vec<u16>),
    Light(Vec<u32>, &'static Curve),
}

impl RowMeans {
    /// The means of a picture of `rows` rows of `stride` bytes, still empty: of their light if there is a curve, else of their
    /// samples. `rows_per_mean` is clamped to 1 to 64.
    pub(crate) fn new(stride: usize, rows_per_mean: u32, rows: u32, curve: Option<&'static Curve>) -> Self {
        let rows_per_mean = rows_per_mean.clamp(1, MAX_ROWS_PER_MEAN);
        let means = Vec::with_capacity(stride * rows.div_ceil(rows_per_mean) as usize);
        let sums = match curve {
            None => Sums::Samples(vec![0; stride]),
            Some(curve) => Sums::Light(vec![0; stride], curve),
        };
        Self { stride, rows_per_mean, sums, summed: 0, means }
    }

    /// Adds whole rows.
    pub(crate) fn add(&mut self, rows: &[u8]) {
        for row in rows.chunks_exact(self.stride) {
            if self.rows_per_mean == 1 {
                self.means.extend_from_slice(row);
                continue;
            }
            self.sums.add(row, self.summed == 0);
            self.summed += 1;
            if self.summed == self.rows_per_mean {
                self.put_mean();
            }
        }
    }

    /// The means. The last one may be of fewer rows.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.summed > 0 {
            self.put_mean();
        }
        self.means
    }

    fn put_mean(&mut self) {
        let done = self.means.len();
        self.means.resize(done + self.stride, 0);
        self.sums.put_means(self.summed, self.means.get_mut(done..).unwrap_or_default());
        self.summed = 0;
    }
}

impl Sums {
    /// Adds a row, or begins with it.
    fn add(&mut self, row: &[u8], is_first: bool) {
        match self {
            Self::Samples(sums) if is_first => {
                for (sum, sample) in sums.iter_mut().zip(row) {
                    *sum = u16::from(*sample);
                }
            }
            Self::Samples(sums) => {
                for (sum, sample) in sums.iter_mut().zip(row) {
                    *sum = sum.wrapping_add(u16::from(*sample));
                }
            }
            Self::Light(sums, curve) => {
                if is_first {
                    sums.fill(0);
                }
                for (sum, sample) in sums.iter_mut().zip(row) {
                    *sum += u32::from(curve.light(*sample));
                }
            }
        }
    }

    /// Writes the samples of the means of `summed` rows, 1 to 64.
    fn put_means(&self, summed: u32, means: &mut [u8]) {
        match self {
            Self::Samples(sums) if summed == 1 => {
                for (mean, sum) in means.iter_mut().zip(sums) {
                    *mean = *sum as u8;
                }
            }
            Self::Samples(sums) => {
                // A product of 16 by 16 bits, of which the upper 16 are kept: processors multiply eight at a time.
                let (share, half) = (((1 << 16) / summed) as u16, summed as u16 / 2);
                for (mean, sum) in means.iter_mut().zip(sums) {
                    *mean = ((u32::from(sum.wrapping_add(half)) * u32::from(share)) >> 16) as u16 as u8;
                }
            }
            Self::Light(sums, curve) => {
                let share = u64::from((1 << 24) / summed);
                for (mean, sum) in means.iter_mut().zip(sums) {
                    *mean = curve.sample(((u64::from(sum + summed / 2) * share) >> 24) as u16);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use codecs::planes::Range;

    use super::*;

    #[test]
    fn two_and_a_half_averaged_rows_remain_for_each_resampled_one() {
        let check = |shown, resampled, expected| assert_eq!(rows_to_spare(shown, resampled), expected);
        check(2000.0, 400, 2);
        check(1999.9, 400, 1);
        check(100.0, 400, 1);
        check(0.5, 1, 1);
        check(3000.0, 400, 3);
        check(1e9, 1, 64);
    }

    #[test]
    fn means_are_rounded_and_the_last_is_of_the_remaining_rows() {
        let check = |rows_per_mean, rows: &[[u8; 2]], expected: &[[u8; 2]]| {
            let mut means = RowMeans::new(2, rows_per_mean, rows.len() as u32, None);
            means.add(rows.as_flattened());
            assert_eq!(means.finish().as_chunks::<2>().0, expected, "{rows_per_mean}");
        };
        check(1, &[[1, 2], [3, 4]], &[[1, 2], [3, 4]]);
        check(2, &[[1, 2], [4, 4], [7, 9]], &[[3, 3], [7, 9]]);
        check(3, &[[0, 255], [0, 255], [1, 255], [5, 6], [6, 8]], &[[0, 255], [6, 7]]);
        check(64, &[[255, 1]; 64], &[[255, 1]]);
        check(2, &[], &[]);
    }

    #[test]
    fn the_mean_of_equal_samples_is_that_sample() {
        for rows_per_mean in 2..=64 {
            let row: Vec<u8> = (0..=255).collect();
            for curve in [None, Some(Curve::of(Range::Full))] {
                let mut means = RowMeans::new(row.len(), rows_per_mean, rows_per_mean, curve);
                means.add(&row.repeat(rows_per_mean as usize));
                assert_eq!(means.finish(), row, "{rows_per_mean}");
            }
        }
    }
}
