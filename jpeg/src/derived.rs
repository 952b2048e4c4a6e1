//! The look-ups of a scan's tables.

use crate::error::Error;
use crate::huffman::dc::Differences;
use crate::huffman::pairs::Pairs;
use crate::huffman::skips::Skips;
use crate::huffman::symbols::Symbols;
use crate::scale::{Scale, Scales};
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
    /// Of components whose AC coefficients are kept.
    pub(crate) pairs: Option<Pairs>,
    /// Of components whose AC coefficients are passed.
    pub(crate) skips: Option<Skips>,
}

impl Derived {
    /// Those that a sequential scan needs at these scales. A scan of few blocks is read a symbol at a time, in less
    /// time than tables for more take to make.
    pub(crate) fn new(scan: &Scan, scales: Scales, tables: &Tables, blocks: u64) -> Result<Self, Error> {
        const FEW_BLOCKS: u64 = 1000;
        let is_small = blocks < FEW_BLOCKS;
        let mut derived = Self { dc: [const { None }; 4], ac: [const { None }; 4] };
        for member in &scan.members {
            let codes = tables.dc(member.dc)?;
            if let Some(dc) = derived.dc.get_mut(usize::from(member.dc))
                && dc.is_none()
            {
                *dc = Some(Differences::new(codes)?);
            }
            let codes = tables.ac(member.ac)?;
            let Some(ac) = derived.ac.get_mut(usize::from(member.ac)) else { continue };
            let mut ac_tables = match ac.take() {
                Some(tables) => tables,
                None => Ac { symbols: Symbols::new(codes)?, pairs: None, skips: None },
            };
            if is_small {
                // Without.
            } else if scales.of_component(member.component) == Scale::EIGHTH {
                if ac_tables.skips.is_none() {
                    ac_tables.skips = Some(Skips::new(codes)?);
                }
            } else if ac_tables.pairs.is_none() {
                ac_tables.pairs = Some(Pairs::new(codes)?);
            }
            *ac = Some(ac_tables);
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
