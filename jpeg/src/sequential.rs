//! Sequential scans: each has whole blocks of its components.

mod lookups;

mod block;

mod lane;

mod target;

use lane::{ANY, Lane, lanes};
use lookups::Lookups;

use crate::coefficients::{WRITABLE_SLOTS, WritableBlock};
use crate::context::ScanContext;
use crate::damage::Damage;
use crate::entropy::bits::Bits;
use crate::entropy::feed::Feed;
use crate::entropy::restarts::Restarts;
use crate::error::Error;
use crate::file::scan::Scan;
use crate::planes::ScaledPlanes;
use crate::scale::{Scale, Scales};

/// Decodes a scan to samples, in the planes of each of `targets`.
pub(crate) fn decode(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    targets: &mut [ScaledPlanes<'_>],
) -> Result<Damage, Error> {
    let (is_shared, scales) = (targets.len() > 1, largest_scales(targets));
    let lookups = Lookups::new(scan, scales, context.tables, scan.blocks(context.header))?;
    let mut lanes = lanes(context, scan, &lookups, targets)?;
    if is_shared {
        return decode_mcus::<ANY, true>(context, scan, feed, &mut lanes);
    }
    let first = lanes.first().map_or(ANY, Lane::side);
    let side = if lanes.iter().all(|lane| lane.side() == first) { first } else { ANY };
    match side {
        1 => decode_mcus::<1, false>(context, scan, feed, &mut lanes),
        2 => decode_mcus::<2, false>(context, scan, feed, &mut lanes),
        3 => decode_mcus::<3, false>(context, scan, feed, &mut lanes),
        4 => decode_mcus::<4, false>(context, scan, feed, &mut lanes),
        8 => decode_mcus::<8, false>(context, scan, feed, &mut lanes),
        _ => decode_mcus::<ANY, false>(context, scan, feed, &mut lanes),
    }
}

/// The largest scales of luma and of chroma.
fn largest_scales(targets: &[ScaledPlanes<'_>]) -> Scales {
    let scales = targets.iter().map(|(scales, _)| *scales);
    let larger = |a: Scales, b: Scales| Scales { luma: a.luma.max(b.luma), chroma: a.chroma.max(b.chroma) };
    scales.reduce(larger).unwrap_or(Scales::all(Scale::EIGHTH))
}

/// A block of an MCU.
struct McuBlock {
    /// Index of its lane.
    lane: usize,
    /// Its row and its column among the lane's blocks of the MCU.
    place: (usize, usize),
    /// Distance from the MCU's first sample to the block's, in the lane's first plane.
    offset: usize,
}

/// Decodes every MCU of a scan. `N` is the side of every lane, or [`ANY`]. `SHARED` is true if the lanes have several planes.
fn decode_mcus<const N: usize, const SHARED: bool>(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    lanes: &mut [Lane<'_>],
) -> Result<Damage, Error> {
    let blocks: Vec<McuBlock> = lanes.iter().enumerate().flat_map(mcu_blocks).collect();
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
            lane.go_to_row(row);
        }
        for _ in 0..across {
            if restarts.is_due() {
                bits = restarts.pass(feed, bits, &mut damage);
                for lane in &mut *lanes {
                    lane.restart();
                }
            }
            if feed.needs_top_up(bits) {
                (bits, restarts.is_short) = feed.top_up(bits, restarts.is_short);
            }
            if restarts.is_short {
                damage.is_short = true;
                lanes.iter_mut().for_each(Lane::fill_gray);
            } else {
                for McuBlock { lane, place, offset } in &blocks {
                    let Some(lane) = lanes.get_mut(*lane) else { continue };
                    lane.decode_block::<N, SHARED>(&mut bits, feed.buffer(), *place, *offset, &mut block);
                }
            }
            for lane in &mut *lanes {
                lane.go_to_next_mcu();
            }
        }
    }
    damage.is_short |= feed.is_overrun(bits);
    damage.bad_codes = bits.bad_codes();
    Ok(damage)
}

/// The blocks of a lane in an MCU, in the file's order.
fn mcu_blocks((index, lane): (usize, &Lane<'_>)) -> impl Iterator<Item = McuBlock> {
    lane.places().map(move |place| McuBlock { lane: index, place, offset: lane.offset(place) })
}
