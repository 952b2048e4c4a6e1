//! Pooling: the largest value of each channel among four neighbours.

use crate::tensor::Tensor;

/// Rows and columns between two groups of neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stride {
    /// Each place has its own group.
    One,
    /// The result has half as many rows and columns, rounded up.
    Two,
}

/// The largest of each place, its right, its lower and its lower right neighbour. Neighbours outside don't count.
pub(crate) fn max_pooled(tensor: &Tensor, stride: Stride) -> Tensor {
    let step = match stride {
        Stride::One => 1,
        Stride::Two => 2,
    };
    let rows: Vec<&[f32]> = tensor.rows().collect();
    let mut values = Vec::with_capacity(tensor.values.len() / (step * step) + tensor.channels);
    for pair in (0..rows.len()).step_by(step).filter_map(|at| rows.get(at..)) {
        let (Some(upper), lower) = (pair.first(), pair.get(1).or(pair.first())) else { continue };
        let lower = lower.copied().unwrap_or(upper);
        append_row(&mut values, upper, lower, tensor.channels, step);
    }
    Tensor { values, width: tensor.width.div_ceil(step), channels: tensor.channels }
}

fn append_row(values: &mut Vec<f32>, upper: &[f32], lower: &[f32], channels: usize, step: usize) {
    let places = |row| -> std::slice::ChunksExact<'_, f32> { <[f32]>::chunks_exact(row, channels) };
    let (mut above, mut below) = (places(upper), places(lower));
    while let (Some(first), Some(second)) = (above.next(), below.next()) {
        let (right, lower_right) = match step {
            1 => (above.clone().next(), below.clone().next()),
            _ => (above.next(), below.next()),
        };
        let neighbours = right.unwrap_or(first).iter().zip(lower_right.unwrap_or(second));
        let all = first.iter().zip(second).zip(neighbours);
        values.extend(all.map(|((a, b), (c, d))| a.max(*b).max(c.max(*d))));
    }
}
