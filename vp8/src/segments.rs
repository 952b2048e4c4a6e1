//! Segments: macroblocks that share a quantiser and a strength of the loop filter, by how busy they are.

mod activity;

use crate::planes::Planes;
use crate::quantizer::MAX_INDEX;
use crate::tables::steps::AC_STEPS;
use crate::tuning::{FILTER_CALM, FINENESS, SEGMENT_RANGE, SMOOTH, UNIFORM};
use crate::wrapped::{at, at_mut};
use activity::Classes;

/// The settings of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Segment {
    /// The index of its quantiser, 0 to 127.
    pub(crate) index: i32,
    /// The level of its loop filter, 0 to 63.
    pub(crate) filter: i32,
}

/// Segments of a picture.
#[derive(Debug)]
pub(crate) struct Segments {
    /// The segment of each macroblock, 0 to 3.
    pub(crate) map: Vec<u8>,
    pub(crate) settings: [Segment; 4],
    /// All macroblocks are in the first segment.
    pub(crate) is_one: bool,
}

impl Segments {
    /// Finds the segments of a picture. `quality` is 1 to 100, `filter` the strength of the loop filter, 0 to 100.
    pub(crate) fn new(planes: &Planes<'_>, quality: f32, filter: i32) -> Self {
        let Classes { mut map, mut activity, mean, spread } = activity::classes(planes);
        let is_one = mean < SMOOTH || spread < UNIFORM;
        if is_one {
            map.fill(0);
            activity.fill(0.0);
        }
        let settings = activity.map(|activity| {
            let index = index(quality, activity);
            Segment { index, filter: filter_level(index, activity, filter) }
        });
        Self { map, settings, is_one }
    }

    /// The number of macroblocks in each segment.
    pub(crate) fn counts(&self) -> [u32; 4] {
        let mut counts = [0; 4];
        for segment in &self.map {
            *at_mut(&mut counts, usize::from(*segment)) += 1;
        }
        counts
    }
}

/// The quantiser index for a quality and an activity from −1 to 1. The formula is libwebp's, scaled to its SSIMULACRA2; at high
/// qualities segments differ less.
fn index(quality: f32, activity: f32) -> i32 {
    let share = quality.clamp(0.0, 100.0) / 100.0;
    let linear = if share < 0.75 { share * 2.0 / 3.0 } else { 2.0 * share - 1.0 };
    let [scale, offset] = FINENESS;
    let fineness = (scale * linear.cbrt() + offset).min(1.0).powf(1.0 + SEGMENT_RANGE * activity);
    ((127.0 * (1.0 - fineness)) as i32).clamp(0, MAX_INDEX)
}

/// The level of the loop filter: stronger for coarse quantisers, weaker where the picture is busy. The formula is libwebp's but
/// for the activity.
fn filter_level(index: i32, activity: f32, filter: i32) -> i32 {
    /// The largest level (RFC 6386, section 9.6).
    const MAX_LEVEL: i32 = 63;
    /// Lower levels have no visible effect.
    const MIN_LEVEL: i32 = 2;
    let step = i32::from(*at(&AC_STEPS, index.max(0) as usize)) >> 2;
    let calm = (128.0 - FILTER_CALM * activity) as i32;
    let level = step * 5 * filter / (256 + calm);
    if level < MIN_LEVEL { 0 } else { level.min(MAX_LEVEL) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planes::Plane;
    use crate::range::Range;

    const WIDTH: u32 = 160;
    const HEIGHT: u32 = 96;

    fn segments(luma: impl Fn(u32, u32) -> u8, range: Range) -> Segments {
        let luma: Vec<u8> = (0..WIDTH * HEIGHT).map(|n| luma(n % WIDTH, n / WIDTH)).collect();
        let chroma = vec![128; (WIDTH * HEIGHT / 4) as usize];
        let chroma = Plane { samples: &chroma, width: WIDTH / 2, height: HEIGHT / 2 };
        let luma = Plane { samples: &luma, width: WIDTH, height: HEIGHT };
        Segments::new(&Planes { luma, cb: chroma, cr: chroma, range }, 76.0, 70)
    }

    fn noise(x: u32, y: u32) -> u8 {
        ((x * 31 + y * 977 + 1).wrapping_mul(2_654_435_761) >> 25) as u8
    }

    #[test]
    fn a_busy_part_is_quantised_more_than_a_calm_one() {
        let found = segments(|x, y| if x < 80 { (x / 2) as u8 } else { noise(x, y) }, Range::Limited);
        assert!(!found.is_one);
        let [calm, .., busy] = found.settings;
        assert!(calm.index + 8 < busy.index, "{found:?}");
        assert_eq!(found.counts().iter().sum::<u32>() as usize, found.map.len());
    }

    #[test]
    fn smooth_and_uniform_pictures_have_one_segment() {
        for range in [Range::Full, Range::Limited] {
            let smooth = segments(|x, y| if x < 8 { noise(x, y) } else { (x / 2) as u8 }, range);
            let uniform = segments(noise, range);
            for found in [smooth, uniform] {
                assert!(found.is_one && found.map.iter().all(|segment| *segment == 0), "{found:?}");
                assert_eq!(found.settings, [found.settings[0]; 4]);
            }
        }
    }

    #[test]
    fn a_higher_quality_never_has_a_larger_index() {
        for activity in [-1.0, -0.3, 0.0, 0.7, 1.0] {
            let indices: Vec<i32> = (1..=100).map(|quality| index(quality as f32, activity)).collect();
            assert!(indices.iter().rev().is_sorted() && indices[0] > 60 && indices[99] == 0, "{indices:?}");
        }
    }
}
