//! Predictions of 4×4 blocks (RFC 6386, section 12.3).

#![expect(clippy::indexing_slicing, reason = "constants below the length of the edge")]
#![expect(clippy::many_single_char_names, reason = "the names of samples in RFC 6386")]

use crate::lanes::Samples;
use crate::modes::block;

/// The samples around a 4×4 block: L K J I X A B C D E F G H, from the bottom left to the top right, and
/// three unused bytes.
pub(crate) type Edge = [u8; 16];

/// Predicts a 4×4 block.
#[inline]
pub(crate) fn predict(mode: usize, edge: &Edge) -> Samples {
    let e = edge.map(u32::from);
    let three = |i: usize| ((e[i - 1] + 2 * e[i] + e[i + 1] + 2) >> 2) as u8;
    let two = |i: usize| ((e[i] + e[i + 1] + 1) >> 1) as u8;
    let [l, k, j, i, x, a, b, c, d, _, _, g, h, ..] = *edge;
    match mode {
        block::DC => {
            let sum: u32 = e[..4].iter().sum::<u32>() + e[5..9].iter().sum::<u32>();
            [((sum + 4) >> 3) as u8; 16]
        }
        block::TM => {
            let mut out = [0; 16];
            for (y, left) in [i, j, k, l].into_iter().enumerate() {
                for (x_, top) in [a, b, c, d].into_iter().enumerate() {
                    out[4 * y + x_] = (i32::from(left) + i32::from(top) - i32::from(x)).clamp(0, 255) as u8;
                }
            }
            out
        }
        block::VE => {
            let row = [three(5), three(6), three(7), three(8)];
            bytemuck::cast([row; 4])
        }
        block::HE => {
            let last = ((e[1] + 3 * e[0] + 2) >> 2) as u8;
            bytemuck::cast([[three(3); 4], [three(2); 4], [three(1); 4], [last; 4]])
        }
        block::RD => {
            let t = [three(1), three(2), three(3), three(4), three(5), three(6), three(7)];
            [t[3], t[4], t[5], t[6], t[2], t[3], t[4], t[5], t[1], t[2], t[3], t[4], t[0], t[1], t[2], t[3]]
        }
        block::VR => {
            let (p, q, r, s) = (two(4), two(5), two(6), two(7));
            let (t2, t3, t4, t5, t6, t7) = (three(2), three(3), three(4), three(5), three(6), three(7));
            [p, q, r, s, t4, t5, t6, t7, t3, p, q, r, t2, t4, t5, t6]
        }
        block::LD => {
            let last = ((u32::from(g) + 3 * u32::from(h) + 2) >> 2) as u8;
            let t = [three(6), three(7), three(8), three(9), three(10), three(11), last];
            [t[0], t[1], t[2], t[3], t[1], t[2], t[3], t[4], t[2], t[3], t[4], t[5], t[3], t[4], t[5], t[6]]
        }
        block::VL => {
            let (p, q, r, s) = (two(5), two(6), two(7), two(8));
            let (t6, t7, t8, t9, t10, t11) = (three(6), three(7), three(8), three(9), three(10), three(11));
            [p, q, r, s, t6, t7, t8, t9, q, r, s, t10, t7, t8, t9, t11]
        }
        block::HD => {
            let (p, q, r, s) = (two(3), two(2), two(1), two(0));
            let (t1, t2, t3, t4, t5, t6) = (three(1), three(2), three(3), three(4), three(5), three(6));
            [p, t4, t5, t6, q, t3, p, t4, r, t2, q, t3, s, t1, r, t2]
        }
        _ => {
            let (p, q, r) = (two(2), two(1), two(0));
            let last = ((e[1] + 3 * e[0] + 2) >> 2) as u8;
            [p, three(2), q, three(1), q, three(1), r, last, r, last, l, l, l, l, l, l]
        }
    }
}
