use wide::u8x16;

use crate::lanes::Lanes;
use crate::planes::{Plane, Planes, line};
use crate::range::Range;
use crate::tuning::ACTIVITY_MIX;
use crate::wrapped::{at, at_mut};

/// Levels of activity that the histogram distinguishes.
const LEVELS: usize = 256;

/// A spread of activities up to which the classes differ less than at most.
const MIN_RANGE: u32 = 32;

/// Rounds of k-means at most.
const ROUNDS: usize = 6;

/// Macroblocks in four classes by their activity.
#[derive(Debug)]
pub(super) struct Classes {
    /// The class of each macroblock, 0 to 3.
    pub(super) map: Vec<u8>,
    /// How busy each class is, from −1 to 1; the mean over all macroblocks is near 0.
    pub(super) activity: [f32; 4],
    /// The mean activity of all macroblocks in 1/16 of a power of two, for samples of the limited range.
    pub(super) mean: f32,
    /// The difference of the activities of the busiest and the calmest class, in the same unit.
    pub(super) spread: u32,
}

/// Classifies macroblocks: activity is the logarithm of the mean difference of neighbours, its classes are found by k-means.
pub(super) fn classes(planes: &Planes<'_>) -> Classes {
    let (across, down) = planes.macroblocks();
    let mut map = Vec::with_capacity(across * down);
    let mut histogram = [0_u32; LEVELS];
    for row in 0..down {
        let rows = Rows::new(&planes.luma, row);
        for column in 0..across {
            let level = rows.activity(column * 16);
            *at_mut(&mut histogram, level.into()) += 1;
            map.push(level);
        }
    }
    let Clusters { centers, classes, mean } = clusters(&histogram);
    for target in &mut map {
        *target = *at(&classes, usize::from(*target));
    }
    let [least, .., most] = centers;
    let spread = most.saturating_sub(least);
    let range = spread.max(MIN_RANGE) as f32;
    let activity = centers.map(|center| (2.0 * (center as f32 - mean as f32) / range).clamp(-1.0, 1.0));
    let mean = mean as f32 - full_range(planes.range);
    Classes { map, activity, mean, spread }
}

/// What the full range adds to activities: 16 × the logarithm to base 2 of 255 / 219.
fn full_range(range: Range) -> f32 {
    match range {
        Range::Full => 3.5,
        Range::Limited => 0.0,
    }
}

/// Clusters of levels.
struct Clusters {
    centers: [u32; 4],
    /// The cluster of each level.
    classes: [u8; LEVELS],
    /// The mean level.
    mean: u32,
}

fn clusters(histogram: &[u32; LEVELS]) -> Clusters {
    let least = histogram.iter().position(|count| *count > 0).unwrap_or(0);
    let most = histogram.iter().rposition(|count| *count > 0).unwrap_or(0);
    let mut centers = [1, 3, 5, 7].map(|n| (least + n * (most - least) / 8) as u32);
    let mut classes = [0; LEVELS];
    let mut mean = 0;
    for _ in 0..ROUNDS {
        let (mut counts, mut sums) = ([0_u32; 4], [0_u32; 4]);
        let mut class = 0;
        for level in least..=most {
            let value = level as u32;
            while class < 3 && value.abs_diff(*at(&centers, class + 1)) < value.abs_diff(*at(&centers, class))
            {
                class += 1;
            }
            *at_mut(&mut classes, level) = class as u8;
            let count = *at(histogram, level);
            *at_mut(&mut counts, class) += count;
            *at_mut(&mut sums, class) += count * value;
        }
        let mut moved = 0;
        for (center, (count, sum)) in centers.iter_mut().zip(counts.iter().zip(&sums)) {
            if *count > 0 {
                let new = (sum + count / 2) / count;
                moved += new.abs_diff(*center);
                *center = new;
            }
        }
        mean = sums.iter().sum::<u32>() / counts.iter().sum::<u32>().max(1);
        if moved < 4 {
            break;
        }
    }
    Clusters { centers, classes, mean }
}

/// The rows of luma that a row of macroblocks covers.
struct Rows<'a>([&'a [u8]; 16]);

impl<'a> Rows<'a> {
    fn new(luma: &Plane<'a>, row: usize) -> Self {
        Self(std::array::from_fn(|y| luma.row(row * 16 + y)))
    }

    /// The activity of the macroblock that starts at column `x`: 16 × a mean of logarithms to base 2 of the differences of
    /// neighbours in its 4×4 blocks.
    #[inline]
    fn activity(&self, x: usize) -> u8 {
        let mut sums = [0_u32; 16];
        let (groups, _) = self.0.as_chunks::<4>();
        for (sums, rows) in sums.chunks_exact_mut(4).zip(groups) {
            let (mut low, mut high) = (Lanes::ZERO, Lanes::ZERO);
            let mut above = u8x16::new(line(rows[0], x));
            for row in rows {
                let samples = u8x16::new(line(row, x));
                let shifted = u8x16::new(line(row, x + 1));
                let (across, down) = (distance(samples, shifted), distance(samples, above));
                above = samples;
                low += Lanes::from_u8x16_low(across) + Lanes::from_u8x16_low(down);
                high += Lanes::from_u8x16_high(across) + Lanes::from_u8x16_high(down);
            }
            let columns: [[u16; 4]; 4] = bytemuck::cast([low, high]);
            for (sum, columns) in sums.iter_mut().zip(columns) {
                *sum = columns.into_iter().map(u32::from).sum();
            }
        }
        let geometric = sums.iter().map(|sum| logarithm(sum + 4)).sum::<i32>() as f32 / 16.0;
        let mean = logarithm((sums.iter().sum::<u32>() + 64) / 16) as f32;
        ((geometric * ACTIVITY_MIX + mean * (1.0 - ACTIVITY_MIX)) / 8.0).clamp(0.0, 255.0) as u8
    }
}

/// About 128 × the logarithm to base 2: the exponent of a float and the first bits of its fraction.
#[inline]
fn logarithm(value: u32) -> i32 {
    ((value as f32).to_bits() >> 16).cast_signed() - (127 << 7)
}

#[inline]
fn distance(a: u8x16, b: u8x16) -> u8x16 {
    a.saturating_sub(b) | b.saturating_sub(a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_half_and_a_noisy_half_are_in_the_outer_classes() {
        let (width, height) = (128_u32, 64_u32);
        let luma: Vec<u8> = (0..width * height)
            .map(|n| if n % width < 64 { 100 } else { (n.wrapping_mul(2_654_435_761) >> 24) as u8 })
            .collect();
        let chroma = vec![128; 64 * 32];
        let plane = Plane { samples: &chroma, width: 64, height: 32 };
        let luma = Plane { samples: &luma, width, height };
        let planes = Planes { luma, cb: plane, cr: plane, range: Range::Limited };
        let Classes { map, activity, .. } = classes(&planes);
        for row in map.chunks_exact(8) {
            assert!(
                row[..3].iter().all(|class| *class == 0) && row[4..].iter().all(|class| *class == 3),
                "{row:?}"
            );
        }
        assert!(activity.is_sorted() && activity[0] < -0.8 && activity[3] > 0.8, "{activity:?}");
    }

    #[test]
    fn a_flat_picture_has_one_class() {
        let luma = [7; 33 * 20];
        let chroma = [128; 17 * 10];
        let plane = Plane { samples: &chroma, width: 17, height: 10 };
        let luma = Plane { samples: &luma, width: 33, height: 20 };
        let planes = Planes { luma, cb: plane, cr: plane, range: Range::Limited };
        let Classes { map, activity, .. } = classes(&planes);
        assert!(map.iter().all(|class| *class == map[0]), "{map:?}");
        assert!(activity[usize::from(map[0])].abs() < f32::EPSILON);
    }
}
