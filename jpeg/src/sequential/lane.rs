//! The decoder of one component in a scan.

use super::block::BlockReader;
use super::lookups::Lookups;
use super::target::{Other, Shape, Target};
use crate::coefficients::{WritableBlock, stored_slots_of};
use crate::context::ScanContext;
use crate::entropy::bits::Bits;
use crate::entropy::buffer::Buffer;
use crate::error::Error;
use crate::file::scan::{Member, Scan};
use crate::idct;
use crate::planes::{Plane, ScaledPlanes};
use crate::scale::{Scale, Scales};
use crate::slots::Slots;

/// The value of `N` in [`Lane::decode_block`] for lanes with different sides, or with a side that is too rare for specialised
/// code.
pub(super) const ANY: usize = 0;

/// The decoder of one component in a scan.
pub(super) struct Lane<'a> {
    reader: BlockReader<'a>,
    shape: Shape,
    /// The plane with the largest scale.
    target: Target<'a>,
    /// The other planes.
    others: Vec<Other<'a>>,
}

/// The lanes of a scan's components.
pub(super) fn lanes<'a>(
    context: &ScanContext<'_>,
    scan: &Scan,
    lookups: &'a Lookups,
    targets: &'a mut [ScaledPlanes<'_>],
) -> Result<Vec<Lane<'a>>, Error> {
    let is_interleaved = scan.members.len() > 1;
    let mut all: Vec<(Scales, Vec<Option<&'a mut Plane>>)> =
        targets.iter_mut().map(|(scales, planes)| (*scales, planes.iter_mut().map(Some).collect())).collect();
    let lane = |member: &Member| {
        let missing = || Error::Damaged("a component is missing");
        let component = context.header.components().get(member.component).ok_or_else(missing)?;
        let steps = context.tables.steps(component.quantisation)?;
        let mut targets: Vec<(Scale, Target<'a>)> = Vec::new();
        for (scales, planes) in &mut all {
            let plane = planes.get_mut(member.component).and_then(Option::take).ok_or_else(missing)?;
            let scale = scales.of_component(member.component);
            targets.push((scale, Target::new(scale, steps, plane)));
        }
        targets.sort_by_key(|(scale, _)| *scale);
        let (largest, target) = targets.pop().ok_or_else(missing)?;
        let others = targets.into_iter().map(|(scale, target)| Other::new(target, scale, largest)).collect();
        let (across, down) = if is_interleaved { (component.across, component.down) } else { (1, 1) };
        Ok(Lane {
            reader: BlockReader::new(lookups, *member, Slots::new(largest))?,
            shape: Shape { across: across.into(), down: down.into() },
            target,
            others,
        })
    };
    scan.members.iter().map(lane).collect()
}

impl Lane<'_> {
    /// Width and height of a block in samples of the largest scale, 1 to 8.
    pub(super) const fn side(&self) -> usize {
        self.target.side
    }

    /// The row and the column of each block of an MCU, in the file's order.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let Shape { across, down } = self.shape;
        (0..down).flat_map(move |row| (0..across).map(move |column| (row, column)))
    }

    /// Distance from the MCU's first sample to that of the block at a place, at the largest scale.
    pub(super) const fn offset(&self, (row, column): (usize, usize)) -> usize {
        (row * self.target.stride + column) * self.target.side
    }

    /// Goes to the first MCU of a row.
    pub(super) fn go_to_row(&mut self, row: usize) {
        self.target.go_to_row(row, self.shape);
        self.others.iter_mut().for_each(|other| other.target.go_to_row(row, self.shape));
    }

    #[inline]
    pub(super) fn go_to_next_mcu(&mut self) {
        self.target.go_to_next_mcu(self.shape);
        self.others.iter_mut().for_each(|other| other.target.go_to_next_mcu(self.shape));
    }

    /// Starts a restart interval.
    pub(super) fn restart(&mut self) {
        self.reader.restart();
    }

    /// Fills the MCU's blocks with gray.
    #[cold]
    pub(super) fn fill_gray(&mut self) {
        self.target.fill_gray(self.shape);
        self.others.iter_mut().for_each(|other| other.target.fill_gray(self.shape));
    }

    /// Decodes the block at `place` of the MCU to samples. `offset` is its [`Self::offset`].
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would keep the bits in memory instead of registers")]
    pub(super) fn decode_block<const N: usize, const SHARED: bool>(
        &mut self,
        bits: &mut Bits,
        buffer: &Buffer,
        place: (usize, usize),
        offset: usize,
        block: &mut WritableBlock,
    ) {
        if N != ANY {
            return self.decode_block_of::<N, SHARED>(bits, buffer, place, offset, block);
        }
        match self.target.side {
            1 => self.decode_block_of::<1, SHARED>(bits, buffer, place, offset, block),
            2 => self.decode_block_of::<2, SHARED>(bits, buffer, place, offset, block),
            3 => self.decode_block_of::<3, SHARED>(bits, buffer, place, offset, block),
            4 => self.decode_block_of::<4, SHARED>(bits, buffer, place, offset, block),
            5 => self.decode_block_of::<5, SHARED>(bits, buffer, place, offset, block),
            6 => self.decode_block_of::<6, SHARED>(bits, buffer, place, offset, block),
            7 => self.decode_block_of::<7, SHARED>(bits, buffer, place, offset, block),
            _ => self.decode_block_of::<8, SHARED>(bits, buffer, place, offset, block),
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would keep the bits in memory instead of registers")]
    fn decode_block_of<const N: usize, const SHARED: bool>(
        &mut self,
        bits: &mut Bits,
        buffer: &Buffer,
        place: (usize, usize),
        offset: usize,
        block: &mut WritableBlock,
    ) {
        let end = self.reader.read::<N>(bits, buffer, block);
        let Some(coefficients) = block.first_chunk_mut() else { return };
        if SHARED {
            self.others.iter_mut().for_each(|other| other.write(coefficients, end, place));
        }
        self.target.write::<N>(coefficients, end, offset);
        if N >= 5 && end == idct::ONLY_DC {
            coefficients[0] = 0;
        } else {
            coefficients.iter_mut().take(stored_slots_of(N)).for_each(|value| *value = 0);
        }
    }
}
