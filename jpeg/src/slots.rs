//! Where a coefficient goes.

use crate::geometry::{DROPPED, places};
use crate::masked::{at, filled};
use crate::scale::Scale;

/// The place in a block by the place *behind* a coefficient in zig-zag order.
///
/// Places behind a block's end, which only damaged runs reach, are those of the last coefficient, as in libjpeg; what
/// the end of a block adds leads past those too.
#[derive(Clone, Debug)]
pub(crate) struct Slots(Box<[u8; 256]>);

impl Slots {
    pub(crate) fn new(scale: Scale) -> Self {
        const PAST_RUNS: usize = 80;
        let mut slots: Box<[u8; 256]> = filled(DROPPED);
        for (slot, place) in slots.iter_mut().skip(1).zip(places(scale)) {
            *slot = place;
        }
        let last = at(&slots, 64);
        slots.iter_mut().take(PAST_RUNS).skip(65).for_each(|slot| *slot = last);
        Self(slots)
    }

    #[inline]
    pub(crate) fn behind(&self, place: u32) -> usize {
        at(&self.0, place as usize).into()
    }
}
