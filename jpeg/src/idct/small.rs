//! Two, three and four points.

use wide::{i16x8, i32x4, u8x16};

use super::Block;
use super::matrix::{BETWEEN, BITS, LAST, half, lanes, last_half, narrow, splat};

/// Two points, whose weights are one.
#[inline]
pub(super) fn two(block: &Block, target: &mut [u8], stride: usize) {
    let [a, b, c, d, ..] = block.map(i32::from);
    let sample = |sum: i32| (((sum + 4) >> 3) + 128).clamp(0, 255) as u8;
    let (top, bottom, top_slope, bottom_slope) = (a + c, a - c, b + d, b - d);
    let samples = [
        [sample(top + top_slope), sample(top - top_slope)],
        [sample(bottom + bottom_slope), sample(bottom - bottom_slope)],
    ];
    for (row, samples) in target.chunks_mut(stride).zip(samples) {
        if let Some(row) = row.first_chunk_mut::<2>() {
            *row = samples;
        }
    }
}

/// Three or four points.
#[inline]
pub(super) fn inverse<const N: usize>(block: &Block, target: &mut [u8], stride: usize) {
    let [first, second] = columns::<N>(block);
    let (first, second) = (rows::<N>(first), rows::<N>(second));
    let samples: [[u8; 4]; 4] = bytemuck::cast(u8x16::narrow_i16x8(first, second));
    for (row, samples) in target.chunks_mut(stride).zip(samples).take(N) {
        if let (Some(row), Some(samples)) = (row.first_chunk_mut::<N>(), samples.first_chunk::<N>()) {
            *row = *samples;
        }
    }
}

/// The first pass: four rows of four, two a vector.
#[inline]
fn columns<const N: usize>(block: &Block) -> [i16x8; 2] {
    let (vectors, _) = block.as_chunks::<8>();
    let [even, odd, ..] = vectors else { return [i16x8::ZERO; 2] };
    let (even, odd) = (i16x8::new(*even), i16x8::new(*odd));
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
