#![expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]

use crate::lanes::{Lanes, each_row, splat};
use crate::modes::{HORIZONTAL, TRUE_MOTION, VERTICAL};

/// The prediction of eight blocks by a mode of the whole. `columns` are the samples above, `rows` those to the left: a vector for
/// each of a block's four columns or rows.
#[inline(always)]
pub(super) fn predict(
    mode: u8,
    mean: Lanes,
    corner: Lanes,
    columns: [Lanes; 4],
    rows: [Lanes; 4],
) -> [Lanes; 16] {
    let from_rows =
        |[a, b, c, d]: [Lanes; 4]| bytemuck::cast::<[[Lanes; 4]; 4], _>([[a; 4], [b; 4], [c; 4], [d; 4]]);
    match mode {
        TRUE_MOTION => {
            let [a, b, c, d] = columns;
            each_row(from_rows(rows), |[row, ..]| {
                let sum = |column: Lanes| (column + row - corner).max(Lanes::ZERO).min(splat(255));
                [sum(a), sum(b), sum(c), sum(d)]
            })
        }
        VERTICAL => bytemuck::cast([columns; 4]),
        HORIZONTAL => from_rows(rows),
        _ => [mean; 16],
    }
}

/// The differences of samples from their prediction.
#[inline(always)]
pub(super) fn difference(samples: &[Lanes; 16], predicted: &[Lanes; 16]) -> [Lanes; 16] {
    let mut difference = *samples;
    difference.iter_mut().zip(predicted).for_each(|(sample, predicted)| *sample -= *predicted);
    difference
}

/// The sum of a prediction and the reconstructed differences.
#[inline(always)]
pub(super) fn sum(mut difference: [Lanes; 16], predicted: &[Lanes; 16]) -> [Lanes; 16] {
    difference.iter_mut().zip(predicted).for_each(|(sample, predicted)| *sample += *predicted);
    difference
}
