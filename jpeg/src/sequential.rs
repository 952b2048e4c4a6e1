//! Sequential scans: each has whole blocks of its components.

mod lookups;

mod block;

use block::BlockReader;
use lookups::Lookups;

use crate::coefficients::{WRITABLE_SLOTS, WritableBlock, stored_slots_of};
use crate::context::ScanContext;
use crate::damage::Damage;
use crate::entropy::bits::Bits;
use crate::entropy::buffer::Buffer;
use crate::entropy::feed::Feed;
use crate::entropy::restarts::Restarts;
use crate::error::Error;
use crate::file::scan::{Member, Scan};
use crate::idct;
use crate::idct::input::Steps;
use crate::planes::{MID_GRAY, Planes};
use crate::slots::Slots;

/// Decodes a scan to samples.
pub(crate) fn decode(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    planes: &mut Planes,
) -> Result<Damage, Error> {
    let lookups = Lookups::new(scan, context.options.scales, context.tables, scan.blocks(context.header))?;
    let mut lanes = lanes(context, scan, &lookups, planes)?;
    let first = lanes.first().map_or(ANY, |lane| lane.side);
    let side = if lanes.iter().all(|lane| lane.side == first) { first } else { ANY };
    match side {
        1 => decode_mcus::<1>(context, scan, feed, &mut lanes),
        2 => decode_mcus::<2>(context, scan, feed, &mut lanes),
        3 => decode_mcus::<3>(context, scan, feed, &mut lanes),
        4 => decode_mcus::<4>(context, scan, feed, &mut lanes),
        8 => decode_mcus::<8>(context, scan, feed, &mut lanes),
        _ => decode_mcus::<ANY>(context, scan, feed, &mut lanes),
    }
}

/// The value of `N` in [`decode_mcus`] for lanes with different sides, or with a side that is too rare for specialised
/// code.
const ANY: usize = 0;

/// The decoder of one component in a scan.
struct Lane<'a> {
    reader: BlockReader<'a>,
    steps: Steps,
    /// Width and height of a block in samples, 1 to 8.
    side: usize,
    /// Number of blocks of an MCU across.
    across: usize,
    /// Number of blocks of an MCU down.
    down: usize,
    samples: &'a mut [u8],
    stride: usize,
    /// Index of the MCU's first sample.
    start: usize,
}

/// A block of an MCU.
struct McuBlock {
    /// Index of its lane.
    lane: usize,
    /// Distance from the MCU's first sample to the block's.
    offset: usize,
}

fn lanes<'a>(
    context: &ScanContext<'_>,
    scan: &Scan,
    lookups: &'a Lookups,
    planes: &'a mut Planes,
) -> Result<Vec<Lane<'a>>, Error> {
    let is_interleaved = scan.members.len() > 1;
    let mut planes: Vec<_> = planes.iter_mut().map(Some).collect();
    let lane = |member: &Member| {
        let missing = Error::Damaged("a component is missing");
        let component = context.header.components().get(member.component).ok_or(missing.clone())?;
        let plane = planes.get_mut(member.component).and_then(Option::take).ok_or(missing)?;
        let scale = context.options.scales.of_component(member.component);
        let (samples, stride) = plane.parts_mut();
        let (across, down) = if is_interleaved { (component.across, component.down) } else { (1, 1) };
        Ok(Lane {
            reader: BlockReader::new(lookups, *member, Slots::new(scale))?,
            steps: idct::input::steps(scale, context.tables.steps(component.quantisation)?),
            side: scale.eighths() as usize,
            across: across.into(),
            down: down.into(),
            samples,
            stride,
            start: 0,
        })
    };
    scan.members.iter().map(lane).collect()
}

/// Decodes every MCU of a scan. `N` is the side of every lane, or [`ANY`].
fn decode_mcus<const N: usize>(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    lanes: &mut [Lane<'_>],
) -> Result<Damage, Error> {
    let blocks: Vec<McuBlock> =
        lanes.iter().enumerate().flat_map(|(index, lane)| lane.mcu_blocks(index)).collect();
    let (across, down) = scan.mcus(context.header);
    let mut restarts = Restarts::new(context.tables.restart_interval);
    let mut bits = Bits::new();
    let mut damage = Damage::default();
    let mut block: WritableBlock = [0; WRITABLE_SLOTS];
    for row in 0..down as usize {
        if !(context.keep_going)() {
            return Err(Error::Stopped);
        }
        for lane in &mut *lanes {
            lane.start = row * lane.down * lane.side * lane.stride;
        }
        for _ in 0..across {
            if restarts.is_due() {
                bits = restarts.pass(feed, bits, &mut damage);
                for lane in &mut *lanes {
                    lane.reader.restart();
                }
            }
            if feed.needs_top_up(bits) {
                (bits, restarts.is_short) = feed.top_up(bits, restarts.is_short);
            }
            if restarts.is_short {
                damage.is_short = true;
                lanes.iter_mut().for_each(Lane::fill_gray);
            } else {
                for McuBlock { lane, offset } in &blocks {
                    let Some(lane) = lanes.get_mut(*lane) else { continue };
                    lane.decode_block::<N>(&mut bits, feed.buffer(), *offset, &mut block);
                }
            }
            for lane in &mut *lanes {
                lane.start += lane.across * lane.side;
            }
        }
    }
    damage.is_short |= feed.is_overrun(bits);
    damage.bad_codes = bits.bad_codes();
    Ok(damage)
}

impl Lane<'_> {
    /// The blocks of an MCU in the file's order. `lane` is the index of this lane.
    fn mcu_blocks(&self, lane: usize) -> Vec<McuBlock> {
        let row =
            |v| (0..self.across).map(move |h| McuBlock { lane, offset: (v * self.stride + h) * self.side });
        (0..self.down).flat_map(row).collect()
    }

    /// Decodes a block to samples. `offset` is the distance from the MCU's first sample to the block's.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would keep the bits in memory instead of registers")]
    fn decode_block<const N: usize>(
        &mut self,
        bits: &mut Bits,
        buffer: &Buffer,
        offset: usize,
        block: &mut WritableBlock,
    ) {
        if N != ANY {
            return self.decode_block_of::<N>(bits, buffer, offset, block);
        }
        match self.side {
            1 => self.decode_block_of::<1>(bits, buffer, offset, block),
            2 => self.decode_block_of::<2>(bits, buffer, offset, block),
            3 => self.decode_block_of::<3>(bits, buffer, offset, block),
            4 => self.decode_block_of::<4>(bits, buffer, offset, block),
            5 => self.decode_block_of::<5>(bits, buffer, offset, block),
            6 => self.decode_block_of::<6>(bits, buffer, offset, block),
            7 => self.decode_block_of::<7>(bits, buffer, offset, block),
            _ => self.decode_block_of::<8>(bits, buffer, offset, block),
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would keep the bits in memory instead of registers")]
    fn decode_block_of<const N: usize>(
        &mut self,
        bits: &mut Bits,
        buffer: &Buffer,
        offset: usize,
        block: &mut WritableBlock,
    ) {
        let end = self.reader.read::<N>(bits, buffer, block);
        let (Some(target), Some(coefficients)) =
            (self.samples.get_mut(self.start + offset..), block.first_chunk_mut())
        else {
            return;
        };
        idct::inverse::<N>(coefficients, &self.steps, end, target, self.stride);
        if N >= 5 && end == idct::ONLY_DC {
            coefficients[0] = 0;
        } else {
            coefficients.iter_mut().take(stored_slots_of(N)).for_each(|value| *value = 0);
        }
    }

    /// Fills the MCU's blocks with gray.
    #[cold]
    fn fill_gray(&mut self) {
        let (width, height) = (self.across * self.side, self.down * self.side);
        let Some(samples) = self.samples.get_mut(self.start..) else { return };
        for row in samples.chunks_mut(self.stride).take(height) {
            if let Some(samples) = row.get_mut(..width) {
                samples.fill(MID_GRAY);
            }
        }
    }
}
