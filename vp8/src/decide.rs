//! Costs of predictions: sums of absolute Hadamard coefficients of the differences, for eight blocks at a time.

#![expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]
#![expect(
    clippy::indexing_slicing,
    reason = "constants below the lengths of arrays, once loops are unrolled"
)]
#![expect(clippy::many_single_char_names, reason = "rows and columns of small matrices")]

pub(crate) mod blocks;

use crate::around::Around;
use crate::hadamard::{hadamard, hadamard_pass};
use crate::lanes::{Lanes, four, splat};

/// The Hadamard transforms of a macroblock's luma, a lane for each block: blocks 0 to 7, and 8 to 15.
pub(crate) type Spectrum = [[Lanes; 16]; 2];

#[inline(always)]
pub(crate) fn spectrum(samples: &[[Lanes; 16]; 2]) -> Spectrum {
    [hadamard(samples[0]), hadamard(samples[1])]
}

#[inline(always)]
fn sum(vectors: &[Lanes]) -> Lanes {
    vectors.iter().fold(Lanes::ZERO, |sum, vector| sum + vector.abs())
}

#[inline(always)]
fn total(vector: Lanes) -> i32 {
    vector.to_array().into_iter().map(i32::from).sum()
}

/// The costs of the parts of a spectrum that a prediction from the rows above and the columns to the left changes.
#[derive(Clone, Copy)]
struct Parts {
    /// Without the first row and the first column.
    rest: Lanes,
    row: Lanes,
    column: Lanes,
}

#[inline(always)]
fn parts(s: &[Lanes; 16]) -> Parts {
    Parts {
        rest: sum(&[s[5], s[6], s[7], s[9], s[10], s[11], s[13], s[14], s[15]]),
        row: sum(&s[1..4]),
        column: sum(&[s[4], s[8], s[12]]),
    }
}

/// Costs of predictions that are the same in each row (`above` is four times the transform of the row), the same in each
/// column (`left`), the mean, and the sum of both. In the order of the modes: DC, true motion, vertical, horizontal.
#[inline(always)]
fn simple(s: &[Lanes; 16], mean: Lanes, corner: Lanes, above: [Lanes; 4], left: [Lanes; 4]) -> [Lanes; 4] {
    let parts = parts(s);
    let row = sum(&[s[1] - above[1], s[2] - above[2], s[3] - above[3]]);
    let column = sum(&[s[4] - left[1], s[8] - left[2], s[12] - left[3]]);
    let first = |prediction: Lanes| (s[0] - prediction).abs();
    [
        parts.rest + parts.row + parts.column + first(mean << 4),
        parts.rest + row + column + first(above[0] + left[0] - (corner << 4)),
        parts.rest + row + parts.column + first(above[0]),
        parts.rest + parts.row + column + first(left[0]),
    ]
}

#[inline(always)]
fn quadruple(v: [Lanes; 4]) -> [Lanes; 4] {
    let [a, b, c, d] = hadamard_pass(v);
    [a << 2, b << 2, c << 2, d << 2]
}

/// The samples above luma, by columns of blocks: the lanes are the blocks of two rows.
#[inline(always)]
pub(crate) fn luma_columns(around: &Around<16>) -> [Lanes; 4] {
    let top: [[u8; 4]; 4] = bytemuck::cast(around.top);
    four(|i| {
        let row = four(|block| i16::from(top[block][i]));
        bytemuck::cast([row, row])
    })
}

/// The samples to the left of a half of luma, by rows of blocks.
#[inline(always)]
pub(crate) fn luma_rows(around: &Around<16>, half: usize) -> [Lanes; 4] {
    let left: [[u8; 4]; 4] = bytemuck::cast(around.left);
    four(|i| {
        let column = [[i16::from(left[2 * half][i]); 4], [i16::from(left[2 * half + 1][i]); 4]];
        bytemuck::cast(column)
    })
}

/// What chroma is predicted from: the lanes are the four blocks of each plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChromaLanes {
    pub(crate) mean: Lanes,
    pub(crate) corner: Lanes,
    pub(crate) columns: [Lanes; 4],
    pub(crate) rows: [Lanes; 4],
}

#[inline(always)]
pub(crate) fn chroma_lanes(around: &[Around<8>; 2]) -> ChromaLanes {
    let lanes = |u: u8, v: u8| bytemuck::cast([[i16::from(u); 4], [i16::from(v); 4]]);
    let [u, v] = around;
    let at = |samples: &[u8; 8], i: usize| i16::from(samples[i]);
    ChromaLanes {
        mean: lanes(u.mean(), v.mean()),
        corner: lanes(u.corner, v.corner),
        columns: four(|i| {
            let ([a, b], [c, d]) = ([at(&u.top, i), at(&u.top, 4 + i)], [at(&v.top, i), at(&v.top, 4 + i)]);
            Lanes::new([a, b, a, b, c, d, c, d])
        }),
        rows: four(|i| {
            let ([a, b], [c, d]) =
                ([at(&u.left, i), at(&u.left, 4 + i)], [at(&v.left, i), at(&v.left, 4 + i)]);
            Lanes::new([a, a, b, b, c, c, d, d])
        }),
    }
}

/// Costs of the four modes of luma as a whole.
#[inline(always)]
pub(crate) fn whole(spectrum: &Spectrum, around: &Around<16>) -> [i32; 4] {
    let (mean, corner) = (splat(around.mean().into()), splat(around.corner.into()));
    let above = quadruple(luma_columns(around));
    let mut costs = [0; 4];
    for (half, s) in spectrum.iter().enumerate() {
        let left = quadruple(luma_rows(around, half));
        for (cost, lanes) in costs.iter_mut().zip(simple(s, mean, corner, above, left)) {
            *cost += total(lanes);
        }
    }
    costs
}

/// Costs of the four modes of chroma.
#[inline(always)]
pub(crate) fn chroma(blocks: &[Lanes; 16], around: &[Around<8>; 2]) -> [i32; 4] {
    let lanes = chroma_lanes(around);
    let (above, left) = (quadruple(lanes.columns), quadruple(lanes.rows));
    let [mean, both, vertical, horizontal] =
        simple(&hadamard(*blocks), lanes.mean, lanes.corner, above, left);
    [total(mean), total(both), total(vertical), total(horizontal)]
}
