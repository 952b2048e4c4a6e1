//! The look-up of several AC symbols whose values nobody wants.

use super::pairs::{END, NONE};
use super::{Codes, spread};
use crate::error::Error;
use crate::masked::{at, filled};

const BITS: u32 = 12;

/// As many symbols as twelve bits hold the codes of, but for the last one's value.
#[derive(Clone, Debug)]
pub(crate) struct Skips {
    /// Length in bits 0 to 5, what is added to the place in 6 to 15; length 0 and [`NONE`] where one symbol must be read by itself.
    entries: Box<[u16; 1 << BITS]>,
}

impl Skips {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let codes = spread::<BITS>(&table.lengths()?);
        let mut entries = filled(0);
        for (index, entry) in entries.iter_mut().enumerate() {
            *entry = entry_of(&codes, index as u32);
        }
        Ok(Self { entries })
    }

    /// Length in bits, at most 27, and what is added to the place.
    #[inline]
    pub(crate) fn look_up(&self, window: u64) -> (u32, u32) {
        let entry = u32::from(at(&self.entries, (window >> (64 - BITS)) as usize));
        (entry & 63, entry >> 6)
    }
}

fn entry_of(codes: &[(u8, u8)], index: u32) -> u16 {
    /// What all but the last symbol may add to the place, so that they can't end a block that begins below
    /// [`super::pairs::LAST_START`] without an end of its own.
    const MOST_BEFORE_LAST: u32 = 16;
    let (mut length, mut advance) = (0, 0);
    while length < BITS && advance <= MOST_BEFORE_LAST {
        let rest = index << length & ((1 << BITS) - 1);
        let Some(&(code, symbol)) = codes.get(rest as usize) else { break };
        let (code, run, size) = (u32::from(code), u32::from(symbol >> 4), u32::from(symbol & 15));
        if code == 0 || length + code > BITS {
            break;
        }
        length += code + size;
        if size == 0 && run != 15 {
            advance += END;
            break;
        }
        advance += run + 1;
    }
    if length == 0 {
        advance = NONE;
    }
    (length | advance << 6) as u16
}
