//! The look-ups of a scan's tables.

use crate::error::Error;
use crate::huffman::dc::Differences;
use crate::huffman::pairs::Pairs;
use crate::huffman::skips::Skips;
use crate::huffman::symbols::Symbols;
use crate::scan::Scan;
use crate::tables::Tables;

/// Look-ups by the numbers of their tables.
pub(crate) struct Derived {
    dc: [Option<Differences>; 4],
    ac: [Option<Ac>; 4],
}

/// The look-ups of AC coefficients.
pub(crate) struct Ac {
    pub(crate) symbols: Symbols,
    pub(crate) pairs: Pairs,
    pub(crate) skips: Skips,
}

impl Derived {
    /// Those that a sequential scan needs.
    pub(crate) fn new(scan: &Scan, tables: &Tables) -> Result<Self, Error> {
        let mut derived = Self { dc: [const { None }; 4], ac: [const { None }; 4] };
        for member in &scan.members {
            let codes = tables.dc(member.dc)?;
            if let Some(dc) = derived.dc.get_mut(usize::from(member.dc))
                && dc.is_none()
            {
                *dc = Some(Differences::new(codes)?);
            }
            let codes = tables.ac(member.ac)?;
            if let Some(ac) = derived.ac.get_mut(usize::from(member.ac))
                && ac.is_none()
            {
                let (symbols, pairs, skips) = (Symbols::new(codes)?, Pairs::new(codes)?, Skips::new(codes)?);
                *ac = Some(Ac { symbols, pairs, skips });
            }
        }
        Ok(derived)
    }

    pub(crate) fn dc(&self, number: u8) -> Result<&Differences, Error> {
        let dc = self.dc.get(usize::from(number)).and_then(Option::as_ref);
        dc.ok_or(Error::Damaged("a Huffman table is missing"))
    }

    pub(crate) fn ac(&self, number: u8) -> Result<&Ac, Error> {
        let ac = self.ac.get(usize::from(number)).and_then(Option::as_ref);
        ac.ok_or(Error::Damaged("a Huffman table is missing"))
    }
}
