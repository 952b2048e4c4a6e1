//! Convolutions: a sum over each place's neighbours, then a product with a matrix.

use wide::f32x8;

use crate::tensor::Tensor;

/// Outputs that are computed at once.
const LANES: usize = 8;

/// Places that are computed at once.
const PLACES: usize = 4;

/// What of a place's neighbours goes into the product.
#[derive(Clone, Debug)]
pub(crate) enum Neighbours {
    /// All nine of them, with each channel, at places that have nine: the result has two rows and columns less.
    All,
    /// A weighted sum of the nine for each channel, with these weights by neighbour and channel. Outside, all is zero.
    Sums(Vec<Vec<f32>>),
    /// The place alone.
    None,
}

/// A convolution.
#[derive(Clone, Debug)]
pub(crate) struct Convolution {
    pub(crate) neighbours: Neighbours,
    pub(crate) matrix: Matrix,
    /// `true` if negative results are reduced to a tenth.
    pub(crate) is_leaky: bool,
}

/// A matrix and a vector that is added to each product, padded with zeros to whole lanes.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    inputs: usize,
    /// For each `LANES` outputs, their bias and the weights of all inputs.
    panels: Vec<(f32x8, Vec<f32x8>)>,
}

impl Matrix {
    /// `weights` are by input and output.
    pub(crate) fn new(weights: &[f32], bias: &[f32]) -> Self {
        let outputs = bias.len();
        let inputs = weights.len().checked_div(outputs).unwrap_or_default();
        let lanes = |row: &[f32], first: usize| {
            let mut lanes = [0.0; LANES];
            for (lane, weight) in lanes.iter_mut().zip(row.iter().skip(first)) {
                *lane = *weight;
            }
            f32x8::from(lanes)
        };
        let panel = |first| {
            let rows = weights.chunks_exact(outputs.max(1)).map(|row| lanes(row, first)).collect();
            (lanes(bias, first), rows)
        };
        Self { inputs, panels: (0..outputs).step_by(LANES).map(panel).collect() }
    }

    fn outputs(&self) -> usize {
        self.panels.len() * LANES
    }

    /// Writes the products of some places. `inputs` and `outputs` have all values of a place side by side.
    fn multiply(&self, inputs: &[f32], outputs: &mut [f32], is_leaky: bool) {
        let groups = inputs.chunks(PLACES * self.inputs).zip(outputs.chunks_mut(PLACES * self.outputs()));
        for (inputs, outputs) in groups {
            let mut places = inputs.chunks_exact(self.inputs);
            let mut results = outputs.chunks_exact_mut(self.outputs());
            let four = [places.next(), places.next(), places.next(), places.next()];
            if let [Some(a), Some(b), Some(c), Some(d)] = four {
                for (at, panel) in self.panels.iter().enumerate() {
                    let sums = products(panel, [a, b, c, d]);
                    for (result, sums) in outputs.chunks_exact_mut(self.outputs()).zip(sums) {
                        write(result, at, sums, is_leaky);
                    }
                }
            } else {
                for (place, result) in four.into_iter().flatten().zip(&mut results) {
                    for (at, panel) in self.panels.iter().enumerate() {
                        let [sums] = products(panel, [place]);
                        write(result, at, sums, is_leaky);
                    }
                }
            }
        }
    }
}

/// The products of `N` places with the weights of a panel.
#[inline]
fn products<const N: usize>((bias, weights): &(f32x8, Vec<f32x8>), places: [&[f32]; N]) -> [f32x8; N] {
    let mut sums = [*bias; N];
    let mut places = places.map(|place| place.iter());
    for weights in weights {
        for (sum, place) in sums.iter_mut().zip(&mut places) {
            if let Some(value) = place.next() {
                *sum += *weights * f32x8::splat(*value);
            }
        }
    }
    sums
}

fn write(outputs: &mut [f32], panel: usize, sums: f32x8, is_leaky: bool) {
    let sums = if is_leaky { sums.max(sums * f32x8::splat(0.1)) } else { sums };
    if let Some(lanes) = outputs.chunks_exact_mut(LANES).nth(panel) {
        lanes.copy_from_slice(&sums.to_array());
    }
}

impl Convolution {
    pub(crate) fn apply(&self, input: &Tensor) -> Tensor {
        let rows: Vec<&[f32]> = input.rows().collect();
        let (width, heights) = match self.neighbours {
            Neighbours::All => (input.width.saturating_sub(2), 1..rows.len().saturating_sub(1)),
            Neighbours::Sums(_) | Neighbours::None => (input.width, 0..rows.len()),
        };
        let row_values = width * self.matrix.outputs();
        let mut values = vec![0.0; heights.len() * row_values];
        let mut columns = Vec::with_capacity(width * self.matrix.inputs);
        for (row, outputs) in heights.zip(values.chunks_exact_mut(row_values.max(1))) {
            columns.clear();
            let around = [row.checked_sub(1), Some(row), row.checked_add(1)];
            let around = around.map(|row| row.and_then(|row| rows.get(row)).copied());
            match &self.neighbours {
                Neighbours::All => append_neighbours(&mut columns, around, input.channels),
                Neighbours::Sums(weights) => append_sums(&mut columns, around, input.channels, weights),
                Neighbours::None => columns.extend(around[1].into_iter().flatten()),
            }
            self.matrix.multiply(&columns, outputs, self.is_leaky);
        }
        Tensor { values, width, channels: self.matrix.outputs() }
    }
}

/// Appends the nine neighbours of each place that has nine, row by row.
fn append_neighbours(columns: &mut Vec<f32>, around: [Option<&[f32]>; 3], channels: usize) {
    let [Some(above), Some(at), Some(below)] = around else { return };
    let three = |row| <[f32]>::windows(row, 3 * channels).step_by(channels);
    for ((above, at), below) in three(above).zip(three(at)).zip(three(below)) {
        columns.extend(above.iter().chain(at).chain(below));
    }
}

/// Appends the weighted sums of the nine neighbours of each place, by channel.
fn append_sums(columns: &mut Vec<f32>, around: [Option<&[f32]>; 3], channels: usize, weights: &[Vec<f32>]) {
    let width = around[1].map_or(0, <[f32]>::len);
    columns.resize(width, 0.0);
    for (row, weights) in around.into_iter().zip(weights.chunks_exact(3)) {
        let Some(row) = row else { continue };
        let [left, at, right] = weights else { continue };
        add(columns.get_mut(channels..).unwrap_or_default(), row, left);
        add(columns, row, at);
        add(columns, row.get(channels..).unwrap_or_default(), right);
    }
}

/// Adds the values of a row, each multiplied with the weight of its channel.
fn add(sums: &mut [f32], row: &[f32], weights: &[f32]) {
    let places = sums.chunks_exact_mut(weights.len()).zip(row.chunks_exact(weights.len()));
    for (sums, values) in places {
        for ((sum, value), weight) in sums.iter_mut().zip(values).zip(weights) {
            *sum += value * weight;
        }
    }
}
