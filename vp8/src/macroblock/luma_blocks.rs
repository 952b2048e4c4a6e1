use super::neighbours::Neighbours;
use crate::lanes::{Levels, Samples, narrow, widen};
use crate::predict::predict;
use crate::quantizer::Quantizer;
use crate::source::Source;
use crate::transform::{forward_one, inverse_one};

/// Codes luma block by block. Returns the reconstruction.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call would keep vectors in memory instead of registers")]
pub(super) fn code(
    source: &Source,
    neighbours: &Neighbours,
    modes: &[u8; 16],
    quantizer: &Quantizer,
    target: &mut [[Levels; 8]; 2],
) -> [[Samples; 8]; 2] {
    let mut out = [[[0; 16]; 8]; 2];
    let mut targets = out.as_flattened_mut().iter_mut().zip(target.as_flattened_mut());
    let mut sources = source.luma.as_flattened().iter().zip(modes);
    // Samples above the next row of blocks, and to the right of it, which are the same for every row.
    let mut above: [u32; 4] = bytemuck::cast(neighbours.luma.top);
    let right = u32::from_le_bytes(neighbours.top_right);
    let mut first_corner = neighbours.luma.corner;
    let (left_words, _) = neighbours.luma.left.as_chunks::<4>();
    for left_word in left_words {
        let mut left = u32::from_be_bytes(*left_word);
        let mut corner = u32::from(first_corner);
        first_corner = left_word[3];
        let [_, second, third, fourth] = above;
        for (top, next) in above.iter_mut().zip([second, third, fourth, right]) {
            let (Some((block, mode)), Some((out, levels))) = (sources.next(), targets.next()) else { break };
            let edge =
                u128::from(left) | u128::from(corner) << 32 | u128::from(*top) << 40 | u128::from(next) << 72;
            corner = *top >> 24;
            let prediction = predict(usize::from(*mode), &edge.to_le_bytes());
            let (predicted_low, predicted_high) = widen(prediction);
            let (low, high) = widen(*block);
            let (low, high) = forward_one(low - predicted_low, high - predicted_high);
            let (block_levels, [low, high]) = quantizer.one([low, high]);
            *levels = bytemuck::cast(block_levels);
            let (low, high) = inverse_one(low, high);
            *out = narrow(low + predicted_low, high + predicted_high);
            *top = u32::from_le_bytes([out[12], out[13], out[14], out[15]]);
            left = u32::from_le_bytes([out[15], out[11], out[7], out[3]]);
        }
    }
    out
}
