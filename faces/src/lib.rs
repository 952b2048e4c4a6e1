//! Finds the faces in a small picture.
//!
//! The detector is the `TinyFaceDetector` of face-api.js: a convolutional network in the manner of YOLO v2, with separable
//! convolutions, of 190,000 weights of a byte each, which are part of this crate (`model/README.md` has their source and
//! licence). It sees faces from the front and half from the side, from about a tenth of the picture's longer side on.
//!
//! Reading order: [`detect`]; `network`, the layers one after the other; `convolution` and `pooling`; `model`, the weights;
//! `boxes`, what the network's output means.
//!
//! A picture of 352 × 264 pixels takes 9 MB and 115 million multiplications. The same pixels give the same faces on every
//! processor: nothing depends on threads or on fused operations.

mod boxes;
mod convolution;
mod face;
mod model;
mod network;
mod pooling;
mod tensor;

use std::sync::LazyLock;

pub use face::Face;
use network::Network;
use tensor::Tensor;

/// The best length of a picture's longer side, in pixels. Faces of a larger picture are found as well as far as they are small, and
/// cost in proportion to its area.
pub const BEST_SIDE: u32 = 352;

static NETWORK: LazyLock<Network> = LazyLock::new(Network::of_the_model);

/// The faces of a picture in sRGB, those with the highest scores first. `pixels` are its rows from the top, each of `width` pixels;
/// an incomplete last row is ignored. A picture without pixels has no faces.
#[must_use]
pub fn detect(pixels: &[[u8; 3]], width: usize) -> Vec<Face> {
    let Some(height) = pixels.len().checked_div(width).filter(|height| *height > 0) else {
        return Vec::new();
    };
    let cells = NETWORK.run(Tensor::of_pixels(pixels, width, height));
    boxes::faces(&cells)
}

#[cfg(test)]
mod tests;
