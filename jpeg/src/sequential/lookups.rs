use crate::entropy::huffman::dc::Differences;
use crate::entropy::huffman::pairs::Pairs;
use crate::entropy::huffman::skips::Skips;
use crate::entropy::huffman::symbols::Symbols;
use crate::error::Error;
use crate::file::scan::Scan;
use crate::file::tables::Tables;
use crate::scale::{Scale, Scales};

/// The look-up tables of a scan, by the numbers of their Huffman tables.
pub(crate) struct Lookups {
    dc: [Option<Differences>; 4],
    ac: [Option<AcLookups>; 4],
}

/// The look-up tables of AC coefficients.
pub(crate) struct AcLookups {
    pub(crate) symbols: Symbols,
    /// Look-ups for components whose AC coefficients are needed.
    pub(crate) pairs: Option<Pairs>,
    /// Look-ups for components whose AC coefficients are skipped.
    pub(crate) skips: Option<Skips>,
}

impl Lookups {
    /// The tables that a sequential scan of `blocks` blocks needs at these scales. A scan of few blocks is read one
    /// symbol at a time: it takes less time than building the larger tables.
    pub(crate) fn new(scan: &Scan, scales: Scales, tables: &Tables, blocks: u64) -> Result<Self, Error> {
        const FEW_BLOCKS: u64 = 1000;
        let is_small = blocks < FEW_BLOCKS;
        let mut lookups = Self { dc: [const { None }; 4], ac: [const { None }; 4] };
        for member in &scan.members {
            let codes = tables.dc(member.dc)?;
            if let Some(dc) = lookups.dc.get_mut(usize::from(member.dc))
                && dc.is_none()
            {
                *dc = Some(Differences::new(codes)?);
            }
            let codes = tables.ac(member.ac)?;
            let Some(ac) = lookups.ac.get_mut(usize::from(member.ac)) else { continue };
            let mut of_member = match ac.take() {
                Some(lookups) => lookups,
                None => AcLookups { symbols: Symbols::new(codes)?, pairs: None, skips: None },
            };
            let is_skipped = scales.of_component(member.component) == Scale::EIGHTH;
            if is_skipped && !is_small && of_member.skips.is_none() {
                of_member.skips = Some(Skips::new(codes)?);
            }
            if !is_skipped && !is_small && of_member.pairs.is_none() {
                of_member.pairs = Some(Pairs::new(codes)?);
            }
            *ac = Some(of_member);
        }
        Ok(lookups)
    }

    pub(crate) fn dc(&self, number: u8) -> Result<&Differences, Error> {
        let dc = self.dc.get(usize::from(number)).and_then(Option::as_ref);
        dc.ok_or(Error::Damaged("a Huffman table is missing"))
    }

    pub(crate) fn ac(&self, number: u8) -> Result<&AcLookups, Error> {
        let ac = self.ac.get(usize::from(number)).and_then(Option::as_ref);
        ac.ok_or(Error::Damaged("a Huffman table is missing"))
    }
}
