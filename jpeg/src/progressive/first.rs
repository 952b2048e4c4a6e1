//! Scans that have AC coefficients for the first time.

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

/// Reads a band of one component's coefficients.
pub(super) fn decode(
    context: &mut Context<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    let Some(member) = scan.members.first() else { return Ok(Damage::default()) };
    let symbols = Symbols::new(context.tables.ac(member.ac)?)?;
    let (across, down) = scan.units(context.header);
    let coefficients = store.component(member.component)?;
    let cells = cells(coefficients.scale);
    let mut reader = Reader {
        symbols,
        slots: Slots::new(coefficients.scale),
        start: scan.start.into(),
        end: scan.end.into(),
        low: scan.low,
        empty: 0,
    };
    let mut progress = Progress::new(context);
    for row in 0..down as usize {
        if !(context.keep_going)() {
            return Err(Error::Stopped);
        }
        let first = row * coefficients.across;
        let values = coefficients.values.get_mut(first * cells..).unwrap_or_default();
        let mut known = coefficients.known.get_mut(first..).unwrap_or_default().iter_mut();
        for values in values.chunks_exact_mut(cells).take(across as usize) {
            let known = known.next();
            if progress.begin_unit(feed) {
                reader.empty = 0;
            }
            if progress.restarts.is_short {
                continue;
            }
            if reader.empty > 0 {
                reader.empty -= 1;
                continue;
            }
            let found = reader.read(&mut progress.bits, feed.buffer(), values);
            if let Some(known) = known {
                *known |= found;
            }
        }
    }
    Ok(progress.end(feed))
}

struct Reader {
    symbols: Symbols,
    slots: Slots,
    /// The band.
    start: u32,
    end: u32,
    /// The bit that values begin at.
    low: u8,
    /// Blocks to come that have nothing in this band.
    empty: u32,
}

impl Reader {
    /// Reads the band of a block. Gives the coefficients that are not zero.
    #[inline]
    fn read(&mut self, bits: &mut Bits, buffer: &Buffer, values: &mut [i16]) -> u64 {
        let mut place = self.start;
        let mut found = 0;
        while place <= self.end {
            bits.refill(buffer);
            let (symbol, value) = self.symbols.read_with_value(bits);
            if symbol.size == 0 {
                if symbol.run < 15 {
                    // 2^run blocks and as many more as the next bits say, this one among them.
                    self.empty = (1 << symbol.run) + bits.read(symbol.run) - 1;
                    break;
                }
                place += 16;
                continue;
            }
            place += symbol.run + 1;
            if let Some(slot) = values.get_mut(self.slots.behind(place)) {
                *slot = value.wrapping_shl(self.low.into()) as i16;
            }
            found |= 1 << (place - 1).min(63);
        }
        found
    }
}
