//! Codes a macroblock: chooses predictions, quantises, and reconstructs what a decoder will have.

pub(crate) mod choice;

pub(crate) mod neighbours;

mod residual;

mod chroma;

mod luma_blocks;

mod luma_whole;

mod prediction;

mod record;

use crate::decide::{self, Spectrum};
use crate::lanes::{Lanes, Samples, spread};
use crate::modes::{CHROMA_COSTS, WHOLE_COSTS};
use crate::quantizer::{ModeCosts, Quantizers};
use crate::source::Source;
use crate::tokens::Tokens;
use crate::tuning::{BLOCKS_PENALTY, EARLY_EXIT};
use crate::wrapped::{at, at_mut};
use choice::{Choice, LumaModes};
use neighbours::{Neighbours, NonZero};
use residual::Residual;

/// A coded macroblock, with the samples that a decoder has before its loop filter.
#[derive(Debug)]
pub(crate) struct Coded {
    pub(crate) choice: Choice,
    pub(crate) luma: [[Samples; 8]; 2],
    pub(crate) chroma: [Samples; 8],
}

/// Codes a macroblock. `top` and `left` say which neighbouring blocks have coefficients, and are updated.
pub(crate) fn code(
    source: &Source,
    neighbours: &Neighbours,
    quantizers: &Quantizers,
    tokens: &mut Tokens,
    [top, left]: [&mut NonZero; 2],
) -> Coded {
    let [first, last] = &source.luma;
    let samples = [spread(first), spread(last)];
    let mut residual = Residual { dc: [0; 16], luma: [[[0; 16]; 8]; 2], chroma: [[0; 16]; 8] };
    let modes = luma_modes(&samples, neighbours, quantizers);
    let luma = match &modes {
        LumaModes::Whole(mode) => {
            luma_whole::code(&samples, &neighbours.luma, *mode, quantizers, &mut residual)
        }
        LumaModes::Blocks(modes) => {
            luma_blocks::code(source, neighbours, modes, &quantizers.luma, &mut residual.luma)
        }
    };
    let samples = spread(&source.chroma);
    let costs = decide::chroma(&samples, &neighbours.chroma);
    let (mode, _) = best(costs, CHROMA_COSTS, quantizers.lambda);
    let chroma = chroma::code(&samples, &neighbours.chroma, mode, &quantizers.chroma, &mut residual.chroma);
    let is_skipped = residual.is_empty();
    if is_skipped {
        record::skip(&modes, top, left);
    } else {
        record::record(&residual, &modes, tokens, top, left);
    }
    Coded { choice: Choice { is_skipped, luma: modes, chroma: mode }, luma, chroma }
}

#[inline]
fn luma_modes(samples: &[[Lanes; 16]; 2], neighbours: &Neighbours, quantizers: &Quantizers) -> LumaModes {
    let lambda = quantizers.lambda;
    let spectrum = decide::spectrum(samples);
    let (whole, cost) = best(decide::whole(&spectrum, &neighbours.luma), WHOLE_COSTS, lambda);
    if cost > quantizers.step * EARLY_EXIT * 256 {
        let limit = (cost - BLOCKS_PENALTY * lambda) >> 8;
        if let Some(modes) = block_modes(&spectrum, samples, neighbours, &quantizers.mode_costs, limit) {
            return LumaModes::Blocks(modes);
        }
    }
    LumaModes::Whole(whole)
}

/// The mode with the lowest cost, and that in 1/256.
#[inline]
fn best(costs: [i32; 4], bits: [i32; 4], lambda: i32) -> (u8, i32) {
    let mut best = (0, i32::MAX);
    for (mode, (cost, bits)) in (0..).zip(costs.into_iter().zip(bits)) {
        let cost = (cost << 8) + lambda * bits;
        if cost < best.1 {
            best = (mode, cost);
        }
    }
    best
}

/// The best modes of blocks, if they cost less than `limit`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]
fn block_modes(
    spectrum: &Spectrum,
    samples: &[[Lanes; 16]; 2],
    neighbours: &Neighbours,
    mode_costs: &ModeCosts,
    limit: i32,
) -> Option<[u8; 16]> {
    let mut modes = [0; 16];
    let mut total = 0;
    let mut above = neighbours.top_modes;
    for half in 0..2 {
        let (costs, last) =
            decide::blocks::costs(spectrum, samples, half, &neighbours.luma, neighbours.top_right);
        for (lane, costs) in costs.into_iter().enumerate() {
            let number = 8 * half + lane;
            let (x, y) = (number & 3, number >> 2);
            let left = if x == 0 { *at(&neighbours.left_modes, y) } else { *at(&modes, number - 1) };
            let above = at_mut(&mut above, x);
            let bits = at(at(mode_costs, usize::from(*above)), usize::from(left));
            let [first_bits, last_bits]: [[i16; 8]; 2] = bytemuck::cast(*bits);
            let first = costs.saturating_add(Lanes::new(first_bits));
            let mut best = first.reduce_min();
            let mut mode = first.simd_eq(Lanes::splat(best)).to_bitmask().trailing_zeros() as u8;
            for (number, (last, bits)) in (8..).zip(last.iter().zip(last_bits)) {
                let cost = *at(last, lane) + bits;
                if cost < best {
                    (best, mode) = (cost, number);
                }
            }
            *at_mut(&mut modes, number) = mode;
            *above = mode;
            total += i32::from(best);
        }
        if total >= limit {
            return None;
        }
    }
    Some(modes)
}
