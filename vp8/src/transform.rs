//! The cosine transform of 4×4 blocks in fixed point (RFC 6386, section 14.4). The inverse is exact; the forward
//! transform is the one that libwebp uses.

#![expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]

use crate::lanes::{Lanes, each_column, each_row, splat, transpose};

/// The forward transform of eight blocks of differences.
#[inline(always)]
pub(crate) fn forward(differences: [Lanes; 16]) -> [Lanes; 16] {
    each_column(each_row(differences, forward_first), forward_last)
}

/// The inverse transform of eight blocks, as differences.
#[inline(always)]
pub(crate) fn inverse(coefficients: [Lanes; 16]) -> [Lanes; 16] {
    each_row(each_column(coefficients, inverse_pass), inverse_last)
}

/// The forward transform of one block: two rows in a vector in, and two rows of coefficients in a vector out.
#[inline(always)]
pub(crate) fn forward_one(low: Lanes, high: Lanes) -> (Lanes, Lanes) {
    let columns = transpose_rows(forward_first(rows(low, high)));
    join(transpose_rows(forward_last(columns)))
}

/// The inverse transform of one block, as differences.
#[inline(always)]
pub(crate) fn inverse_one(low: Lanes, high: Lanes) -> (Lanes, Lanes) {
    let [a, b, c, d] = transpose_rows(inverse_pass(rows(low, high)));
    join(transpose_rows(inverse_last([a, b, c, d])))
}

#[inline(always)]
fn forward_first([d0, d1, d2, d3]: [Lanes; 4]) -> [Lanes; 4] {
    let (a0, a1, a2, a3) = (d0 + d3, d1 + d2, (d1 - d2) << 3, (d0 - d3) << 3);
    [(a0 + a1) << 3, short(a2) + long(a3), (a0 - a1) << 3, short(a3) - long(a2)]
}

#[inline(always)]
fn forward_last([d0, d1, d2, d3]: [Lanes; 4]) -> [Lanes; 4] {
    let half = splat(8);
    let (a0, a1, a2, a3) = (d0 + d3, d1 + d2, d1 - d2, d0 - d3);
    [
        (a0 + a1 + half) >> 4,
        (short(a2) + long(a3) + half) >> 4,
        (a0 - a1 + half) >> 4,
        (short(a3) - long(a2) + half) >> 4,
    ]
}

#[inline(always)]
fn inverse_pass([c0, c1, c2, c3]: [Lanes; 4]) -> [Lanes; 4] {
    let (a, b) = (c0 + c2, c0 - c2);
    let (c, d) = (short(c1) - long(c3), long(c1) + short(c3));
    [a + d, b + c, b - c, a - d]
}

/// The second pass of the inverse transform, over the vectors of a row.
#[inline(always)]
fn inverse_last([c0, c1, c2, c3]: [Lanes; 4]) -> [Lanes; 4] {
    let [a, b, c, d] = inverse_pass([c0 + splat(4), c1, c2, c3]);
    [a >> 3, b >> 3, c >> 3, d >> 3]
}

/// 0.541 × a: 35,468 / 65,536, which is (35,468 − 65,536) / 65,536 + 1.
#[inline(always)]
fn short(a: Lanes) -> Lanes {
    a.mul_keep_high(splat(-30_068)) + a
}

/// 1.307 × a: 20,091 / 65,536 + 1.
#[inline(always)]
fn long(a: Lanes) -> Lanes {
    a.mul_keep_high(splat(20_091)) + a
}

/// The first rows and columns of a transposed 4×4 matrix, in the low lanes.
#[inline(always)]
fn transpose_rows([a, b, c, d]: [Lanes; 4]) -> [Lanes; 4] {
    let [a, b, c, d, ..] = transpose([a, b, c, d, Lanes::ZERO, Lanes::ZERO, Lanes::ZERO, Lanes::ZERO]);
    [a, b, c, d]
}

/// Two rows in a vector as two vectors with a row each in their low lanes.
#[inline(always)]
fn rows(low: Lanes, high: Lanes) -> [Lanes; 4] {
    let [a, b]: [u64; 2] = bytemuck::cast(low);
    let [c, d]: [u64; 2] = bytemuck::cast(high);
    let row = |row: u64| bytemuck::cast([row, 0]);
    [row(a), row(b), row(c), row(d)]
}

#[inline(always)]
fn join([a, b, c, d]: [Lanes; 4]) -> (Lanes, Lanes) {
    let low = |row: Lanes| {
        let [low, _]: [u64; 2] = bytemuck::cast(row);
        low
    };
    (bytemuck::cast([low(a), low(b)]), bytemuck::cast([low(c), low(d)]))
}
