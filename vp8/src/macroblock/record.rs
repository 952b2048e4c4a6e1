use super::choice::LumaModes;
use super::neighbours::NonZero;
use super::residual::Residual;
use crate::lanes::Levels;
use crate::tokens::{Kind, Tokens};

/// Records the tokens of a macroblock. The tokens of a block depend on the number of its neighbours that have coefficients.
pub(super) fn record(
    residual: &Residual,
    modes: &LumaModes,
    tokens: &mut Tokens,
    top: &mut NonZero,
    left: &mut NonZero,
) {
    let luma = match modes {
        LumaModes::Whole(_) => {
            block(tokens, &residual.dc, Kind::Dc, &mut top.dc, &mut left.dc);
            Kind::LumaWithoutDc
        }
        LumaModes::Blocks(_) => Kind::Luma,
    };
    let (rows, _) = residual.luma.as_flattened().as_chunks::<4>();
    for (row, left) in rows.iter().zip(&mut left.luma) {
        for (levels, top) in row.iter().zip(&mut top.luma) {
            block(tokens, levels, luma, top, left);
        }
    }
    let (planes, _) = residual.chroma.as_chunks::<4>();
    for (plane, (top, left)) in planes.iter().zip(top.chroma.iter_mut().zip(&mut left.chroma)) {
        let (rows, _) = plane.as_chunks::<2>();
        for (row, left) in rows.iter().zip(left) {
            for (levels, top) in row.iter().zip(&mut *top) {
                block(tokens, levels, Kind::Chroma, top, left);
            }
        }
    }
}

#[inline]
fn block(tokens: &mut Tokens, levels: &Levels, kind: Kind, top: &mut u8, left: &mut u8) {
    let any = tokens.block(levels, kind, *top + *left);
    (*top, *left) = (any, any);
}

/// Notes that a macroblock has no coefficients. One that is predicted by blocks has no block of DC coefficients, so that of
/// its neighbours still counts.
pub(super) fn skip(modes: &LumaModes, top: &mut NonZero, left: &mut NonZero) {
    for last in [top, left] {
        let dc = match modes {
            LumaModes::Whole(_) => 0,
            LumaModes::Blocks(_) => last.dc,
        };
        *last = NonZero { dc, ..NonZero::NONE };
    }
}
