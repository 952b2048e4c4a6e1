//! A JPEG decoder for images that are scaled down: it decodes baseline and progressive files to planes of samples at
//! N/8 of the image's size, for N from 1 to 8, in safe Rust.
//!
//! ```
//! use codecs::View;
//! use jpeg::{Header, LastBits, Options, Planes, Scale, Scales};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let samples = vec![200; 64 * 48 * 3];
//! let view = View { samples: &samples, width: 64, height: 48 };
//! let file = codecs::jpeg::encode(view, codecs::jpeg::Layout::Rgb, 90)?;
//!
//! let header = Header::read(&file)?;
//! let options = Options { scales: Scales::all(Scale::EIGHTH), last_bits: LastBits::Read };
//! let mut planes = Planes::default();
//! let mut keep_going = || true;
//! let damage = jpeg::decode(&header, &file, options, &mut planes, &mut keep_going)?;
//!
//! assert!(damage.is_none());
//! let luma = &planes.as_slice()[0];
//! assert_eq!((luma.width(), luma.height()), (8, 6));
//! assert!(luma.rows().flatten().all(|sample| sample.abs_diff(200) <= 2));
//! # Ok(())
//! # }
//! ```
//!
//! # Supported files
//!
//! Baseline, extended sequential and progressive Huffman-coded files of 8 bits with 1, 3 or 4 components, any sampling
//! factors from 1 to 4, restart intervals, and files without Huffman tables (motion JPEG). Damaged files are decoded as
//! far as libjpeg decodes them; [`Damage`] reports the defects.
//!
//! [`Header::read`] rejects the other kinds of JPEG ([`UnsupportedKind`]): arithmetic coding, 12 bits, lossless and
//! hierarchical files. The crate does not convert colours, upsample chroma, read EXIF or ICC profiles, or encode.
//!
//! # Organisation
//!
//! A scaled decode spends nearly all its time in the entropy code, and nearly all the coefficients that it reads there
//! are dropped afterwards. So the decoder skips what a scale does not need: one table look-up passes several symbols,
//! whole scans stay unread, and only the N×N corner of each block is stored. The README has the measurements.
//!
//! The modules in reading order:
//! - `file`: the structure of a file: markers, [`Header`], tables, scan headers;
//! - `coefficients`, `slots`: the order of coefficients, and which ones a scale stores;
//! - `entropy`: entropy-coded bytes to bits, bits to coefficients by look-up tables;
//! - `idct`: coefficients to samples;
//! - `sequential`, `progressive`: the blocks of the two kinds of scans;
//! - `decoder`: [`decode()`], which combines them, [`decode_arriving()`], which decodes a file while it arrives, and
//!   [`decode_scales()`], which decodes it at several scales at once.

mod error;

mod scale;

mod options;

mod input;

mod damage;

mod wrapped;

mod coefficients;

mod slots;

mod file;

mod planes;

mod context;

mod entropy;

mod idct;

mod sequential;

mod progressive;

mod decoder;

pub use damage::Damage;
pub use decoder::{decode, decode_arriving, decode_scales};
pub use error::{Error, UnsupportedKind};
pub use file::header::Header;
pub use file::header::color::ColorModel;
pub use file::header::component::Component;
pub use file::header::frame::Coding;
pub use input::Input;
pub use options::{LastBits, Options};
pub use planes::{Plane, Planes};
pub use scale::{Scale, Scales};
