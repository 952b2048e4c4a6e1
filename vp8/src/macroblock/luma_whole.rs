use super::prediction::{difference, predict, sum};
use super::residual::Residual;
use crate::around::Around;
use crate::decide::{luma_columns, luma_rows};
use crate::lanes::{Lanes, Samples, gather, gather_levels, splat};
use crate::quantizer::Quantizers;
use crate::transform::{forward, inverse};
use crate::walsh;

/// Codes luma as a whole, with a lane for each block. Returns the reconstruction.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]
pub(super) fn code(
    samples: &[[Lanes; 16]; 2],
    around: &Around<16>,
    mode: u8,
    quantizers: &Quantizers,
    residual: &mut Residual,
) -> [[Samples; 8]; 2] {
    let (mean, corner) = (splat(around.mean().into()), splat(around.corner.into()));
    let columns = luma_columns(around);
    let [first, last] = samples;
    let of_half = |samples: &[Lanes; 16], half: usize| {
        let predicted = predict(mode, mean, corner, columns, luma_rows(around, half));
        (forward(difference(samples, &predicted)), predicted)
    };
    let ((first, first_predicted), (last, last_predicted)) = (of_half(first, 0), of_half(last, 1));
    let walsh = walsh::forward(&bytemuck::cast([first[0], last[0]]));
    let (levels, restored) = quantizers.dc.block(walsh);
    residual.dc = levels;
    let [first_dc, last_dc]: [Lanes; 2] = bytemuck::cast(walsh::inverse(&restored));
    let [first_levels, last_levels] = &mut residual.luma;
    let code_half = |mut coefficients: [Lanes; 16], dc: Lanes, predicted: &[Lanes; 16]| {
        coefficients[0] = Lanes::ZERO;
        let (levels, mut restored) = quantizers.whole.eight(coefficients);
        restored[0] = dc;
        (gather_levels(levels), gather(sum(inverse(restored), predicted)))
    };
    let (levels, first) = code_half(first, first_dc, &first_predicted);
    *first_levels = levels;
    let (levels, last) = code_half(last, last_dc, &last_predicted);
    *last_levels = levels;
    [first, last]
}
