//! `q=auto`: the lowest quality at which the encoder's loss is hard to see, told from the finished picture.
//!
//! A calibrated model tells it, not a search: a search encodes two or three times and compares, and comparing by
//! SSIMULACRA2 takes many times as long as encoding. The model looks at a sample of rows, which takes
//! 0.04 ms at 640 × 480. The same picture gets the same quality on every machine: there are whole
//! numbers, and of floating point only the operations that IEEE 754 rounds exactly.
//!
//! - [`bands`]: the sample, however the picture is stored;
//! - [`features`]: what of it decides;
//! - [`model`]: the quality that a format needs for such features.

pub mod bands;

pub mod features;

pub mod model;

use contract::format::Format;
use contract::variant::QualityChoice;

use features::Features;

/// The encoder's quality, 1 to 100. `features` are those of the picture that is encoded.
pub fn choose(choice: QualityChoice, format: Format, features: impl FnOnce() -> Features) -> u8 {
    match choice {
        QualityChoice::Fixed(quality) => quality.get(),
        QualityChoice::Auto => model::quality(format, &features()).get(),
    }
}
