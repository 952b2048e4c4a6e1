use super::ac::{Band, ReadBand};
use crate::entropy::bits::Bits;
use crate::entropy::buffer::Buffer;

/// Reads the scans that add a bit to AC coefficients.
pub(super) enum RefinementScan {}

impl ReadBand for RefinementScan {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would keep the bits in memory instead of registers")]
    fn read(
        band: &Band,
        empty_blocks: &mut u32,
        bits: &mut Bits,
        buffer: &Buffer,
        values: &mut [i16],
        nonzero: &mut u64,
    ) {
        let before = *nonzero;
        let mut position = band.start;
        if *empty_blocks == 0 {
            while position <= band.end {
                bits.refill(buffer);
                let symbol = band.symbols.read(bits);
                let is_positive = if symbol.size > 0 { Some(bits.read(1) == 1) } else { None };
                if symbol.size == 0 && symbol.run < 15 {
                    *empty_blocks = (1 << symbol.run) + bits.read(symbol.run);
                    break;
                }
                // The run of zeros leads to this coefficient. The non-zero coefficients before it get their bits.
                let target = band.zero_after(position, symbol.run, before);
                band.correct(bits, buffer, values, before & from(position) & !from(target));
                if let Some(is_positive) = is_positive {
                    if let Some(slot) = values.get_mut(band.slots.before(target + 1)) {
                        *slot = if is_positive { band.bit } else { -band.bit };
                    }
                    *nonzero |= 1 << target.min(63);
                }
                position = target + 1;
            }
        }
        if *empty_blocks > 0 {
            band.correct(bits, buffer, values, before & from(position) & !from(band.end + 1));
            *empty_blocks -= 1;
        }
    }
}

impl Band {
    /// The position of the zero after the next `run` zeros from `position` on, or the one after the band if there are fewer.
    #[inline]
    fn zero_after(&self, position: u32, run: u32, nonzero: u64) -> u32 {
        let mut zeros = !nonzero & from(position) & !from(self.end + 1);
        for _ in 0..run {
            zeros &= zeros.wrapping_sub(1);
        }
        if zeros == 0 { self.end + 1 } else { zeros.trailing_zeros() }
    }

    /// Reads a bit for each coefficient of the set `positions`, and adds it to the coefficient.
    // A call would keep the bits in memory instead of registers.
    #[inline(always)]
    fn correct(&self, bits: &mut Bits, buffer: &Buffer, values: &mut [i16], mut positions: u64) {
        const MOST_AT_ONCE: u32 = 48;
        while positions != 0 {
            bits.refill(buffer);
            let mut window = bits.window();
            let mut count = 0;
            while positions != 0 && count < MOST_AT_ONCE {
                let position = positions.trailing_zeros();
                if let Some(value) = values.get_mut(self.slots.before(position + 1)) {
                    // The bit moves the value away from zero, unless a damaged file has added it already.
                    let sign = *value >> 15 | 1;
                    let is_added = window >> 63 != 0 && *value & self.bit == 0;
                    *value = value.wrapping_add(if is_added { sign.wrapping_mul(self.bit) } else { 0 });
                }
                positions &= positions - 1;
                window <<= 1;
                count += 1;
            }
            bits.consume(count);
        }
    }
}

/// The set of positions from `position` on: empty past the last position.
#[inline]
const fn from(position: u32) -> u64 {
    if position > 63 { 0 } else { u64::MAX << position }
}
