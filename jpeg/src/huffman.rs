//! Huffman tables as files define them (ITU-T T.81, annexes B.2.4.2 and C), and the look-ups made of them.

pub(crate) mod dc;

pub(crate) mod pairs;

pub(crate) mod skips;

pub(crate) mod standard;

pub(crate) mod symbols;

use crate::error::Error;

/// A table as it is stored: how many codes there are of each length, and what they stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Codes {
    counts: [u8; 16],
    symbols: [u8; 256],
}

impl Codes {
    /// Reads one table of a segment, and gives what follows it.
    pub(crate) fn read(content: &[u8]) -> Result<(Self, &[u8]), Error> {
        let damaged = Error::Damaged("a Huffman table is malformed");
        let Some((counts, rest)) = content.split_first_chunk::<16>() else { return Err(damaged) };
        let total: usize = counts.iter().map(|count| usize::from(*count)).sum();
        let Some((listed, rest)) = rest.split_at_checked(total) else { return Err(damaged) };
        let mut symbols = [0; 256];
        let Some(slots) = symbols.get_mut(..total) else { return Err(damaged) };
        slots.copy_from_slice(listed);
        Ok((Self { counts: *counts, symbols }, rest))
    }

    /// A table of a standard's text.
    const fn new(counts: [u8; 16], symbols: [u8; 256]) -> Self {
        Self { counts, symbols }
    }

    /// How long each code is and what it stands for, in ascending order, with all codes left-aligned in 16 bits.
    /// An error where there are more codes than fit.
    fn lengths(&self) -> Result<Vec<Code>, Error> {
        let mut codes = Vec::with_capacity(256);
        let mut start = 0_u32;
        let mut symbols = self.symbols.iter();
        for (length, count) in (1_u8..).zip(self.counts) {
            for symbol in symbols.by_ref().take(count.into()) {
                codes.push(Code { start, length, symbol: *symbol });
                start += 1 << (16 - length);
            }
            if start > 1 << 16 {
                return Err(Error::Damaged("a Huffman table has more codes than fit"));
            }
        }
        Ok(codes)
    }
}

/// One code of a table.
#[derive(Clone, Copy, Debug)]
struct Code {
    /// The smallest 16 bits that begin with it.
    start: u32,
    /// In bits, 1 to 16.
    length: u8,
    symbol: u8,
}

/// The codes of up to `BITS` bits, spread over all that may follow them: length and symbol; length 0 for longer ones.
fn spread<const BITS: u32>(codes: &[Code]) -> Vec<(u8, u8)> {
    let mut spread = vec![(0, 0); 1 << BITS];
    for code in codes.iter().filter(|code| u32::from(code.length) <= BITS) {
        let first = (code.start >> (16 - BITS)) as usize;
        let count = 1_usize << (BITS - u32::from(code.length));
        for entry in spread.iter_mut().skip(first).take(count) {
            *entry = (code.length, code.symbol);
        }
    }
    spread
}

/// The codes by their length, for those that a look-up doesn't hold.
#[derive(Clone, Debug)]
pub(crate) struct Long {
    /// For each length, the first 16 bits that are past its codes.
    ends: [u32; 16],
    /// For each length, the place of its first symbol less its first code, modulo 2^32.
    offsets: [u32; 16],
    symbols: [u8; 256],
}

impl Long {
    fn new(table: &Codes) -> Self {
        let mut ends = [0; 16];
        let mut offsets = [0; 16];
        let (mut start, mut place) = (0_u32, 0_u32);
        let by_length = ends.iter_mut().zip(&mut offsets).zip((1_u32..).zip(table.counts));
        for ((end, offset), (length, count)) in by_length {
            *offset = place.wrapping_sub(start >> (16 - length));
            place += u32::from(count);
            start += u32::from(count) << (16 - length);
            *end = start;
        }
        Self { ends, offsets, symbols: table.symbols }
    }

    /// The length and the symbol of the code that `top` begins with, left-aligned in 16 bits; libjpeg's 17 bits
    /// and symbol 0 where there is none.
    #[cold]
    pub(crate) fn find(&self, top: u32) -> (u32, u8) {
        let length = 1 + self.ends.iter().filter(|end| **end <= top).count() as u32;
        if length > 16 {
            return (17, 0);
        }
        let offset = self.offsets.get(length as usize - 1).copied().unwrap_or_default();
        let place = (top >> (16 - length)).wrapping_add(offset);
        (length, self.symbols.get(place as usize).copied().unwrap_or_default())
    }
}

/// The value that `size` bits stand for, which follow `length` bits at the top of `window` (ITU-T T.81, F.2.2.1),
/// without a branch. 0 of size 0.
#[inline]
pub(crate) const fn extended(window: u64, length: u32, size: u32) -> i32 {
    let bits = window << (length & 63);
    // All ones for a negative value, which is stored as its absolute value's complement.
    let sign = !((bits.cast_signed() >> 63).cast_unsigned());
    let magnitude = ((bits ^ sign) >> 1) >> (63 - (size & 15));
    (magnitude ^ sign).wrapping_sub(sign).cast_signed() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_extended_as_the_standard_says() {
        let check = |bits: u64, size: u32, expected: i32| {
            assert_eq!(extended(bits << (64 - 5 - size), 5, size), expected, "{bits:b}");
        };
        check(0b0, 1, -1);
        check(0b1, 1, 1);
        check(0b00, 2, -3);
        check(0b01, 2, -2);
        check(0b10, 2, 2);
        check(0b11, 2, 3);
        check(0b010, 3, -5);
        check(0b0, 11, -2047);
        check(0b111_1111_1111, 11, 2047);
        assert_eq!(extended(u64::MAX, 3, 0), 0);
        assert_eq!(extended(0, 3, 0), 0);
    }

    #[test]
    fn a_table_with_too_many_codes_is_refused() {
        let mut content = [0; 19];
        content[0] = 3;
        let (codes, rest) = Codes::read(&content).unwrap();
        assert!(rest.is_empty());
        assert!(codes.lengths().is_err());
        assert!(Codes::read(&content[..18]).is_err());
        assert!(Codes::read(&[255; 300]).is_err());
    }

    #[test]
    fn long_codes_are_found_by_their_length() {
        let codes = &standard::AC_LUMA;
        let long = Long::new(codes);
        for code in codes.lengths().unwrap() {
            assert_eq!(long.find(code.start), (code.length.into(), code.symbol));
            let last = code.start + (1 << (16 - code.length)) - 1;
            assert_eq!(long.find(last), (code.length.into(), code.symbol));
        }
        assert_eq!(long.find(0xffff), (17, 0));
    }
}
