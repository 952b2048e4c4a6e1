//! Costs of the modes of 4×4 blocks. They are computed before any block of the macroblock is coded: inside the macroblock the
//! source stands for the samples that a decoder will have. So eight blocks are independent of each other, and each is a lane.

#![expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]
#![expect(
    clippy::indexing_slicing,
    reason = "constants below the lengths of arrays, once loops are unrolled"
)]
#![expect(clippy::many_single_char_names, reason = "the names of samples in RFC 6386")]

use super::{Spectrum, quadruple, simple};
use crate::around::Around;
use crate::hadamard::hadamard;
use crate::lanes::{Lanes, four, splat, transpose};
use crate::modes::block;

/// The samples in columns above a half of a macroblock's blocks: for each of the four columns of a block, the lanes of the
/// first and of the second row of blocks.
#[inline(always)]
fn above(samples: &[[Lanes; 16]; 2], half: usize, top: &[u8; 16]) -> [[u64; 2]; 4] {
    let top: [[u8; 4]; 4] = bytemuck::cast(*top);
    four(|i| {
        let [last, _]: [u64; 2] = bytemuck::cast(samples[half][12 + i]);
        let first = if half == 0 {
            bytemuck::cast(four(|block| u16::from(top[block][i])))
        } else {
            bytemuck::cast::<Lanes, [u64; 2]>(samples[0][12 + i])[1]
        };
        [first, last]
    })
}

/// Moves lanes to the next block to the right, and puts a sample into the first of each row.
#[inline(always)]
fn to_right(lanes: [u64; 2], first: [u8; 2]) -> Lanes {
    bytemuck::cast([lanes[0] << 16 | u64::from(first[0]), lanes[1] << 16 | u64::from(first[1])])
}

/// Costs of the ten modes of 4×4 blocks, for the eight blocks of a half: for each block the first eight modes, and the last
/// two modes for all blocks.
#[inline(always)]
pub(crate) fn costs(
    spectrum: &Spectrum,
    samples: &[[Lanes; 16]; 2],
    half: usize,
    around: &Around<16>,
    top_right: [u8; 4],
) -> ([Lanes; 8], [[i16; 8]; 2]) {
    let s = &spectrum[half];
    let top = above(samples, half, &around.top);
    let [a, b, c, d] = four(|i| bytemuck::cast::<[u64; 2], Lanes>(top[i]));
    let from_right = |i: usize| -> Lanes {
        let right = u64::from(top_right[i]) << 48;
        bytemuck::cast([top[i][0] >> 16 | right, top[i][1] >> 16 | right])
    };
    let [e, f, g, h] = four(from_right);
    let left = |row: usize| {
        let first = [around.left[8 * half + row], around.left[8 * half + 4 + row]];
        to_right(bytemuck::cast(samples[half][4 * row + 3]), first)
    };
    let [i, j, k, l] = four(left);
    let corner = if half == 0 { around.corner } else { around.left[7] };
    let x = to_right(top[3], [corner, around.left[8 * half + 3]]);
    let three = |a: Lanes, b: Lanes, c: Lanes| (a + (b << 1) + c + splat(2)) >> 2;
    let two = |a: Lanes, b: Lanes| (a + b + splat(1)) >> 1;
    let cost = |prediction: [Lanes; 16]| {
        let spectrum = hadamard(prediction);
        (0..16).fold(Lanes::ZERO, |sum, n| sum + (s[n] - spectrum[n]).abs())
    };
    let mut costs = [Lanes::ZERO; 10];
    let mean = (a + b + c + d + i + j + k + l + splat(4)) >> 3;
    let plain = simple(s, mean, x, quadruple([a, b, c, d]), quadruple([i, j, k, l]));
    costs[block::DC] = plain[0];
    costs[block::TM] = plain[1];
    let (xab, abc, bcd, cde) = (three(x, a, b), three(a, b, c), three(b, c, d), three(c, d, e));
    let (xij, ijk, jkl, kll) = (three(x, i, j), three(i, j, k), three(j, k, l), three(k, l, l));
    let smooth =
        simple(s, Lanes::ZERO, Lanes::ZERO, quadruple([xab, abc, bcd, cde]), quadruple([xij, ijk, jkl, kll]));
    costs[block::VE] = smooth[2];
    costs[block::HE] = smooth[3];
    let (ixa, def, efg, fgh, ghh) =
        (three(i, x, a), three(d, e, f), three(e, f, g), three(f, g, h), three(g, h, h));
    let t = [jkl, ijk, xij, ixa, xab, abc, bcd];
    costs[block::RD] = cost([
        t[3], t[4], t[5], t[6], t[2], t[3], t[4], t[5], t[1], t[2], t[3], t[4], t[0], t[1], t[2], t[3],
    ]);
    let t = [abc, bcd, cde, def, efg, fgh, ghh];
    costs[block::LD] = cost([
        t[0], t[1], t[2], t[3], t[1], t[2], t[3], t[4], t[2], t[3], t[4], t[5], t[3], t[4], t[5], t[6],
    ]);
    let (p, q, r, z) = (two(x, a), two(a, b), two(b, c), two(c, d));
    costs[block::VR] = cost([p, q, r, z, ixa, xab, abc, bcd, xij, p, q, r, ijk, ixa, xab, abc]);
    let y = two(d, e);
    costs[block::VL] = cost([q, r, z, y, abc, bcd, cde, def, r, z, y, efg, bcd, cde, def, fgh]);
    let (p, q, r, z) = (two(i, x), two(j, i), two(k, j), two(l, k));
    costs[block::HD] = cost([p, ixa, xab, abc, q, xij, p, ixa, r, ijk, q, xij, z, jkl, r, ijk]);
    costs[block::HU] = cost([q, ijk, r, jkl, r, jkl, z, kll, z, kll, l, l, l, l, l, l]);
    let [first @ .., last, end] = costs;
    (transpose(first), [last.to_array(), end.to_array()])
}
