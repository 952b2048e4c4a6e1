//! Scans that have whole blocks: baseline and extended sequential files.

mod block;

use block::Reader;

use crate::bits::Bits;
use crate::damage::Damage;
use crate::derived::Derived;
use crate::error::Error;
use crate::feed::{Feed, Restart};
use crate::geometry::BLOCK;
use crate::header::Header;
use crate::idct::{self, Block};
use crate::planes::Planes;
use crate::scale::Scales;
use crate::scan::Scan;
use crate::slots::Slots;
use crate::tables::Tables;

/// Decodes a scan to samples.
pub(crate) fn decode(
    header: &Header,
    scan: &Scan,
    tables: &Tables,
    scales: Scales,
    feed: &mut Feed<'_>,
    planes: &mut Planes,
    damage: &mut Damage,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<(), Error> {
    let derived = Derived::new(scan, tables)?;
    let mut lanes = Vec::new();
    let is_interleaved = scan.members.len() > 1;
    for (place, plane) in planes.iter_mut().enumerate() {
        let Some(member) = scan.members.iter().find(|member| member.component == place) else { continue };
        let Some(component) = header.components().get(place) else { continue };
        let scale = scales.of_component(place);
        let (samples, stride) = plane.parts_mut();
        let (across, down) = if is_interleaved { (component.across, component.down) } else { (1, 1) };
        lanes.push(Lane {
            component: place,
            reader: Reader::new(&derived, *member, Slots::new(scale, tables.steps(component.quantisation)?))?,
            side: scale.eighths() as usize,
            across: across.into(),
            down: down.into(),
            samples,
            stride,
        });
    }
    let (across, down) = match (scan.members.as_slice(), header.components()) {
        ([member], components) => {
            let component = components.get(member.component).ok_or(Error::Damaged("a component is missing"))?;
            header.own_blocks(component)
        }
        _ => header.units(),
    };
    // The scan's order, which should be the frame's.
    lanes.sort_by_key(|lane| scan.members.iter().position(|member| member.component == lane.component));

    let mut bits = Bits::new();
    let mut is_short = false;
    let mut due = 0;
    let mut left = tables.restart_interval;
    for row in 0..down {
        if !keep_going() {
            return Err(Error::Stopped);
        }
        for column in 0..across {
            if tables.restart_interval > 0 {
                if left == 0 {
                    let restart = feed.restart(due);
                    damage.bad_restarts += u32::from(restart != Restart::Found);
                    is_short &= restart == Restart::Missing;
                    bits.restart();
                    lanes.iter_mut().for_each(|lane| lane.reader.restart());
                    due = (due + 1) & 7;
                    left = tables.restart_interval;
                }
                left -= 1;
            }
            if feed.is_exhausted(&mut bits) {
                is_short = true;
                damage.is_short = true;
            }
            for lane in &mut lanes {
                if is_short {
                    lane.skip(row as usize, column as usize);
                } else {
                    lane.unit(&mut bits, feed, row as usize, column as usize);
                }
            }
        }
    }
    damage.is_short |= feed.is_exhausted(&mut bits);
    damage.bad_codes += bits.bad_codes();
    Ok(())
}

/// What is decoded of one component.
struct Lane<'a> {
    /// Its place in the frame.
    component: usize,
    reader: Reader<'a>,
    /// Samples of a block's side.
    side: usize,
    /// Blocks of a unit.
    across: usize,
    down: usize,
    samples: &'a mut [u8],
    stride: usize,
}

impl Lane<'_> {
    /// Decodes the blocks of a unit.
    #[inline]
    fn unit(&mut self, bits: &mut Bits, feed: &Feed<'_>, row: usize, column: usize) {
        match self.side {
            1 => self.blocks::<1>(bits, feed, row, column),
            2 => self.blocks::<2>(bits, feed, row, column),
            3 => self.blocks::<3>(bits, feed, row, column),
            4 => self.blocks::<4>(bits, feed, row, column),
            5 => self.blocks::<5>(bits, feed, row, column),
            6 => self.blocks::<6>(bits, feed, row, column),
            7 => self.blocks::<7>(bits, feed, row, column),
            _ => self.blocks::<8>(bits, feed, row, column),
        }
    }

    #[inline]
    fn blocks<const N: usize>(&mut self, bits: &mut Bits, feed: &Feed<'_>, row: usize, column: usize) {
        let mut local = *bits;
        let mut block: Block = [0; BLOCK];
        for v in 0..self.down {
            for h in 0..self.across {
                let at = (row * self.down + v) * N * self.stride + (column * self.across + h) * N;
                let seen = if N == 1 {
                    self.reader.read_dc(&mut local, feed.buffer(), &mut block)
                } else {
                    self.reader.read(&mut local, feed.buffer(), &mut block)
                };
                idct::inverse::<N>(&mut block, seen, self.samples, at, self.stride);
            }
        }
        *bits = local;
    }

    /// Makes the blocks of a unit gray.
    #[cold]
    fn skip(&mut self, row: usize, column: usize) {
        const GRAY: u8 = 128;
        let (width, height) = (self.across * self.side, self.down * self.side);
        let rows = self.samples.chunks_mut(self.stride).skip(row * height).take(height);
        for row in rows {
            if let Some(samples) = row.get_mut(column * width..(column + 1) * width) {
                samples.fill(GRAY);
            }
        }
    }
}
