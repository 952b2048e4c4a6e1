use std::ops::RangeInclusive;

use super::value::extended;
use crate::entropy::advance::{END, NONE};
use crate::error::Error;
use crate::file::codes::{Code, Codes};
use crate::wrapped::{at, filled};

const BITS: u32 = 13;

/// Looks up one or two AC symbols with their values at once. Their codes and values have at most [`BITS`] bits together.
#[derive(Clone, Debug)]
pub(crate) struct Pairs {
    entries: Box<[u32; 1 << BITS]>,
}

/// An entry of the table: one or two values with their advances (see [`crate::entropy::advance`]).
///
/// Bits 0 to 7: the first value. Bits 8 to 15: the advance of both symbols. Bits 16 to 22: the advance of the first
/// symbol. Bits 23 to 27: the second value. Bits 28 to 31: the length of all codes and values.
///
/// In an entry with one symbol both advances are equal. The reader then writes both values to the same slot, and the
/// first value last, so that it stays. An entry without a symbol has length 0 and advance [`NONE`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair(u32);

impl Pairs {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let singles = singles(&table.list()?);
        let mut entries = filled(0);
        for (index, (entry, first)) in entries.iter_mut().zip(singles.iter()).enumerate() {
            let second = at(&singles, index << first.length);
            *entry = Pair::new(*first, second).0;
        }
        Ok(Self { entries })
    }

    /// The entry for the bits at the top of `window`.
    #[inline]
    pub(crate) fn look_up(&self, window: u64) -> Pair {
        Pair(at(&self.entries, (window >> (64 - BITS)) as usize))
    }
}

/// One symbol with its value. The length is 0 if they do not fit in [`BITS`] bits.
#[derive(Clone, Copy, Debug, Default)]
struct Single {
    /// Length of code and value in bits.
    length: u8,
    advance: u8,
    value: i16,
}

/// The symbol with which each [`BITS`]-bit number begins.
fn singles(codes: &[Code]) -> Box<[Single; 1 << BITS]> {
    let mut singles = filled(Single::default());
    for code in codes {
        let (run, size) = (code.symbol >> 4, code.symbol & 15);
        let length = code.length + size;
        if u32::from(length) > BITS {
            continue;
        }
        let is_end = size == 0 && run != 15;
        let advance = if is_end { END as u8 } else { run + 1 };
        let first = (code.start >> (16 - BITS)) as usize;
        // Each value has one entry for every combination of the bits after it.
        let each = 1 << (BITS - u32::from(length));
        let chunks = singles.get_mut(first..).unwrap_or_default().chunks_mut(each).take(1 << size);
        for (bits, chunk) in (0_u64..).zip(chunks) {
            let value = if size == 0 { 0 } else { extended(bits << (64 - u32::from(size)), 0, size.into()) };
            chunk.fill(Single { length, advance, value: value as i16 });
        }
    }
    singles
}

impl Pair {
    /// Joins two symbols if there are two and their values are small enough.
    fn new(first: Single, second: Single) -> Self {
        const FIRST: RangeInclusive<i16> = -128..=127;
        const SECOND: RangeInclusive<i16> = -16..=15;
        if first.length == 0 || !FIRST.contains(&first.value) {
            return Self(NONE << 8 | 127 << 16);
        }
        let (length, advance) = (u32::from(first.length), u32::from(first.advance));
        let start = u32::from(first.value as u8) | advance << 16;
        let both = length + u32::from(second.length);
        let is_pair = advance != END && second.length > 0 && both <= BITS && SECOND.contains(&second.value);
        if !is_pair {
            return Self(start | advance << 8 | length << 28);
        }
        let value = (u32::from(second.value.cast_unsigned()) & 31) << 23;
        Self(start | (advance + u32::from(second.advance)) << 8 | value | both << 28)
    }

    /// Length in bits, 0 to 13.
    #[inline]
    pub(crate) const fn length(self) -> u32 {
        self.0 >> 28
    }

    /// The advance of all symbols.
    #[inline]
    pub(crate) const fn advance(self) -> u32 {
        self.0 >> 8 & 0xff
    }

    /// The advance of the first symbol.
    #[inline]
    pub(crate) const fn first_advance(self) -> u32 {
        self.0 >> 16 & 0x7f
    }

    #[inline]
    pub(crate) const fn first(self) -> i16 {
        self.0 as i8 as i16
    }

    #[inline]
    pub(crate) const fn second(self) -> i16 {
        ((self.0 << 4).cast_signed() >> 27) as i16
    }
}
