//! Reverses the filters of PNG rows (PNG third edition, section 9), several rows at a time.
//!
//! With the Paeth filter each pixel depends on its left neighbour, so a single row is as slow as that chain of
//! dependencies. Adjacent rows are therefore processed together, each some pixels behind the row above it: their chains
//! are independent of each other and share vector registers.

mod skew;

mod wave;

use skew::Skewed;
use wave::Wave;

/// Number of rows that are unfiltered together.
pub(super) const TOGETHER: usize = 8;

/// The filter of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowFilter {
    Nothing,
    Sub,
    Up,
    Average,
    Paeth,
}

impl RowFilter {
    /// The filter for a row's first byte; `None` if no filter has this number.
    pub(super) fn named(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Nothing),
            1 => Some(Self::Sub),
            2 => Some(Self::Up),
            3 => Some(Self::Average),
            4 => Some(Self::Paeth),
            _ => None,
        }
    }
}

/// Unfilters rows with `N` bytes per pixel, 1 to 4, from `raw` into `rows`. `above` is the row before the first one, or
/// zeros at the top of the picture. All rows have the same length.
pub(super) fn undo<const N: usize, const ROWS: usize>(
    filters: [RowFilter; ROWS],
    above: &[u8],
    raw: [&[u8]; ROWS],
    rows: [&mut [u8]; ROWS],
) {
    if filters.contains(&RowFilter::Average) {
        wave::<N, ROWS, true>(filters, above, raw, rows);
    } else {
        wave::<N, ROWS, false>(filters, above, raw, rows);
    }
}

fn wave<const N: usize, const ROWS: usize, const AVERAGES: bool>(
    filters: [RowFilter; ROWS],
    above: &[u8],
    raw: [&[u8]; ROWS],
    rows: [&mut [u8]; ROWS],
) {
    let above = above.as_chunks::<N>().0;
    let raw = raw.map(|row| row.as_chunks::<N>().0);
    let mut rows = rows.map(|row| row.as_chunks_mut::<N>().0);
    let mut wave = Wave::<ROWS, AVERAGES>::new(filters);
    let mut skewed = Skewed::<ROWS>::new();
    for start in (0..Skewed::<ROWS>::steps(above.len())).step_by(skew::STEPS) {
        skewed.gather(above, &raw, start);
        wave.go(&mut skewed);
        skewed.scatter(&mut rows, start);
    }
}

#[cfg(test)]
mod tests;
