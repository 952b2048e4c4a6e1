//! The network: its layers, one after the other.

use crate::convolution::{Convolution, Matrix, Neighbours};
use crate::model::Model;
use crate::pooling::{Stride, max_pooled};
use crate::tensor::Tensor;

/// The channels before and after each separable convolution.
const SEPARABLE: [(usize, usize); 5] = [(16, 32), (32, 64), (64, 128), (128, 256), (256, 512)];

/// Outputs of the first convolution.
const FIRST: usize = 16;

/// Outputs of the last convolution, for each cell: five boxes of five values.
pub(crate) const OUTPUTS: usize = 25;

/// The network with its weights.
#[derive(Debug)]
pub(crate) struct Network {
    first: Convolution,
    separable: Vec<Convolution>,
    last: Convolution,
}

impl Network {
    pub(crate) fn of_the_model() -> Self {
        let mut model = Model::shipped();
        let filters = model.take(9 * 3 * FIRST);
        let first = Convolution {
            neighbours: Neighbours::All,
            matrix: Matrix::new(&filters, &model.take(FIRST)),
            is_leaky: true,
        };
        let separable = SEPARABLE.map(|(inputs, outputs)| {
            let neighbours = model.take(9 * inputs).chunks(inputs).map(<[f32]>::to_vec).collect();
            let weights = model.take(inputs * outputs);
            Convolution {
                neighbours: Neighbours::Sums(neighbours),
                matrix: Matrix::new(&weights, &model.take(outputs)),
                is_leaky: true,
            }
        });
        let weights = model.take(512 * OUTPUTS);
        let matrix = Matrix::new(&weights, &model.take(OUTPUTS));
        let last = Convolution { neighbours: Neighbours::None, matrix, is_leaky: false };
        Self { first, separable: separable.into(), last }
    }

    /// The output for each cell of a picture, padded with zeros to the lanes of a convolution.
    pub(crate) fn run(&self, input: Tensor) -> Tensor {
        let mut tensor = max_pooled(&self.first.apply(&input), Stride::Two);
        drop(input);
        for (number, convolution) in self.separable.iter().enumerate() {
            let is_last = number + 1 == self.separable.len();
            let stride = if is_last { Stride::One } else { Stride::Two };
            tensor = max_pooled(&convolution.apply(&tensor), stride);
        }
        self.last.apply(&tensor)
    }
}
