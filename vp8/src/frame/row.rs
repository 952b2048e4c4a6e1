use crate::around::Around;
use crate::lanes::Samples;
use crate::macroblock::neighbours::{Neighbours, NonZero};
use crate::macroblock::{self, Coded};
use crate::modes::DC;
use crate::quantizer::Quantizers;
use crate::source::SourceRow;
use crate::tokens::Tokens;
use crate::wrapped::at;

/// Samples above the picture (RFC 6386, section 12.2).
const ABOVE_PICTURE: u8 = 127;

/// Samples to the left of the picture.
const LEFT_OF_PICTURE: u8 = 129;

/// What the macroblocks of a row need of the macroblock above.
#[derive(Clone, Copy, Debug)]
pub(super) struct Above {
    luma: [u8; 16],
    chroma: [[u8; 8]; 2],
    modes: [u8; 4],
    non_zero: NonZero,
}

/// What a macroblock needs of the one to the left.
struct Left {
    luma: [u8; 16],
    chroma: [[u8; 8]; 2],
    /// The samples above and to the left, of luma and of both chroma planes.
    corners: [u8; 3],
    modes: [u8; 4],
    non_zero: NonZero,
}

impl Above {
    /// Above the first row.
    pub(super) const OUTSIDE: Self = Self {
        luma: [ABOVE_PICTURE; 16],
        chroma: [[ABOVE_PICTURE; 8]; 2],
        modes: [DC; 4],
        non_zero: NonZero::NONE,
    };
}

/// Codes a row of macroblocks, one for each of `segments` and of `above`. `done` gets the column of each.
pub(super) fn code_row(
    row: usize,
    source: &SourceRow<'_>,
    segments: &[u8],
    quantizers: &[Quantizers; 4],
    above: &mut [Above],
    tokens: &mut Tokens,
    mut done: impl FnMut(usize, &Coded),
) {
    let has_top = row > 0;
    let mut left = Left {
        luma: [LEFT_OF_PICTURE; 16],
        chroma: [[LEFT_OF_PICTURE; 8]; 2],
        corners: [if has_top { LEFT_OF_PICTURE } else { ABOVE_PICTURE }; 3],
        modes: [DC; 4],
        non_zero: NonZero::NONE,
    };
    let mut rest = above;
    for (column, segment) in segments.iter().enumerate() {
        let Some((above, next)) = rest.split_first_mut() else { break };
        rest = next;
        let neighbours = neighbours(above, rest.first(), &left, has_top, column > 0);
        left.corners = [above.luma[15], above.chroma[0][7], above.chroma[1][7]];
        let coded = macroblock::code(
            &source.macroblock(column),
            &neighbours,
            at(quantizers, usize::from(*segment)),
            tokens,
            [&mut above.non_zero, &mut left.non_zero],
        );
        keep_edges(&coded, above, &mut left);
        done(column, &coded);
    }
}

#[inline]
fn neighbours(above: &Above, next: Option<&Above>, left: &Left, has_top: bool, has_left: bool) -> Neighbours {
    let [corner, u, v] = left.corners;
    let chroma = |top: [u8; 8], left: [u8; 8], corner: u8| Around { top, left, corner, has_top, has_left };
    // To the right of the last macroblock its last sample is repeated, as in libwebp's decoder.
    let top_right = match next {
        _ if !has_top => [ABOVE_PICTURE; 4],
        Some(next) => [next.luma[0], next.luma[1], next.luma[2], next.luma[3]],
        None => [above.luma[15]; 4],
    };
    Neighbours {
        luma: Around { top: above.luma, left: left.luma, corner, has_top, has_left },
        chroma: [chroma(above.chroma[0], left.chroma[0], u), chroma(above.chroma[1], left.chroma[1], v)],
        top_right,
        top_modes: above.modes,
        left_modes: left.modes,
    }
}

/// Keeps the last row and the last column of a macroblock for its neighbours.
#[inline]
fn keep_edges(coded: &Coded, above: &mut Above, left: &mut Left) {
    let modes = coded.choice.luma.of_blocks();
    let ([.., last_row], _) = modes.as_chunks::<4>() else { return };
    above.modes = *last_row;
    left.modes = [modes[3], modes[7], modes[11], modes[15]];
    let luma = coded.luma.as_flattened();
    keep_row(luma.iter().skip(12), &mut above.luma);
    keep_column(luma.iter().skip(3).step_by(4), &mut left.luma);
    let planes = above.chroma.iter_mut().zip(&mut left.chroma);
    for (blocks, (above, left)) in coded.chroma.chunks_exact(4).zip(planes) {
        keep_row(blocks.iter().skip(2), above);
        keep_column(blocks.iter().skip(1).step_by(2), left);
    }
}

#[inline]
fn keep_row<'a>(blocks: impl Iterator<Item = &'a Samples>, target: &mut [u8]) {
    for (target, [.., a, b, c, d]) in target.chunks_exact_mut(4).zip(blocks) {
        target.copy_from_slice(&[*a, *b, *c, *d]);
    }
}

#[inline]
fn keep_column<'a>(blocks: impl Iterator<Item = &'a Samples>, target: &mut [u8]) {
    for (target, block) in target.chunks_exact_mut(4).zip(blocks) {
        target.copy_from_slice(&[block[3], block[7], block[11], block[15]]);
    }
}
