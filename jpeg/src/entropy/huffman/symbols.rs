use super::codes::{LongCodes, spread};
use super::value::extended;
use crate::entropy::advance::END;
use crate::entropy::bits::Bits;
use crate::error::Error;
use crate::file::codes::Codes;
use crate::wrapped::{at, filled};

const BITS: u32 = 10;

/// Decodes one AC symbol at a time: codes of up to ten bits with one look-up.
#[derive(Clone, Debug)]
pub(crate) struct Symbols {
    /// Bits 0 to 7: length of the code. Bits 8 to 15: symbol. 0 for longer codes.
    entries: Box<[u16; 1 << BITS]>,
    long: LongCodes,
}

/// An AC symbol: a run of zeros and the size of the value after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol {
    /// Number of zeros before the value, 0 to 15.
    pub(crate) run: u32,
    /// Size of the value in bits, 0 to 15.
    pub(crate) size: u32,
}

impl Symbol {
    /// The advance in a block of a sequential file. There a symbol without a value is a run of 16 zeros if its run is 15,
    /// and ends the block otherwise.
    #[inline]
    pub(crate) const fn advance(self) -> u32 {
        if self.size == 0 && self.run != 15 { END } else { self.run + 1 }
    }
}

impl Symbols {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let codes = table.list()?;
        let mut entries = filled(0);
        for (entry, (length, symbol)) in entries.iter_mut().zip(spread::<BITS>(&codes)) {
            *entry = u16::from(length) | u16::from(symbol) << 8;
        }
        Ok(Self { entries, long: LongCodes::new(table) })
    }

    /// Reads a symbol of at most 17 bits without its value.
    #[inline]
    pub(crate) fn read(&self, bits: &mut Bits) -> Symbol {
        let (length, symbol) = self.peek(bits);
        bits.consume(length);
        Symbol { run: symbol >> 4, size: symbol & 15 }
    }

    /// Reads a symbol and its value of at most 17 + 15 bits. The value is 0 if its size is 0.
    #[inline]
    pub(crate) fn read_with_value(&self, bits: &mut Bits) -> (Symbol, i32) {
        let (length, symbol) = self.peek(bits);
        let (run, size) = (symbol >> 4, symbol & 15);
        let value = extended(bits.window(), length, size);
        bits.consume(length + size);
        (Symbol { run, size }, value)
    }

    #[inline]
    fn peek(&self, bits: &mut Bits) -> (u32, u32) {
        let entry = u32::from(at(&self.entries, bits.top(BITS)));
        if entry == 0 {
            let (length, symbol) = self.long.find(bits.top(16) as u32);
            bits.note_code(length);
            return (length, symbol.into());
        }
        (entry & 0xff, entry >> 8)
    }
}
