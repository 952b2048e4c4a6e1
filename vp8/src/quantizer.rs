//! Quantisation of coefficients (RFC 6386, sections 9.6 and 14.1).

#![expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]

use wide::{i16x8, u16x8};

use crate::lanes::{Lanes, Levels, splat};
use crate::modes::{BLOCK_MODE_COSTS, BLOCK_MODE_COUNT};
use crate::tables::steps::{AC_STEPS, AC2_STEPS, DC_STEPS};
use crate::tuning::{
    BLOCKS_LAMBDA, CHROMA_DC, LAMBDA, ROUND_CHROMA, ROUND_LUMA, ROUND_WALSH, ROUND_WHOLE, Rounding,
};
use crate::wrapped::at;

/// The largest index of a quantiser.
pub(crate) const MAX_INDEX: i32 = 127;

/// Step, rounding and reciprocal of each coefficient of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantizer {
    steps: [i16; 16],
    /// Added to the magnitude of a coefficient before the division.
    round: [i16; 16],
    /// 65,536 / step.
    reciprocal: [u16; 16],
}

impl Quantizer {
    fn new(dc: u16, ac: u16, rounding: Rounding) -> Self {
        let of = |i: usize| if i == 0 { dc } else { ac };
        let round = |i: usize| {
            let diagonal = (i / 4 + i % 4) as u16;
            let share = if i == 0 { rounding.dc } else { rounding.ac - rounding.slope * i32::from(diagonal) };
            ((i32::from(of(i)) * share) >> 8) as i16
        };
        Self {
            steps: std::array::from_fn(|i| of(i).cast_signed()),
            round: std::array::from_fn(round),
            reciprocal: std::array::from_fn(|i| ((1_u32 << 16) / u32::from(of(i))) as u16),
        }
    }

    /// Quantises eight blocks, a lane for each. Returns levels and restored coefficients.
    #[inline(always)]
    pub(crate) fn eight(&self, coefficients: [Lanes; 16]) -> ([Lanes; 16], [Lanes; 16]) {
        let (mut levels, mut restored) = (coefficients, [Lanes::ZERO; 16]);
        let constants = self.steps.iter().zip(&self.round).zip(&self.reciprocal);
        for ((level, restored), ((step, round), reciprocal)) in
            levels.iter_mut().zip(&mut restored).zip(constants)
        {
            *level = quantize(*level, splat(*round), u16x8::splat(*reciprocal));
            *restored = *level * splat(*step);
        }
        (levels, restored)
    }

    /// Quantises a block, two rows in a vector. Returns levels and restored coefficients.
    #[inline(always)]
    pub(crate) fn one(&self, rows: [Lanes; 2]) -> ([Lanes; 2], [Lanes; 2]) {
        let [low, high] = rows;
        let [round_low, round_high]: [i16x8; 2] = bytemuck::cast(self.round);
        let [reciprocal_low, reciprocal_high]: [u16x8; 2] = bytemuck::cast(self.reciprocal);
        let [step_low, step_high]: [i16x8; 2] = bytemuck::cast(self.steps);
        let low = quantize(low, round_low, reciprocal_low);
        let high = quantize(high, round_high, reciprocal_high);
        ([low, high], [low * step_low, high * step_high])
    }

    /// Quantises a block. Returns levels and restored coefficients.
    pub(crate) fn block(&self, coefficients: Levels) -> (Levels, Levels) {
        let (levels, restored) = self.one(bytemuck::cast(coefficients));
        (bytemuck::cast(levels), bytemuck::cast(restored))
    }
}

#[inline(always)]
fn quantize(value: Lanes, round: Lanes, reciprocal: u16x8) -> Lanes {
    let sign = value >> 15;
    let magnitude: u16x8 = bytemuck::cast(value.abs() + round);
    let level: Lanes = bytemuck::cast(magnitude.mul_keep_high(reciprocal));
    (level ^ sign) - sign
}

/// Costs of the modes of 4×4 blocks in Hadamard coefficients, by the modes above and to the left. The last six entries of each
/// row are unused.
pub(crate) type ModeCosts = [[[i16; 16]; 16]; 16];

/// The quantisers of a segment.
#[derive(Clone, Debug)]
pub(crate) struct Quantizers {
    /// Of luma in macroblocks that are predicted by blocks.
    pub(crate) luma: Quantizer,
    /// Of luma in macroblocks that are predicted as a whole.
    pub(crate) whole: Quantizer,
    /// Of the block of luma's DC coefficients.
    pub(crate) dc: Quantizer,
    pub(crate) chroma: Quantizer,
    /// Step of luma's AC coefficients.
    pub(crate) step: i32,
    /// Cost of a bit in 1/256 of a Hadamard coefficient's unit.
    pub(crate) lambda: i32,
    pub(crate) mode_costs: Box<ModeCosts>,
}

impl Quantizers {
    /// The quantisers of an index, 0 to [`MAX_INDEX`].
    pub(crate) fn new(index: i32) -> Self {
        /// The largest index of chroma's DC step: RFC 6386, section 9.6, keeps the step at 132 or below.
        const MAX_CHROMA_DC: i32 = 117;
        let index = index.clamp(0, MAX_INDEX);
        let step = |steps: &[u16; 128], index: i32| *at(steps, index.max(0) as usize);
        let (dc, ac) = (step(&DC_STEPS, index), step(&AC_STEPS, index));
        let chroma_dc = step(&DC_STEPS, (index + CHROMA_DC).min(MAX_CHROMA_DC));
        let lambda = (i32::from(ac) * LAMBDA) >> 8;
        Self {
            luma: Quantizer::new(dc, ac, ROUND_LUMA),
            whole: Quantizer::new(dc, ac, ROUND_WHOLE),
            dc: Quantizer::new(2 * dc, step(&AC2_STEPS, index), ROUND_WALSH),
            chroma: Quantizer::new(chroma_dc, ac, ROUND_CHROMA),
            step: ac.into(),
            lambda,
            mode_costs: mode_costs((lambda * BLOCKS_LAMBDA) >> 8),
        }
    }
}

fn mode_costs(lambda: i32) -> Box<ModeCosts> {
    /// A cost that added to that of any prediction doesn't exceed an i16.
    const MOST: i32 = 16_000;
    let mut costs = Box::new([[[0; 16]; 16]; 16]);
    for (costs, bits) in costs.iter_mut().zip(&BLOCK_MODE_COSTS) {
        for (costs, bits) in costs.iter_mut().zip(bits) {
            for (cost, bits) in costs.iter_mut().zip(bits).take(BLOCK_MODE_COUNT) {
                *cost = ((lambda * i32::from(*bits)) >> 8).min(MOST) as i16;
            }
        }
    }
    costs
}
