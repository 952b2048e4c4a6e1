use wide::{i16x8, i32x4, u8x16};

use super::input::{Block, Steps};
use super::matrix::{BETWEEN, BITS, LAST, half, lanes, last_half, narrow, splat};

/// Transforms `N` points, 5 to 8. Returns rows of the first four and the last four samples. If `IS_LOW`, only the first four
/// rows and columns of coefficients are read.
#[inline]
pub(super) fn inverse<const N: usize, const IS_LOW: bool>(block: &Block, steps: &Steps) -> [[[u8; 4]; 2]; 8] {
    let left = columns::<N, IS_LOW>(block, steps, 0);
    let right = if IS_LOW { [i32x4::ZERO; 8] } else { columns::<N, IS_LOW>(block, steps, 1) };
    let mut samples = [[[0; 4]; 2]; 8];
    let (pairs, _) = samples.as_chunks_mut::<2>();
    let (left, _) = left.as_chunks::<2>();
    let (right, _) = right.as_chunks::<2>();
    for (samples, ([left_0, left_1], [right_0, right_1])) in pairs.iter_mut().zip(left.iter().zip(right)) {
        let first = row::<N, IS_LOW>(narrow(*left_0, *right_0));
        let second = row::<N, IS_LOW>(narrow(*left_1, *right_1));
        *samples = bytemuck::cast(u8x16::narrow_i16x8(first, second));
    }
    samples
}

/// The first pass for four columns.
#[inline]
#[expect(clippy::indexing_slicing, reason = "constants below the length")]
fn columns<const N: usize, const IS_LOW: bool>(
    block: &Block,
    steps: &Steps,
    half_block: usize,
) -> [i32x4; 8] {
    let (vectors, steps) = (block.as_chunks::<8>().0, steps.as_chunks::<8>().0);
    let pair = |pair: usize| {
        let index = pair * 2 + half_block;
        i16x8::new(vectors[index]) * i16x8::new(steps[index])
    };
    let (even, odd) = (pair(0), pair(1));
    let (high_even, high_odd) = if IS_LOW { (i16x8::ZERO, i16x8::ZERO) } else { (pair(2), pair(3)) };
    let bits = BITS - BETWEEN;
    let mut rows = [i32x4::ZERO; 8];
    for sample in 0..N.div_ceil(2) {
        let mut evens = even.dot(splat::<N>(0, sample)) + half(bits);
        let mut odds = odd.dot(splat::<N>(1, sample));
        if !IS_LOW {
            evens += high_even.dot(splat::<N>(2, sample));
            odds += high_odd.dot(splat::<N>(3, sample));
        }
        rows[N - 1 - sample] = (evens - odds) >> bits;
        rows[sample] = (evens + odds) >> bits;
    }
    rows
}

/// The second pass for one row. Returns its first four and its last four samples.
#[inline]
fn row<const N: usize, const IS_LOW: bool>(row: i16x8) -> i16x8 {
    let [even, odd, high_even, high_odd] = bytemuck::cast::<i16x8, [i32; 4]>(row);
    let pair = |pair: i32| bytemuck::cast::<i32x4, i16x8>(i32x4::splat(pair));
    let mut evens = pair(even).dot(lanes::<N>(0)) + last_half();
    let mut odds = pair(odd).dot(lanes::<N>(1));
    if !IS_LOW {
        evens += pair(high_even).dot(lanes::<N>(2));
        odds += pair(high_odd).dot(lanes::<N>(3));
    }
    let [a, b, c, d] = ((evens - odds) >> LAST).to_array();
    narrow((evens + odds) >> LAST, i32x4::new([d, c, b, a]))
}
