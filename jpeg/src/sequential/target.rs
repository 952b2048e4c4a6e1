//! The plane of one component at one scale.

use crate::coefficients::{DISCARD, slots_of};
use crate::file::tables;
use crate::idct;
use crate::idct::input::{Block, Steps};
use crate::planes::{MID_GRAY, Plane};
use crate::scale::Scale;
use crate::wrapped::at;

/// Numbers of blocks of an MCU, across and down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) across: usize,
    pub(super) down: usize,
}

/// The plane of one component at one scale.
pub(super) struct Target<'a> {
    steps: Steps,
    /// Width and height of a block in samples, 1 to 8.
    pub(super) side: usize,
    samples: &'a mut [u8],
    pub(super) stride: usize,
    /// Index of the MCU's first sample.
    start: usize,
}

impl<'a> Target<'a> {
    pub(super) fn new(scale: Scale, steps: &tables::Steps, plane: &'a mut Plane) -> Self {
        let (samples, stride) = plane.parts_mut();
        let steps = idct::input::steps(scale, steps);
        Self { steps, side: scale.eighths() as usize, samples, stride, start: 0 }
    }

    #[inline]
    pub(super) fn go_to_row(&mut self, row: usize, shape: Shape) {
        self.start = row * shape.down * self.side * self.stride;
    }

    #[inline]
    pub(super) fn go_to_next_mcu(&mut self, shape: Shape) {
        self.start += shape.across * self.side;
    }

    /// Writes the samples of a block at `N`/8, the scale of this plane. `offset` is the distance from the MCU's first sample to the
    /// block's, and `end` that of [`idct::inverse`].
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is a part of the decoder's loop")]
    pub(super) fn write<const N: usize>(&mut self, coefficients: &Block, end: u32, offset: usize) {
        if let Some(samples) = self.samples.get_mut(self.start + offset..) {
            idct::inverse::<N>(coefficients, &self.steps, end, samples, self.stride);
        }
    }

    /// Fills the MCU's blocks with gray.
    #[cold]
    pub(super) fn fill_gray(&mut self, shape: Shape) {
        let (width, height) = (shape.across * self.side, shape.down * self.side);
        let Some(samples) = self.samples.get_mut(self.start..) else { return };
        for row in samples.chunks_mut(self.stride).take(height) {
            if let Some(samples) = row.get_mut(..width) {
                samples.fill(MID_GRAY);
            }
        }
    }
}

/// A plane whose coefficients are among those that are read for a plane of the same or a larger scale.
pub(super) struct Other<'a> {
    pub(super) target: Target<'a>,
    /// For each coefficient, its slot at the larger scale and at this one.
    slots: Vec<(u8, u8)>,
    block: Block,
}

impl<'a> Other<'a> {
    /// `largest` is the scale of the block that [`Self::write`] gets.
    pub(super) fn new(target: Target<'a>, scale: Scale, largest: Scale) -> Self {
        let pairs = slots_of(largest).into_iter().zip(slots_of(scale));
        let slots = pairs.filter(|(_, slot)| *slot != DISCARD).collect();
        Self { target, slots, block: [0; 64] }
    }

    /// Writes the samples of the block at `place` of the MCU. `end` is that of [`idct::inverse`].
    pub(super) fn write(&mut self, coefficients: &Block, end: u32, (row, column): (usize, usize)) {
        for (from, to) in &self.slots {
            if let Some(coefficient) = self.block.get_mut(usize::from(*to)) {
                *coefficient = at(coefficients, usize::from(*from));
            }
        }
        let (target, block) = (&mut self.target, &self.block);
        let offset = (row * target.stride + column) * target.side;
        match target.side {
            1 => target.write::<1>(block, end, offset),
            2 => target.write::<2>(block, end, offset),
            3 => target.write::<3>(block, end, offset),
            4 => target.write::<4>(block, end, offset),
            5 => target.write::<5>(block, end, offset),
            6 => target.write::<6>(block, end, offset),
            7 => target.write::<7>(block, end, offset),
            _ => target.write::<8>(block, end, offset),
        }
    }
}
