//! Progressive scans: each has a part of the coefficients' bits, and later scans refine earlier ones (ITU-T T.81,
//! annex G).
//!
//! The store keeps the corner of each block that the scale needs, and one bit for each coefficient: 1 if the
//! coefficient is non-zero. Refining scans cannot be read without these bits.

pub(crate) mod schedule;

mod completeness;

pub(crate) mod store;

pub(crate) mod output;

mod reader;

mod dc;

mod ac;

mod first;

mod refinement;

use first::FirstScan;
use refinement::RefinementScan;
use store::Store;

use crate::context::ScanContext;
use crate::damage::Damage;
use crate::entropy::feed::Feed;
use crate::error::Error;
use crate::file::scan::Scan;

/// Reads a scan into the store.
pub(crate) fn decode(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    match (scan.is_dc(), scan.is_refinement()) {
        (true, false) => dc::first(context, scan, feed, store),
        (true, true) => dc::refine(context, scan, feed, store),
        (false, false) => ac::decode::<FirstScan>(context, scan, feed, store),
        (false, true) => ac::decode::<RefinementScan>(context, scan, feed, store),
    }
}
