use super::codes::spread;
use crate::entropy::advance::{END, NONE};
use crate::error::Error;
use crate::file::codes::Codes;
use crate::wrapped::{at, filled};

const BITS: u32 = 12;

/// Looks up several AC symbols at once whose values are not needed: all those whose codes and values fit in 12 bits,
/// not counting the last one's value.
#[derive(Clone, Debug)]
pub(crate) struct Skips {
    /// Bits 0 to 5: length in bits. Bits 6 to 15: advance. Length 0 and [`NONE`] if the first symbol does not fit.
    entries: Box<[u16; 1 << BITS]>,
}

impl Skips {
    pub(crate) fn new(table: &Codes) -> Result<Self, Error> {
        let codes = spread::<BITS>(&table.list()?);
        let mut entries = filled(0);
        for (index, entry) in entries.iter_mut().enumerate() {
            *entry = entry_of(&codes, index as u32);
        }
        Ok(Self { entries })
    }

    /// Length in bits, at most 27, and advance of the symbols at the top of `window`.
    #[inline]
    pub(crate) fn look_up(&self, window: u64) -> (u32, u32) {
        let entry = u32::from(at(&self.entries, (window >> (64 - BITS)) as usize));
        (entry & 63, entry >> 6)
    }
}

fn entry_of(codes: &[(u8, u8)], index: u32) -> u16 {
    /// Maximum advance of all symbols except the last. So these symbols cannot reach the end of a block from a position
    /// up to [`crate::entropy::advance::LAST_START`].
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
