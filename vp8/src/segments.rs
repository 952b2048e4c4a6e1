//! Segments: macroblocks that share a quantiser and a strength of the loop filter, by how busy they are.

mod activity;

use crate::planes::Planes;
use crate::quantizer::MAX_INDEX;
use crate::tables::steps::AC_STEPS;
use crate::tuning::{FILTER_CALM, SEGMENT_RANGE};
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
        let Classes { map, activity, .. } = activity::classes(planes);
        let settings = activity.map(|activity| {
            let index = index(quality, activity);
            Segment { index, filter: filter_level(index, activity, filter) }
        });
        Self { map, settings, is_one: false }
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

/// The quantiser index for a quality and an activity from −1 to 1. The formula is libwebp's: at high qualities segments
/// differ less.
fn index(quality: f32, activity: f32) -> i32 {
    let share = quality.clamp(0.0, 100.0) / 100.0;
    let linear = if share < 0.75 { share * 2.0 / 3.0 } else { 2.0 * share - 1.0 };
    let compression = linear.cbrt().powf(1.0 + SEGMENT_RANGE * activity);
    ((127.0 * (1.0 - compression)) as i32).clamp(0, MAX_INDEX)
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
