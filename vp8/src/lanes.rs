//! Vectors of eight 16-bit lanes, and the arrangements of blocks in them: each lane is a block (sixteen vectors of
//! coefficients), or a column of one block (two vectors of two rows).

#![expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]

use wide::{i16x8, u8x16, u16x8};

pub(crate) type Lanes = i16x8;

/// Samples of a 4×4 block, row by row.
pub(crate) type Samples = [u8; 16];

/// Coefficients of a 4×4 block or their levels, row by row.
pub(crate) type Levels = [i16; 16];

#[inline(always)]
pub(crate) fn splat(value: i16) -> Lanes {
    Lanes::splat(value)
}

/// Four values by their numbers. Unlike an array's `map`, it is always inlined.
#[inline(always)]
pub(crate) fn four<T>(value: impl Fn(usize) -> T) -> [T; 4] {
    [value(0), value(1), value(2), value(3)]
}

/// Applies a pass of a transform to each row of eight blocks.
#[inline(always)]
pub(crate) fn each_row(vectors: [Lanes; 16], pass: impl Fn([Lanes; 4]) -> [Lanes; 4]) -> [Lanes; 16] {
    let [a, b, c, d]: [[Lanes; 4]; 4] = bytemuck::cast(vectors);
    bytemuck::cast([pass(a), pass(b), pass(c), pass(d)])
}

/// Applies a pass of a transform to each column of eight blocks.
#[inline(always)]
pub(crate) fn each_column(vectors: [Lanes; 16], pass: impl Fn([Lanes; 4]) -> [Lanes; 4]) -> [Lanes; 16] {
    let [a, b, c, d] = transposed(bytemuck::cast(vectors));
    bytemuck::cast(transposed([pass(a), pass(b), pass(c), pass(d)]))
}

/// Rows of a 4×4 matrix as columns.
#[inline(always)]
pub(crate) fn transposed<T>([a, b, c, d]: [[T; 4]; 4]) -> [[T; 4]; 4] {
    let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (a, b);
    let ([c0, c1, c2, c3], [d0, d1, d2, d3]) = (c, d);
    [[a0, b0, c0, d0], [a1, b1, c1, d1], [a2, b2, c2, d2], [a3, b3, c3, d3]]
}

/// Transposes eight vectors.
#[inline(always)]
pub(crate) fn transpose(rows: [Lanes; 8]) -> [Lanes; 8] {
    bytemuck::cast(u16x8::transpose(bytemuck::cast::<[Lanes; 8], [u16x8; 8]>(rows)))
}

/// Eight blocks as sixteen vectors: a lane for each block.
#[inline(always)]
pub(crate) fn spread(blocks: &[Samples; 8]) -> [Lanes; 16] {
    let (mut low, mut high) = ([Lanes::ZERO; 8], [Lanes::ZERO; 8]);
    for (block, (low, high)) in blocks.iter().zip(low.iter_mut().zip(&mut high)) {
        (*low, *high) = widen(*block);
    }
    bytemuck::cast([transpose(low), transpose(high)])
}

/// Sixteen vectors with a lane for each block as eight blocks. Samples are clamped.
#[inline(always)]
pub(crate) fn gather(vectors: [Lanes; 16]) -> [Samples; 8] {
    let [low, high]: [[Lanes; 8]; 2] = bytemuck::cast(vectors);
    let (low, high) = (transpose(low), transpose(high));
    let mut blocks = [[0; 16]; 8];
    for (block, (low, high)) in blocks.iter_mut().zip(low.into_iter().zip(high)) {
        *block = narrow(low, high);
    }
    blocks
}

/// Like [`gather`], for coefficients.
#[inline(always)]
pub(crate) fn gather_levels(vectors: [Lanes; 16]) -> [Levels; 8] {
    let [low, high]: [[Lanes; 8]; 2] = bytemuck::cast(vectors);
    let (low, high) = (transpose(low), transpose(high));
    let mut blocks = [[0; 16]; 8];
    for (block, (low, high)) in blocks.iter_mut().zip(low.into_iter().zip(high)) {
        *block = bytemuck::cast([low, high]);
    }
    blocks
}

/// Samples as two vectors of two rows.
#[inline(always)]
pub(crate) fn widen(block: Samples) -> (Lanes, Lanes) {
    let block = u8x16::new(block);
    (Lanes::from_u8x16_low(block), Lanes::from_u8x16_high(block))
}

/// Two vectors of two rows as samples, clamped.
#[inline(always)]
pub(crate) fn narrow(low: Lanes, high: Lanes) -> Samples {
    u8x16::narrow_i16x8(low, high).to_array()
}
