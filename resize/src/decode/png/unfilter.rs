//! Reverses the filters of PNG rows (PNG third edition, section 9), several rows at a time.
//!
//! With the Paeth filter each pixel depends on its left neighbour, so a single row is as slow as that chain of
//! dependencies. Adjacent rows are therefore processed together, each some pixels behind the row above it: their chains
//! are independent of each other and share vector registers.

pub(super) mod row_filter;

mod skew;

mod wavefront;

use row_filter::RowFilter;
use skew::SkewBuffer;
use wavefront::Wavefront;

/// Number of rows that are unfiltered together.
pub(super) const GROUP_ROWS: usize = 8;

/// Unfilters rows with `N` bytes per pixel, 1 to 4, from `raw` into `rows`. `above` is the row before the first one, or
/// zeros at the top of the picture. All rows have the same length.
pub(super) fn unfilter<const N: usize, const ROWS: usize>(
    filters: [RowFilter; ROWS],
    above: &[u8],
    raw: [&[u8]; ROWS],
    rows: [&mut [u8]; ROWS],
) {
    if filters.contains(&RowFilter::Average) {
        unfilter_skewed::<N, ROWS, true>(filters, above, raw, rows);
    } else {
        unfilter_skewed::<N, ROWS, false>(filters, above, raw, rows);
    }
}

fn unfilter_skewed<const N: usize, const ROWS: usize, const AVERAGES: bool>(
    filters: [RowFilter; ROWS],
    above: &[u8],
    raw: [&[u8]; ROWS],
    rows: [&mut [u8]; ROWS],
) {
    let above = above.as_chunks::<N>().0;
    let raw = raw.map(|row| row.as_chunks::<N>().0);
    let mut rows = rows.map(|row| row.as_chunks_mut::<N>().0);
    let mut wavefront = Wavefront::<ROWS, AVERAGES>::new(filters);
    let mut buffer = SkewBuffer::<ROWS>::new();
    for start in (0..SkewBuffer::<ROWS>::steps(above.len())).step_by(skew::STEPS) {
        buffer.gather(above, &raw, start);
        wavefront.unfilter(&mut buffer);
        buffer.scatter(&mut rows, start);
    }
}

#[cfg(test)]
mod tests;
