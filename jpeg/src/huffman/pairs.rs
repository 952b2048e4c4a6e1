//! The look-up of up to two AC symbols with their values.

use std::ops::RangeInclusive;

use super::{Codes, extended, spread};
use crate::error::Error;
use crate::masked::at;

const BITS: u32 = 12;

/// What the end of a block adds to the place in it: past every run.
pub(crate) const END: u32 = 80;

/// The last place at which a pair may be looked up: its first symbol must not end the block, or the second would
/// be another block's.
pub(crate) const LAST_START: u32 = 47;

/// One or two symbols whose codes and values have at most twelve bits together.
#[derive(Clone, Debug)]
pub(crate) struct Pairs {
    entries: Box<[u32; 1 << BITS]>,
}

/// One or two values and where they go. An entry of one value has it twice in the same place, of which the first is
/// written last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair(u32);

impl Pairs {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let codes = spread::<BITS>(&table.lengths()?);
        let mut entries = Box::new([0; 1 << BITS]);
        for (index, entry) in entries.iter_mut().enumerate() {
            *entry = entry_of(&codes, index as u32).unwrap_or(0);
        }
        Ok(Self { entries })
    }

    /// The entry for the bits at the top of `window`.
    #[inline]
    pub(crate) fn look_up(&self, window: u64) -> Pair {
        Pair(at(&self.entries, (window >> (64 - BITS)) as usize))
    }
}

/// Length in bits 0 to 5, what is added to the place by both in 6 to 12, by the first alone in 13 to 19, the second
/// value in 20 to 24, the first in 25 to 31.
fn entry_of(codes: &[(u8, u8)], index: u32) -> Option<u32> {
    const FIRST: RangeInclusive<i32> = -64..=63;
    const SECOND: RangeInclusive<i32> = -16..=15;
    let (length, advance, first) = symbol_of(codes, index, BITS)?;
    if !FIRST.contains(&first) {
        return None;
    }
    let first = (first as u32) << 25 | advance << 13;
    let alone = length | advance << 6 | first;
    if advance == END {
        return Some(alone);
    }
    let rest = index << length & ((1 << BITS) - 1);
    let Some((second_length, second_advance, second)) = symbol_of(codes, rest, BITS - length) else {
        return Some(alone);
    };
    if !SECOND.contains(&second) {
        return Some(alone);
    }
    Some((length + second_length) | (advance + second_advance) << 6 | (second as u32 & 31) << 20 | first)
}

/// Length, what is added to the place, and value of the symbol that the bits of `index` begin with, if it has at most
/// `known` bits.
fn symbol_of(codes: &[(u8, u8)], index: u32, known: u32) -> Option<(u32, u32, i32)> {
    let (length, symbol) = *codes.get(index as usize)?;
    let (length, run, size) = (u32::from(length), u32::from(symbol >> 4), u32::from(symbol & 15));
    if length == 0 || length + size > known {
        return None;
    }
    let value = extended(u64::from(index) << (64 - BITS), length, size);
    let is_end = size == 0 && run != 15;
    Some((length + size, if is_end { END } else { run + 1 }, value))
}

impl Pair {
    /// Whether one symbol must be read by itself.
    #[inline]
    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// In bits; the higher bits are not cleared, for shifts by it take none.
    #[inline]
    pub(crate) const fn length(self) -> u32 {
        self.0 & 63
    }

    /// What is added to the place.
    #[inline]
    pub(crate) const fn advance(self) -> u32 {
        self.0 >> 6 & 127
    }

    /// What is added to the place for the first value.
    #[inline]
    pub(crate) const fn first_advance(self) -> u32 {
        self.0 >> 13 & 127
    }

    #[inline]
    pub(crate) const fn first(self) -> i32 {
        self.0 as i32 >> 25
    }

    #[inline]
    pub(crate) const fn second(self) -> i32 {
        (self.0 << 7) as i32 >> 27
    }
}
