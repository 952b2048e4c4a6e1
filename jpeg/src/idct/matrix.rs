//! The transform's matrices, and the fixed-point arithmetic around them.

use wide::{i16x8, i32x4};

/// Number of fractional bits of the matrices.
pub(super) const BITS: i32 = 13;

/// Number of fractional bits after the first pass.
pub(super) const BETWEEN: i32 = 2;

/// For each pair of frequencies u, (0, 2), (1, 3), (4, 6) and (5, 7), their weights in the samples j from 0 to 3:
/// √2·cos((2j+1)uπ/2N), and 1 for frequency 0. In the samples from the other end odd frequencies have the opposite sign.
pub(super) type Matrix = [[i16; 8]; 4];

/// The matrix for `N` points, 3 to 8.
pub(super) const fn matrix<const N: usize>() -> &'static Matrix {
    match N {
        3 => &THREE,
        4 => &FOUR,
        5 => &FIVE,
        6 => &SIX,
        7 => &SEVEN,
        _ => &EIGHT,
    }
}

/// The weights of pair `pair` in sample `sample`, in every lane.
#[inline]
#[expect(clippy::indexing_slicing, reason = "callers give constants: pairs and samples 0 to 3")]
pub(super) fn splat<const N: usize>(pair: usize, sample: usize) -> i16x8 {
    let row = &matrix::<N>()[pair];
    let (a, b) = (row[sample * 2], row[sample * 2 + 1]);
    i16x8::new([a, b, a, b, a, b, a, b])
}

/// The weights of pair `pair` in the samples 0 to 3.
#[inline]
#[expect(clippy::indexing_slicing, reason = "callers give constants: pairs 0 to 3")]
pub(super) fn lanes<const N: usize>(pair: usize) -> i16x8 {
    i16x8::new(matrix::<N>()[pair])
}

/// The rounding term for dropping `bits` bits: one half.
#[inline]
pub(super) fn half(bits: i32) -> i32x4 {
    i32x4::splat(1 << (bits - 1))
}

/// The rounding term of the last pass plus the middle of the sample range.
#[inline]
pub(super) fn last_half() -> i32x4 {
    i32x4::splat((1 << (LAST - 1)) + (128 << LAST))
}

/// Number of bits that the last pass drops: the matrix's, those between the passes, and the transform's factor of 8.
pub(super) const LAST: i32 = BITS + BETWEEN + 3;

/// Joins two vectors into one of half the width, with saturation.
#[inline]
pub(super) fn narrow(low: i32x4, high: i32x4) -> i16x8 {
    i16x8::from_i32x8_saturate(bytemuck::cast([low, high]))
}

const THREE: Matrix =
    [[8192, 5793, 8192, -11585, 8192, 5793, 0, 0], [10033, 0, 0, 0, -10033, 0, 0, 0], [0; 8], [0; 8]];

const FOUR: Matrix = [
    [8192, 8192, 8192, -8192, 8192, -8192, 8192, 8192],
    [10703, 4433, 4433, -10703, -4433, 10703, -10703, -4433],
    [0; 8],
    [0; 8],
];

const FIVE: Matrix = [
    [8192, 9373, 8192, -3580, 8192, -11585, 8192, -3580],
    [11018, 6810, 6810, -11018, 0, 0, -6810, 11018],
    [3580, 0, -9373, 0, 11585, 0, -9373, 0],
    [0; 8],
];

const SIX: Matrix = [
    [8192, 10033, 8192, 0, 8192, -10033, 8192, -10033],
    [11190, 8192, 8192, -8192, 2998, -8192, -2998, 8192],
    [5793, 0, -11585, 0, 5793, 0, 5793, 0],
    [2998, 0, -8192, 0, 11190, 0, -11190, 0],
];

const SEVEN: Matrix = [
    [8192, 10438, 8192, 2578, 8192, -7223, 8192, -11585],
    [11295, 9058, 9058, -5027, 5027, -11295, 0, 0],
    [7223, 2578, -10438, -7223, -2578, 10438, 11585, -11585],
    [5027, 0, -11295, 0, 9058, 0, 0, 0],
];

/// Rounded like the sums of rounded constants in libjpeg's transform (after Loeffler, Ligtenberg and Moschytz).
const EIGHT: Matrix = [
    [8192, 10703, 8192, 4433, 8192, -4433, 8192, -10703],
    [11363, 9633, 9633, -2259, 6437, -11362, 2260, -6436],
    [8192, 4433, -8192, -10704, -8192, 10704, 8192, -4433],
    [6437, 2260, -11362, -6436, 2261, 9633, 9633, -11363],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrices_are_the_cosines() {
        let check = |points: usize, matrix: &Matrix| {
            let pairs = [(0, 2), (1, 3), (4, 6), (5, 7)];
            for (pair, row) in pairs.into_iter().zip(matrix) {
                for (sample, weights) in row.chunks_exact(2).enumerate().take(points) {
                    for (frequency, weight) in [pair.0, pair.1].into_iter().zip(weights) {
                        let angle = (2.0 * sample as f64 + 1.0) * f64::from(frequency) * std::f64::consts::PI
                            / (2.0 * points as f64);
                        let factor = if frequency == 0 { 1.0 } else { std::f64::consts::SQRT_2 };
                        let exact = if (frequency as usize) < points {
                            factor * angle.cos() * f64::from(1 << BITS)
                        } else {
                            0.0
                        };
                        assert!(
                            (f64::from(*weight) - exact).abs() < 1.5,
                            "{points} {frequency} {sample}: {weight} {exact}"
                        );
                    }
                }
            }
        };
        check(3, &THREE);
        check(4, &FOUR);
        check(5, &FIVE);
        check(6, &SIX);
        check(7, &SEVEN);
        check(8, &EIGHT);
    }
}
