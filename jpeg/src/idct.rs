//! The inverse cosine transform of the N×N corner of a block, to N×N samples.
//!
//! A picture at N/8 of its size is what the N-point transform makes of the N lowest frequencies each way, scaled by
//! N/8: the definition of ITU-T T.81, A.3.3 with N for 8. Arithmetic is fixed-point with 13 bits, and two more after
//! the first pass, as in libjpeg's accurate integer transform: at 8/8 the samples are the same.

mod large;

mod matrix;

mod small;

use crate::geometry::{BLOCK, DROPPED};

/// Coefficients times their quantisation steps, in the order of [`crate::geometry::places`].
pub(crate) type Block = [i16; BLOCK];

/// Writes `N`×`N` samples of a block to a plane, and clears the block. `seen` has every bit of the places of
/// coefficients other than zero; no `N` but 1 to 8.
#[inline]
pub(crate) fn inverse<const N: usize>(block: &mut Block, seen: u32, plane: &mut [u8], at: usize, stride: usize) {
    let Some(target) = plane.get_mut(at..) else { return };
    let seen = seen & (u32::from(DROPPED) - 1);
    let dc = block[0];
    match N {
        1 => {
            if let Some(sample) = target.first_mut() {
                *sample = flat(dc);
            }
            block[0] = 0;
        }
        _ if seen == 0 => {
            for row in target.chunks_mut(stride).take(N) {
                if let Some(samples) = row.first_chunk_mut::<N>() {
                    *samples = [flat(dc); N];
                }
            }
            block[0] = 0;
        }
        2 => {
            small::two(block, target, stride);
            clear::<4>(block);
        }
        3 | 4 => {
            small::inverse::<N>(block, target, stride);
            clear::<16>(block);
        }
        _ => {
            large::inverse::<N>(block, seen, target, stride);
            clear::<64>(block);
        }
    }
}

/// The sample of a block that has but a DC coefficient.
#[inline]
fn flat(dc: i16) -> u8 {
    (((i32::from(dc) + 4) >> 3) + 128).clamp(0, 255) as u8
}

#[inline]
fn clear<const CELLS: usize>(block: &mut Block) {
    if let Some(cells) = block.first_chunk_mut::<CELLS>() {
        *cells = [0; CELLS];
    }
}
