use super::prediction::{difference, predict, sum};
use crate::around::Around;
use crate::decide::chroma_lanes;
use crate::lanes::{Lanes, Levels, Samples, gather, gather_levels};
use crate::quantizer::Quantizer;
use crate::transform::{forward, inverse};

/// Codes chroma: both planes, with a lane for each block. Returns the reconstruction.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]
pub(super) fn code(
    samples: &[Lanes; 16],
    around: &[Around<8>; 2],
    mode: u8,
    quantizer: &Quantizer,
    target: &mut [Levels; 8],
) -> [Samples; 8] {
    let lanes = chroma_lanes(around);
    let predicted = predict(mode, lanes.mean, lanes.corner, lanes.columns, lanes.rows);
    let (levels, restored) = quantizer.eight(forward(difference(samples, &predicted)));
    *target = gather_levels(levels);
    gather(sum(inverse(restored), &predicted))
}
