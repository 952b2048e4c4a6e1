//! The look-up of differences of DC coefficients.

use super::{Code, Codes, Long, extended, spread};
use crate::bits::Bits;
use crate::error::Error;
use crate::masked::{at, filled};

const BITS: u32 = 10;

/// Codes of up to ten bits by one look-up.
#[derive(Clone, Debug)]
pub(crate) struct Differences {
    /// Length of the code with the bits of its value in bits 0 to 5, of the code in 6 to 10, of the value in 11 to 14;
    /// 0 for longer codes.
    entries: Box<[u16; 1 << BITS]>,
    long: Long,
}

impl Differences {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let codes = table.lengths()?;
        if codes.iter().any(|Code { symbol, .. }| *symbol > 15) {
            return Err(Error::Damaged("a Huffman table has a difference of more than 15 bits"));
        }
        let mut entries = filled(0);
        for (entry, (length, size)) in entries.iter_mut().zip(spread::<BITS>(&codes)) {
            let (length, size) = (u16::from(length), u16::from(size));
            if length > 0 {
                *entry = (length + size) | length << 6 | size << 11;
            }
        }
        Ok(Self { entries, long: Long::new(table) })
    }

    /// Reads a difference: at most 17 + 15 bits.
    #[inline]
    pub(crate) fn read(&self, bits: &mut Bits) -> i32 {
        let entry = u32::from(at(&self.entries, bits.top(BITS)));
        if entry == 0 {
            let (length, size) = self.long.find(bits.top(16) as u32);
            let value = extended(bits.window(), length, size.into());
            bits.consume(length + u32::from(size));
            bits.note_code(length);
            return value;
        }
        let value = extended(bits.window(), entry >> 6 & 31, entry >> 11);
        bits.consume(entry & 63);
        value
    }
}
