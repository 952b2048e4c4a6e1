//! Values by place and channel.

/// The side of a cell of the network's output, in pixels. Pictures are padded to whole cells.
pub(crate) const CELL: usize = 32;

/// The mean of each colour in the pictures that the network was trained with.
const MEAN: [f32; 3] = [117.001, 114.697, 97.404];

/// Values in rows and columns, with all channels of a place side by side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    pub(crate) values: Vec<f32>,
    pub(crate) width: usize,
    pub(crate) channels: usize,
}

impl Tensor {
    /// The network's input: a picture, padded with black on the right and below, as differences from the mean colour.
    pub(crate) fn of_pixels(pixels: &[[u8; 3]], width: usize, height: usize) -> Self {
        let (padded_width, padded_height) = (width.next_multiple_of(CELL), height.next_multiple_of(CELL));
        let mut values = Vec::with_capacity(padded_width * padded_height * 3);
        let normal = |pixel: [u8; 3]| {
            let mut channels = MEAN;
            for (mean, sample) in channels.iter_mut().zip(pixel) {
                *mean = (f32::from(sample) - *mean) / 255.0;
            }
            channels
        };
        let black = normal([0; 3]);
        for row in pixels.chunks_exact(width) {
            values.extend(row.iter().flat_map(|pixel| normal(*pixel)));
            values.extend(std::iter::repeat_n(black, padded_width - width).flatten());
        }
        values.extend(std::iter::repeat_n(black, padded_width * (padded_height - height)).flatten());
        Self { values, width: padded_width, channels: 3 }
    }

    /// The rows from the top, each with the channels of all its places.
    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.width * self.channels)
    }
}
