//! Scans of AC coefficients.

use super::{Progress, Store};
use crate::bits::Bits;
use crate::context::Context;
use crate::damage::Damage;
use crate::error::Error;
use crate::feed::{Buffer, Feed};
use crate::geometry::cells;
use crate::huffman::symbols::Symbols;
use crate::scan::Scan;
use crate::slots::Slots;

/// What a scan of one component's AC coefficients is read with.
pub(super) struct Band {
    pub(super) symbols: Symbols,
    pub(super) slots: Slots,
    /// The first coefficient.
    pub(super) start: u32,
    /// The last coefficient.
    pub(super) end: u32,
    /// The bit that the scan goes down to.
    pub(super) low: u8,
    /// That bit alone.
    pub(super) bit: i16,
}

/// How the band of a block is read.
pub(super) trait Read {
    /// `empty` counts blocks to come that have nothing of their own in the band; `known` tells which coefficients of the
    /// block are not zero, and is told.
    fn read(
        band: &Band,
        empty: &mut u32,
        bits: &mut Bits,
        buffer: &Buffer,
        values: &mut [i16],
        known: &mut u64,
    );
}

/// Reads a band of one component's coefficients, each block as `R` does.
pub(super) fn decode<R: Read>(
    context: &mut Context<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    let Some(member) = scan.members.first() else { return Ok(Damage::default()) };
    let (across, down) = scan.units(context.header);
    let coefficients = store.component(member.component)?;
    let cells = cells(coefficients.scale);
    let band = Band {
        symbols: Symbols::new(context.tables.ac(member.ac)?)?,
        slots: Slots::new(coefficients.scale),
        start: scan.start.into(),
        end: scan.end.into(),
        low: scan.low,
        bit: 1 << scan.low,
    };
    let mut progress = Progress::new(context);
    let mut empty = 0;
    for row in 0..down as usize {
        if !(context.keep_going)() {
            return Err(Error::Stopped);
        }
        let first = row * coefficients.across;
        let values = coefficients.values.get_mut(first * cells..).unwrap_or_default();
        let mut known = coefficients.known.get_mut(first..).unwrap_or_default().iter_mut();
        for values in values.chunks_exact_mut(cells).take(across as usize) {
            // Where no scan refines the component nobody asks.
            let mut unasked = 0;
            let known = known.next().unwrap_or(&mut unasked);
            if progress.begin_unit(feed) {
                empty = 0;
            }
            if !progress.restarts.is_short {
                R::read(&band, &mut empty, &mut progress.bits, feed.buffer(), values, known);
            }
        }
    }
    Ok(progress.end(feed))
}
