//! The Hadamard transform of 4×4 blocks, without a scale: the sum of its absolute values is what a prediction costs.

#![expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]

use crate::lanes::{Lanes, each_column, each_row};

/// The transform of eight blocks.
#[inline(always)]
pub(crate) fn hadamard(vectors: [Lanes; 16]) -> [Lanes; 16] {
    each_column(each_row(vectors, hadamard_pass), hadamard_pass)
}

/// One pass of the transform over four vectors.
#[inline(always)]
pub(crate) fn hadamard_pass([a, b, c, d]: [Lanes; 4]) -> [Lanes; 4] {
    let (sum, other_sum, difference, other_difference) = (a + b, c + d, a - b, c - d);
    [sum + other_sum, difference + other_difference, sum - other_sum, difference - other_difference]
}
