//! Where a coefficient goes and what it is multiplied by, in one look-up.

use crate::geometry::{DROPPED, places};
use crate::masked::at;
use crate::scale::Scale;
use crate::tables::Steps;

/// By the place *behind* a coefficient in zig-zag order: its place in the block in bits 0 to 7, its step in 16 to 31.
///
/// Places behind a block's end, which only damaged runs reach, are those of the last coefficient, as in libjpeg; what
/// the end of a block adds leads past those too.
#[derive(Clone, Debug)]
pub(crate) struct Slots(Box<[u32; 256]>);

impl Slots {
    pub(crate) fn new(scale: Scale, steps: &Steps) -> Self {
        const PAST_RUNS: usize = 80;
        let mut slots = Box::new([u32::from(DROPPED); 256]);
        let kept = places(scale).into_iter().zip(steps).map(|(place, step)| u32::from(place) | u32::from(*step) << 16);
        for (slot, kept) in slots.iter_mut().skip(1).zip(kept) {
            *slot = kept;
        }
        let last = at(&slots, 64);
        slots.iter_mut().take(PAST_RUNS).skip(65).for_each(|slot| *slot = last);
        Self(slots)
    }

    #[inline]
    pub(crate) const fn behind(&self, place: u32) -> u32 {
        at(&self.0, place as usize)
    }

    /// The step of the DC coefficient.
    pub(crate) const fn dc_step(&self) -> i32 {
        (self.behind(1) >> 16) as i32
    }
}
