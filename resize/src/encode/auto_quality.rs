//! `q=auto`: predicts from the finished picture the lowest quality at which the encoder's loss is hard to see.
//!
//! The prediction is a calibrated model and not a search: a search encodes two or three times and compares, and a
//! comparison by SSIMULACRA2 takes many times as long as encoding. The model reads a sample of rows, which takes 0.04
//! ms at 640 × 480. The same picture gets the same quality on every machine: the arithmetic uses integers, and only
//! those floating-point operations that IEEE 754 rounds exactly.
//!
//! - [`bands`]: the sample of rows, from planes or from pixels;
//! - [`features`]: the properties of the sample that decide the quality;
//! - [`model`]: the quality that a format needs for these features.

pub mod bands;

pub mod features;

pub mod model;

use contract::format::Format;
use contract::variant::QualityChoice;

use features::Features;

/// The encoder's quality, 1 to 100. `features` computes the features of the picture to encode.
pub fn choose(choice: QualityChoice, format: Format, features: impl FnOnce() -> Features) -> u8 {
    match choice {
        QualityChoice::Fixed(quality) => quality.get(),
        QualityChoice::Auto => model::quality(format, &features()).get(),
    }
}
