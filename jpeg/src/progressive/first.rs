//! Scans that have AC coefficients for the first time.

use super::ac::{Band, Read};
use crate::bits::Bits;
use crate::feed::Buffer;

pub(super) enum First {}

impl Read for First {
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
        if *empty > 0 {
            *empty -= 1;
            return;
        }
        let mut place = band.start;
        while place <= band.end {
            bits.refill(buffer);
            let (symbol, value) = band.symbols.read_with_value(bits);
            if symbol.size == 0 {
                if symbol.run < 15 {
                    // 2^run blocks and as many more as the next bits say, this one among them.
                    *empty = (1 << symbol.run) + bits.read(symbol.run) - 1;
                    break;
                }
                place += 16;
                continue;
            }
            place += symbol.run + 1;
            if let Some(slot) = values.get_mut(band.slots.behind(place)) {
                *slot = value.wrapping_shl(band.low.into()) as i16;
            }
            *known |= 1 << (place - 1).min(63);
        }
    }
}
