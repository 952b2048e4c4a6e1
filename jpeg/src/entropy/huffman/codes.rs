//! Building blocks of the look-up tables.

use crate::file::codes::{Code, Codes};

/// Length and symbol of the code with which each `BITS`-bit number begins. The length is 0 for codes of more bits.
pub(super) fn spread<const BITS: u32>(codes: &[Code]) -> Vec<(u8, u8)> {
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

/// Finds the codes that are too long for a look-up table.
#[derive(Clone, Debug)]
pub(super) struct LongCodes {
    /// For each length, the first 16-bit number past its codes.
    ends: [u32; 16],
    /// For each length, the index of its first symbol minus its first code, modulo 2^32.
    offsets: [u32; 16],
    symbols: [u8; 256],
}

impl LongCodes {
    pub(super) fn new(table: &Codes) -> Self {
        let mut ends = [0; 16];
        let mut offsets = [0; 16];
        let (mut start, mut index) = (0_u32, 0_u32);
        let by_length = ends.iter_mut().zip(&mut offsets).zip((1_u32..).zip(table.counts));
        for ((end, offset), (length, count)) in by_length {
            *offset = index.wrapping_sub(start >> (16 - length));
            index += u32::from(count);
            start += u32::from(count) << (16 - length);
            *end = start;
        }
        Self { ends, offsets, symbols: table.symbols }
    }

    /// Length and symbol of the code with which the 16-bit number `top` begins. If no code matches, returns 17 bits and
    /// symbol 0, as libjpeg does.
    #[cold]
    pub(super) fn find(&self, top: u32) -> (u32, u8) {
        let length = 1 + self.ends.iter().filter(|end| **end <= top).count() as u32;
        if length > 16 {
            return (17, 0);
        }
        let offset = self.offsets.get(length as usize - 1).copied().unwrap_or_default();
        let index = (top >> (16 - length)).wrapping_add(offset);
        (length, self.symbols.get(index as usize).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::codes::standard;

    #[test]
    fn every_code_is_found_by_its_bits() {
        let codes = &standard::AC_LUMA;
        let long = LongCodes::new(codes);
        for code in codes.list().unwrap() {
            assert_eq!(long.find(code.start), (code.length.into(), code.symbol));
            let last = code.start + (1 << (16 - code.length)) - 1;
            assert_eq!(long.find(last), (code.length.into(), code.symbol));
        }
        assert_eq!(long.find(0xffff), (17, 0));
    }
}
