//! Scans that have whole blocks: baseline and extended sequential files.

mod block;

use block::Reader;

use crate::bits::Bits;
use crate::context::Context;
use crate::damage::Damage;
use crate::derived::Derived;
use crate::error::Error;
use crate::feed::{Buffer, Feed};
use crate::geometry::{BLOCK, Block, cells_of};
use crate::idct::{self, Steps};
use crate::planes::{NOTHING, Planes};
use crate::restarts::Restarts;
use crate::scan::Scan;
use crate::slots::Slots;

/// Decodes a scan to samples.
pub(crate) fn decode(
    context: &mut Context<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    planes: &mut Planes,
) -> Result<Damage, Error> {
    let derived = Derived::new(scan, context.options.scales, context.tables, scan.blocks(context.header))?;
    let mut lanes = lanes(context, scan, &derived, planes)?;
    let first = lanes.first().map_or(ANY, |lane| lane.side);
    let side = if lanes.iter().all(|lane| lane.side == first) { first } else { ANY };
    match side {
        1 => units::<1>(context, scan, feed, &mut lanes),
        2 => units::<2>(context, scan, feed, &mut lanes),
        3 => units::<3>(context, scan, feed, &mut lanes),
        4 => units::<4>(context, scan, feed, &mut lanes),
        8 => units::<8>(context, scan, feed, &mut lanes),
        _ => units::<ANY>(context, scan, feed, &mut lanes),
    }
}

/// Stands for sides that differ, or that are too rare for code of their own.
const ANY: usize = 0;

/// What is decoded of one component.
struct Lane<'a> {
    reader: Reader<'a>,
    steps: Steps,
    /// Samples of a block's side.
    side: usize,
    /// Blocks of a unit.
    across: usize,
    down: usize,
    samples: &'a mut [u8],
    stride: usize,
    /// The first sample of the unit.
    at: usize,
}

/// A block of a unit.
struct Part {
    lane: usize,
    /// From the unit's first sample to the block's.
    offset: usize,
}

fn lanes<'a>(
    context: &Context<'_>,
    scan: &Scan,
    derived: &'a Derived,
    planes: &'a mut Planes,
) -> Result<Vec<Lane<'a>>, Error> {
    let is_interleaved = scan.members.len() > 1;
    let mut planes: Vec<_> = planes.iter_mut().map(Some).collect();
    let lane = |member: &crate::scan::Member| {
        let missing = Error::Damaged("a component is missing");
        let component = context.header.components().get(member.component).ok_or(missing.clone())?;
        let plane = planes.get_mut(member.component).and_then(Option::take).ok_or(missing)?;
        let scale = context.options.scales.of_component(member.component);
        let (samples, stride) = plane.parts_mut();
        let (across, down) = if is_interleaved { (component.across, component.down) } else { (1, 1) };
        Ok(Lane {
            reader: Reader::new(derived, *member, Slots::new(scale))?,
            steps: idct::steps(scale, context.tables.steps(component.quantisation)?),
            side: scale.eighths() as usize,
            across: across.into(),
            down: down.into(),
            samples,
            stride,
            at: 0,
        })
    };
    scan.members.iter().map(lane).collect()
}

/// Decodes every unit of a scan. `N` is the side of every lane, or [`ANY`].
fn units<const N: usize>(
    context: &mut Context<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    lanes: &mut [Lane<'_>],
) -> Result<Damage, Error> {
    let parts: Vec<Part> = lanes.iter().enumerate().flat_map(|(index, lane)| lane.parts(index)).collect();
    let (across, down) = scan.units(context.header);
    let mut restarts = Restarts::new(context.tables.restart_interval);
    let mut bits = Bits::new();
    let mut damage = Damage::default();
    let mut block: Block = [0; BLOCK];
    for row in 0..down as usize {
        if !(context.keep_going)() {
            return Err(Error::Stopped);
        }
        for lane in &mut *lanes {
            lane.at = row * lane.down * lane.side * lane.stride;
        }
        for _ in 0..across {
            if restarts.is_due() {
                bits = restarts.pass(feed, bits, &mut damage);
                for lane in &mut *lanes {
                    lane.reader.restart();
                }
            }
            if feed.needs_care(bits) {
                (bits, restarts.is_short) = feed.care(bits, restarts.is_short);
            }
            if restarts.is_short {
                damage.is_short = true;
                lanes.iter_mut().for_each(Lane::skip);
            } else {
                for part in &parts {
                    let Some(lane) = lanes.get_mut(part.lane) else { continue };
                    lane.block::<N>(&mut bits, feed.buffer(), part.offset, &mut block);
                }
            }
            for lane in &mut *lanes {
                lane.at += lane.across * lane.side;
            }
        }
    }
    damage.is_short |= feed.is_overrun(bits);
    damage.bad_codes = bits.bad_codes();
    Ok(damage)
}

impl Lane<'_> {
    /// The blocks of a unit, in the order of storage.
    fn parts(&self, lane: usize) -> Vec<Part> {
        let row = |v| (0..self.across).map(move |h| Part { lane, offset: (v * self.stride + h) * self.side });
        (0..self.down).flat_map(row).collect()
    }

    /// Decodes a block.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is called keeps the bits in memory")]
    fn block<const N: usize>(&mut self, bits: &mut Bits, buffer: &Buffer, offset: usize, block: &mut Block) {
        if N != ANY {
            return self.block_of::<N>(bits, buffer, offset, block);
        }
        match self.side {
            1 => self.block_of::<1>(bits, buffer, offset, block),
            2 => self.block_of::<2>(bits, buffer, offset, block),
            3 => self.block_of::<3>(bits, buffer, offset, block),
            4 => self.block_of::<4>(bits, buffer, offset, block),
            5 => self.block_of::<5>(bits, buffer, offset, block),
            6 => self.block_of::<6>(bits, buffer, offset, block),
            7 => self.block_of::<7>(bits, buffer, offset, block),
            _ => self.block_of::<8>(bits, buffer, offset, block),
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is called keeps the bits in memory")]
    fn block_of<const N: usize>(
        &mut self,
        bits: &mut Bits,
        buffer: &Buffer,
        offset: usize,
        block: &mut Block,
    ) {
        let end = self.reader.read::<N>(bits, buffer, block);
        let (Some(target), Some(kept)) = (self.samples.get_mut(self.at + offset..), block.first_chunk_mut())
        else {
            return;
        };
        idct::inverse::<N>(kept, &self.steps, end, target, self.stride);
        if N >= 5 && end == idct::ONLY_DC {
            kept[0] = 0;
        } else {
            kept.iter_mut().take(cells_of(N)).for_each(|value| *value = 0);
        }
    }

    /// Makes the blocks of a unit gray.
    #[cold]
    fn skip(&mut self) {
        let (width, height) = (self.across * self.side, self.down * self.side);
        let Some(samples) = self.samples.get_mut(self.at..) else { return };
        for row in samples.chunks_mut(self.stride).take(height) {
            if let Some(samples) = row.get_mut(..width) {
                samples.fill(NOTHING);
            }
        }
    }
}
