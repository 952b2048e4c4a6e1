use crate::coefficients::{DISCARD, slots_of};
use crate::scale::Scale;
use crate::wrapped::{at, filled};

/// The slot of each coefficient, indexed by the position *after* it in zig-zag order.
///
/// Damaged runs of zeros lead to positions past the block's end: they map to the last coefficient's slot, as in libjpeg.
/// The advances of [`crate::entropy::advance`] lead past those and map to [`DISCARD`].
#[derive(Clone, Debug)]
pub(crate) struct Slots(Box<[u8; 256]>);

impl Slots {
    pub(crate) fn new(scale: Scale) -> Self {
        const PAST_RUNS: usize = 80;
        let mut slots: Box<[u8; 256]> = filled(DISCARD);
        for (slot, of_position) in slots.iter_mut().skip(1).zip(slots_of(scale)) {
            *slot = of_position;
        }
        let last = at(&slots, 64);
        slots.iter_mut().take(PAST_RUNS).skip(65).for_each(|slot| *slot = last);
        Self(slots)
    }

    /// The slot of the coefficient just before position `next`.
    #[inline]
    pub(crate) fn before(&self, next: u32) -> usize {
        at(&self.0, next as usize).into()
    }
}
