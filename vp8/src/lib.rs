//! A lossy WebP encoder in safe Rust: VP8 key frames from planes of luma and chroma.
//!
//! ```
//! use vp8::{Plane, Planes, Range};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (luma, chroma) = (vec![120; 64 * 48], vec![128; 32 * 24]);
//! let chroma = Plane { samples: &chroma, width: 32, height: 24 };
//! let luma = Plane { samples: &luma, width: 64, height: 48 };
//! let planes = Planes { luma, cb: chroma, cr: chroma, range: Range::Limited };
//! let file = vp8::file(&vp8::encode(&planes, 76.0)?);
//!
//! let header = codecs::webp::read_header(&file)?;
//! assert_eq!((header.width, header.height, header.has_alpha), (64, 48, false));
//! # Ok(())
//! # }
//! ```
//!
//! # What it writes
//!
//! One key frame of RFC 6386, version 0, in a simple WebP container, or with alpha that the caller has coded. All prediction
//! modes, up to four segments, the normal loop filter, probabilities of the frame's own, one partition of tokens. The crate does
//! not convert colours, code alpha, or write metadata and animations.
//!
//! # Organisation
//!
//! One pass codes all macroblocks and records tokens; the second only writes them, with probabilities from the first. In
//! vectors each lane is a 4×4 block, so there are no shuffles and no horizontal sums. The README has the measurements.
//!
//! The modules in reading order:
//! - `planes`, `range`, `source`: the picture, and the samples of a macroblock;
//! - `tables`, `costs`, `modes`, `tuning`: constants of the format, and settings;
//! - `lanes`, `transform`, `walsh`, `hadamard`: transforms on vectors;
//! - `quantizer`, `segments`: how coarse each macroblock is coded;
//! - `around`, `predict`, `decide`, `macroblock`: predictions, their choice, and the coding of a macroblock;
//! - `bits`, `tokens`: the boolean coder, and the tokens of coefficients;
//! - `frame`, `container`: [`encode()`], and files.

mod error;

mod wrapped;

mod range;

mod planes;

mod tables;

mod costs;

mod modes;

mod tuning;

mod lanes;

mod source;

mod transform;

mod walsh;

mod hadamard;

mod quantizer;

mod segments;

mod around;

mod predict;

mod decide;

mod bits;

mod tokens;

mod macroblock;

mod frame;

mod container;

#[cfg(test)]
mod tests;

pub use container::{file, file_with_alpha};
pub use error::Error;
pub use frame::encode;
pub use planes::{MAX_SIDE, Plane, Planes};
pub use range::Range;
