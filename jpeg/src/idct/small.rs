use wide::{i16x8, i32x4, u8x16};

use super::input::{Block, Steps};
use super::matrix::{BETWEEN, BITS, LAST, half, lanes, last_half, narrow, splat};

/// Transforms two points. All weights are one, so the samples are sums and differences of the four coefficients.
#[inline]
pub(super) fn two(block: &Block, steps: &Steps) -> [[u8; 2]; 2] {
    let ([block, ..], [steps, ..]) = (block.as_chunks::<8>().0, steps.as_chunks::<8>().0) else {
        return [[0; 2]; 2];
    };
    let values = i16x8::new(*block) * i16x8::new(*steps);
    let [top, bottom, _, _] = bytemuck::cast::<i16x8, [i32; 4]>(values);
    let pair = |pair: i32| bytemuck::cast::<i32x4, i16x8>(i32x4::splat(pair));
    let top = pair(top).dot(i16x8::new([1, 1, 1, -1, 1, 1, 1, -1]));
    let bottom = pair(bottom).dot(i16x8::new([1, 1, 1, -1, -1, -1, -1, 1]));
    // The transform's factor of 8, rounded, and the middle of the sample range.
    let samples = (top + bottom + i32x4::splat((1 << 2) + (128 << 3))) >> 3;
    let samples = u8x16::narrow_i16x8(narrow(samples, samples), i16x8::ZERO);
    let [samples, ..] = bytemuck::cast::<u8x16, [u32; 4]>(samples);
    bytemuck::cast(samples)
}

/// Transforms `N` points, 3 or 4. Returns rows of four samples.
#[inline]
pub(super) fn inverse<const N: usize>(block: &Block, steps: &Steps) -> [[u8; 4]; 4] {
    let [first, second] = columns::<N>(block, steps);
    bytemuck::cast(u8x16::narrow_i16x8(rows::<N>(first), rows::<N>(second)))
}

/// The first pass: four rows of four, two in each vector.
#[inline]
fn columns<const N: usize>(block: &Block, steps: &Steps) -> [i16x8; 2] {
    let ([even, odd, ..], [even_steps, odd_steps, ..]) = (block.as_chunks::<8>().0, steps.as_chunks::<8>().0)
    else {
        return [i16x8::ZERO; 2];
    };
    let even = i16x8::new(*even) * i16x8::new(*even_steps);
    let odd = i16x8::new(*odd) * i16x8::new(*odd_steps);
    let bits = BITS - BETWEEN;
    let sums = |sample| (even.dot(splat::<N>(0, sample)) + half(bits), odd.dot(splat::<N>(1, sample)));
    let ((even_0, odd_0), (even_1, odd_1)) = (sums(0), sums(1));
    let row_0: i32x4 = (even_0 + odd_0) >> bits;
    let row_1 = (even_1 + odd_1) >> bits;
    let (row_2, row_3) = if N == 3 {
        ((even_0 - odd_0) >> bits, i32x4::ZERO)
    } else {
        ((even_1 - odd_1) >> bits, (even_0 - odd_0) >> bits)
    };
    [narrow(row_0, row_1), narrow(row_2, row_3)]
}

/// The second pass for two rows.
#[inline]
fn rows<const N: usize>(rows: i16x8) -> i16x8 {
    let [even_0, odd_0, even_1, odd_1] = bytemuck::cast::<i16x8, [i32; 4]>(rows);
    let row = |even, odd| {
        let pair = |pair: i32| bytemuck::cast::<i32x4, i16x8>(i32x4::splat(pair));
        (pair(even).dot(lanes::<N>(0)) + pair(odd).dot(lanes::<N>(1)) + last_half()) >> LAST
    };
    narrow(row(even_0, odd_0), row(even_1, odd_1))
}
