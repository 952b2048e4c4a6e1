//! Scans that add a bit to AC coefficients.

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

/// Reads one more bit of a band of one component's coefficients.
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
        bit: 1 << scan.low,
        empty: 0,
    };
    let mut progress = Progress::new(context);
    for row in 0..down as usize {
        if !(context.keep_going)() {
            return Err(Error::Stopped);
        }
        let first = row * coefficients.across;
        let values = coefficients.values.get_mut(first * cells..).unwrap_or_default();
        let known = coefficients.known.get_mut(first..).unwrap_or_default();
        for (values, known) in values.chunks_exact_mut(cells).zip(known).take(across as usize) {
            if progress.begin_unit(feed) {
                reader.empty = 0;
            }
            if progress.restarts.is_short {
                continue;
            }
            reader.read(&mut progress.bits, feed.buffer(), values, known);
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
    /// The bit that is added.
    bit: i16,
    /// Blocks to come in which no coefficient becomes other than zero.
    empty: u32,
}

impl Reader {
    /// Reads the band of a block.
    #[inline]
    fn read(&mut self, bits: &mut Bits, buffer: &Buffer, values: &mut [i16], known: &mut u64) {
        let before = *known;
        let mut place = self.start;
        if self.empty == 0 {
            while place <= self.end {
                bits.refill(buffer);
                let symbol = self.symbols.read(bits);
                let is_positive = if symbol.size > 0 { Some(bits.read(1) == 1) } else { None };
                if symbol.size == 0 && symbol.run < 15 {
                    self.empty = (1 << symbol.run) + bits.read(symbol.run);
                    break;
                }
                // The coefficient that the run of zeros leads to; those on the way that are not zero are corrected.
                let target = self.zero_behind(place, symbol.run, before);
                self.correct(bits, buffer, values, before & from(place) & !from(target));
                if let Some(is_positive) = is_positive {
                    if let Some(slot) = values.get_mut(self.slots.behind(target + 1)) {
                        *slot = if is_positive { self.bit } else { -self.bit };
                    }
                    *known |= 1 << target.min(63);
                }
                place = target + 1;
            }
        }
        if self.empty > 0 {
            self.correct(bits, buffer, values, before & from(place) & !from(self.end + 1));
            self.empty -= 1;
        }
    }

    /// The place of the zero that has `run` zeros before it from `place` on; one behind the band if there are fewer.
    #[inline]
    fn zero_behind(&self, place: u32, run: u32, known: u64) -> u32 {
        let mut zeros = !known & from(place) & !from(self.end + 1);
        for _ in 0..run {
            zeros &= zeros.wrapping_sub(1);
        }
        if zeros == 0 { self.end + 1 } else { zeros.trailing_zeros() }
    }

    /// Reads a bit for each of the coefficients of `places`, and adds it to them.
    #[inline]
    fn correct(&self, bits: &mut Bits, buffer: &Buffer, values: &mut [i16], mut places: u64) {
        const MOST_AT_ONCE: u32 = 48;
        while places != 0 {
            bits.refill(buffer);
            let mut window = bits.window();
            let mut count = 0;
            while places != 0 && count < MOST_AT_ONCE {
                let place = places.trailing_zeros();
                if let Some(value) = values.get_mut(self.slots.behind(place + 1)) {
                    // Away from zero, unless a damaged file has added the bit before.
                    let sign = *value >> 15 | 1;
                    let is_added = window >> 63 != 0 && *value & self.bit == 0;
                    *value = value.wrapping_add(if is_added { sign.wrapping_mul(self.bit) } else { 0 });
                }
                places &= places - 1;
                window <<= 1;
                count += 1;
            }
            bits.consume(count);
        }
    }
}

/// The bits of a place and those behind it; of none behind the last.
#[inline]
const fn from(place: u32) -> u64 {
    if place > 63 { 0 } else { u64::MAX << place }
}
