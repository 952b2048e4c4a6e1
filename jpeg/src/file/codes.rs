//! Huffman tables as files define them (ITU-T T.81, annexes B.2.4.2 and C).

pub(crate) mod standard;

use crate::error::Error;

/// A table as a file stores it: the number of codes of each length from 1 to 16 bits, and the codes' symbols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Codes {
    pub(crate) counts: [u8; 16],
    pub(crate) symbols: [u8; 256],
}

impl Codes {
    /// Reads one table of a segment. Returns the table and the bytes after it.
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

    /// Every code, in ascending order. Fails if there are more codes than 16 bits can hold.
    pub(crate) fn list(&self) -> Result<Vec<Code>, Error> {
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
pub(crate) struct Code {
    /// The code, left-aligned in 16 bits, with zeros after it.
    pub(crate) start: u32,
    /// Length in bits, 1 to 16.
    pub(crate) length: u8,
    pub(crate) symbol: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_too_many_codes_is_rejected() {
        let mut content = [0; 19];
        content[0] = 3;
        let (codes, rest) = Codes::read(&content).unwrap();
        assert!(rest.is_empty());
        assert!(codes.list().is_err());
        assert!(Codes::read(&content[..18]).is_err());
        assert!(Codes::read(&[255; 300]).is_err());
    }
}
