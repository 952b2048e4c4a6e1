//! The look-up of up to two AC symbols with their values.

use std::ops::RangeInclusive;

use super::{Codes, extended, spread};
use crate::error::Error;
use crate::masked::at;

const BITS: u32 = 12;

/// What the end of a block adds to the place in it: past every run.
pub(crate) const END: u32 = 80;

/// What an entry that holds no symbol adds to the place: past every end.
pub(crate) const NONE: u32 = 160;

/// The last place at which a pair may be looked up: its first symbol must not end the block, or the second would
/// be another block's.
pub(crate) const LAST_START: u32 = 47;

/// One or two symbols whose codes and values have at most twelve bits together.
#[derive(Clone, Debug)]
pub(crate) struct Pairs {
    entries: Box<[u32; 1 << BITS]>,
}

/// One or two values and where they go.
///
/// The first value is in bits 0 to 7, what both add to the place in 8 to 15, what the first alone adds in 16 to 22,
/// the second value in 23 to 27, the length of all in 28 to 31. An entry of one symbol has its place twice, and its
/// value counts that is written last: the first. An entry of none has length 0 and adds [`NONE`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair(u32);

impl Pairs {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let codes = spread::<BITS>(&table.lengths()?);
        let mut entries = Box::new([0; 1 << BITS]);
        for (index, entry) in entries.iter_mut().enumerate() {
            *entry = Pair::of_bits(&codes, index as u32).0;
        }
        Ok(Self { entries })
    }

    /// The entry for the bits at the top of `window`.
    #[inline]
    pub(crate) fn look_up(&self, window: u64) -> Pair {
        Pair(at(&self.entries, (window >> (64 - BITS)) as usize))
    }
}

impl Pair {
    /// What the twelve bits of `index` begin with.
    fn of_bits(codes: &[(u8, u8)], index: u32) -> Self {
        const FIRST: RangeInclusive<i32> = -128..=127;
        const SECOND: RangeInclusive<i32> = -16..=15;
        let none = Self(NONE << 8 | 127 << 16);
        let Some((length, advance, first)) = symbol_of(codes, index, BITS) else { return none };
        if !FIRST.contains(&first) {
            return none;
        }
        let start = first as u32 & 0xff | advance << 16;
        let alone = Self(start | advance << 8 | length << 28);
        if advance == END {
            return alone;
        }
        let rest = index << length & ((1 << BITS) - 1);
        match symbol_of(codes, rest, BITS - length) {
            Some((more, further, second)) if SECOND.contains(&second) => {
                Self(start | (advance + further) << 8 | (second as u32 & 31) << 23 | (length + more) << 28)
            }
            _ => alone,
        }
    }

    /// In bits, 0 to 12.
    #[inline]
    pub(crate) const fn length(self) -> u32 {
        self.0 >> 28
    }

    /// What is added to the place.
    #[inline]
    pub(crate) const fn advance(self) -> u32 {
        self.0 >> 8 & 0xff
    }

    /// What is added to the place for the first value.
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
        ((self.0 << 4) as i32 >> 27) as i16
    }
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
