use super::ac::{Band, ReadBand};
use crate::entropy::bits::Bits;
use crate::entropy::buffer::Buffer;

/// Reads the scans that have AC coefficients for the first time.
pub(super) enum FirstScan {}

impl ReadBand for FirstScan {
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
        if *empty_blocks > 0 {
            *empty_blocks -= 1;
            return;
        }
        let mut position = band.start;
        while position <= band.end {
            bits.refill(buffer);
            let (symbol, value) = band.symbols.read_with_value(bits);
            if symbol.size == 0 {
                if symbol.run < 15 {
                    // This symbol ends 2^run blocks, including this one. The next `run` bits are a number of further
                    // blocks that it ends.
                    *empty_blocks = (1 << symbol.run) + bits.read(symbol.run) - 1;
                    break;
                }
                position += 16;
                continue;
            }
            position += symbol.run + 1;
            if let Some(slot) = values.get_mut(band.slots.before(position)) {
                *slot = value.wrapping_shl(band.low.into()) as i16;
            }
            *nonzero |= 1 << (position - 1).min(63);
        }
    }
}
