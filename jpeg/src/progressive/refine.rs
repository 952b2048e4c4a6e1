//! Scans that add a bit to AC coefficients.

use super::ac::{Band, Read};
use crate::bits::Bits;
use crate::feed::Buffer;

pub(super) enum Refine {}

impl Read for Refine {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is called keeps the bits in memory")]
    fn read(
        band: &Band,
        empty: &mut u32,
        bits: &mut Bits,
        buffer: &Buffer,
        values: &mut [i16],
        known: &mut u64,
    ) {
        let before = *known;
        let mut place = band.start;
        if *empty == 0 {
            while place <= band.end {
                bits.refill(buffer);
                let symbol = band.symbols.read(bits);
                let is_positive = if symbol.size > 0 { Some(bits.read(1) == 1) } else { None };
                if symbol.size == 0 && symbol.run < 15 {
                    *empty = (1 << symbol.run) + bits.read(symbol.run);
                    break;
                }
                // The coefficient that the run of zeros leads to; those on the way that are not zero are corrected.
                let target = band.zero_behind(place, symbol.run, before);
                band.correct(bits, buffer, values, before & from(place) & !from(target));
                if let Some(is_positive) = is_positive {
                    if let Some(slot) = values.get_mut(band.slots.behind(target + 1)) {
                        *slot = if is_positive { band.bit } else { -band.bit };
                    }
                    *known |= 1 << target.min(63);
                }
                place = target + 1;
            }
        }
        if *empty > 0 {
            band.correct(bits, buffer, values, before & from(place) & !from(band.end + 1));
            *empty -= 1;
        }
    }
}

impl Band {
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
    // What is called keeps the bits in memory.
    #[inline(always)]
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
