use super::codes::{LongCodes, spread};
use super::value::extended;
use crate::entropy::bits::Bits;
use crate::error::Error;
use crate::file::codes::{Code, Codes};
use crate::wrapped::{at, filled};

const BITS: u32 = 10;

/// Decodes the differences of DC coefficients: codes of up to ten bits with one look-up.
#[derive(Clone, Debug)]
pub(crate) struct Differences {
    /// Bits 0 to 5: length of code and value. Bits 6 to 10: length of the code. Bits 11 to 14: length of the value. 0 for
    /// longer codes.
    entries: Box<[u16; 1 << BITS]>,
    long: LongCodes,
}

impl Differences {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let codes = table.list()?;
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
        Ok(Self { entries, long: LongCodes::new(table) })
    }

    /// Reads a difference of at most 17 + 15 bits.
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
