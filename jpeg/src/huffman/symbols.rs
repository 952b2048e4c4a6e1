//! The look-up of one AC symbol at a time: a run of zeros and the size of the value behind it.

use super::pairs::END;
use super::{Codes, Long, extended, spread};
use crate::bits::Bits;
use crate::error::Error;
use crate::masked::{at, filled};

const BITS: u32 = 10;

/// Codes of up to ten bits by one look-up.
#[derive(Clone, Debug)]
pub(crate) struct Symbols {
    /// The code's length in bits 0 to 7, the symbol in 8 to 15; 0 for longer codes.
    entries: Box<[u16; 1 << BITS]>,
    long: Long,
}

/// What a symbol says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol {
    /// Zeros before the value, 0 to 15.
    pub(crate) run: u32,
    /// Bits of the value, 0 to 15.
    pub(crate) size: u32,
}

impl Symbol {
    /// What it adds to the place in a block of a sequential file, where one without a value ends the block, or is a
    /// run of 16.
    #[inline]
    pub(crate) const fn advance(self) -> u32 {
        if self.size == 0 && self.run != 15 { END } else { self.run + 1 }
    }
}

impl Symbols {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let codes = table.lengths()?;
        let mut entries = filled(0);
        for (entry, (length, symbol)) in entries.iter_mut().zip(spread::<BITS>(&codes)) {
            *entry = u16::from(length) | u16::from(symbol) << 8;
        }
        Ok(Self { entries, long: Long::new(table) })
    }

    /// Reads a symbol without its value: at most 17 bits.
    #[inline]
    pub(crate) fn read(&self, bits: &mut Bits) -> Symbol {
        let (length, symbol) = self.peek(bits);
        bits.consume(length);
        Symbol { run: symbol >> 4, size: symbol & 15 }
    }

    /// Reads a symbol and its value: at most 17 + 15 bits. The value is 0 of size 0.
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
