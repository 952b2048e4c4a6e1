//! The inverse cosine transform of the N×N corner of a block, to N×N samples.
//!
//! The N lowest frequencies in each direction, transformed with N points and scaled by N/8, are the picture at N/8 of its
//! size: ITU-T T.81, A.3.3 with N instead of 8. Arithmetic is fixed-point with 13 fractional bits, and two more after the
//! first pass, as in libjpeg's accurate integer transform: at 8/8 the samples are the same.

pub(crate) mod input;

mod matrix;

mod small;

mod large;

use input::{Block, Steps};

use crate::entropy::advance::END;

/// The `end` of a block with only a DC coefficient, see [`inverse`].
pub(crate) const ONLY_DC: u32 = END + 1;

/// The `end` of a block whose last coefficient is the last of the fourth diagonal. All its coefficients are in the first
/// four rows and columns.
const FOUR_DIAGONALS: u32 = END + 10;

/// Writes `N`×`N` samples of a block to the first columns and rows of `target`. `end` is the position after the block's
/// last coefficient plus [`END`], or any smaller number if that position is unknown.
#[inline]
pub(crate) fn inverse<const N: usize>(
    block: &Block,
    steps: &Steps,
    end: u32,
    target: &mut [u8],
    stride: usize,
) {
    match N {
        1 => {
            if let Some(sample) = target.first_mut() {
                *sample = flat(block, steps);
            }
        }
        2 => write(small::two(block, steps), target, stride),
        3 | 4 => write_first::<N>(small::inverse::<N>(block, steps), target, stride),
        _ if end == ONLY_DC => write([[flat(block, steps); N]; N], target, stride),
        _ => {
            let samples = if (ONLY_DC..=FOUR_DIAGONALS).contains(&end) {
                large::inverse::<N, true>(block, steps)
            } else {
                large::inverse::<N, false>(block, steps)
            };
            write_halves::<N>(samples, target, stride);
        }
    }
}

/// The `end` that [`inverse`] takes, derived from a block's coefficients.
#[inline]
pub(crate) fn end<const N: usize>(block: &Block) -> u32 {
    if N < 5 {
        return 0;
    }
    let vectors = block.as_chunks::<8>().0;
    let [first, high_columns, third, rest @ ..] = vectors else { return 0 };
    let any = |vectors: &[[i16; 8]]| vectors.iter().flatten().fold(0, |any, value| any | value);
    let [_, ac @ ..] = first;
    if any(&[*high_columns]) | any(rest) != 0 {
        0
    } else if any(&[*third]) | ac.iter().fold(0, |any, value| any | value) == 0 {
        ONLY_DC
    } else {
        FOUR_DIAGONALS
    }
}

/// The sample of a block with only a DC coefficient.
#[inline]
fn flat(block: &Block, steps: &Steps) -> u8 {
    let dc = i32::from(block[0].wrapping_mul(steps[0]));
    (((dc + 4) >> 3) + 128).clamp(0, 255) as u8
}

/// Writes the first `N` of four samples of each of the first `N` rows.
#[inline]
fn write_first<const N: usize>(samples: [[u8; 4]; 4], target: &mut [u8], stride: usize) {
    let mut rows = [[0; N]; N];
    for (row, samples) in rows.iter_mut().zip(samples) {
        if let Some(samples) = samples.first_chunk::<N>() {
            *row = *samples;
        }
    }
    write(rows, target, stride);
}

/// Writes the first `N` rows, 5 to 8. Each row is given as its first four and its last four samples, which may overlap.
#[inline]
fn write_halves<const N: usize>(samples: [[[u8; 4]; 2]; 8], target: &mut [u8], stride: usize) {
    let mut rest = target;
    for [first, last] in samples.into_iter().take(N) {
        if let Some(target) = rest.first_chunk_mut::<N>() {
            if let Some(target) = target.first_chunk_mut() {
                *target = first;
            }
            if let Some(target) = target.last_chunk_mut() {
                *target = last;
            }
        }
        rest = rest.get_mut(stride..).unwrap_or_default();
    }
}

#[inline]
fn write<const N: usize>(samples: [[u8; N]; N], target: &mut [u8], stride: usize) {
    let mut rest = target;
    for row in samples {
        if let Some(target) = rest.first_chunk_mut::<N>() {
            *target = row;
        }
        rest = rest.get_mut(stride..).unwrap_or_default();
    }
}
