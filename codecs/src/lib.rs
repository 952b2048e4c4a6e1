//! Safe functions for three C image codecs: libjpeg-turbo ([`jpeg`]), libwebp ([`webp`]) and libaom ([`avif`]), and the files of
//! the HEIF family ([`heif`]). The crate `vp8` encodes lossy WebP.
//!
//! ```
//! use codecs::webp::{self, Layout};
//! use codecs::View;
//!
//! # fn main() -> Result<(), codecs::Error> {
//! let samples = [200, 30, 40].repeat(32 * 24);
//! let file = webp::encode(View { samples: &samples, width: 32, height: 24 }, Layout::Rgb, 80)?;
//!
//! let header = webp::read_header(&file)?;
//! assert_eq!((header.width, header.height, header.has_alpha), (32, 24, false));
//! let mut decoded = vec![0; samples.len()];
//! webp::decode(&file, header, Layout::Rgb, &mut decoded)?;
//! assert!(decoded.iter().zip(&samples).all(|(decoded, sample)| decoded.abs_diff(*sample) < 8));
//! # Ok(())
//! # }
//! ```
//!
//! # Supported formats
//!
//! - [`jpeg`]: decodes baseline, progressive and lossless files at 1/8, 1/4, 1/2 or full size, also damaged ones; encodes
//!   baseline files of 4:2:0 or gray.
//! - [`webp`]: decodes and encodes still pictures and animations, with and without loss.
//! - [`avif`]: encodes 8 bits, 4:2:0, lossy.
//! - [`heif`]: decodes the still pictures of AVIF and, with the feature `heic`, of HEIC: every bit depth and subsampling, grids
//!   and alpha.
//! - Planes ([`planes`]): JPEG and WebP decode to and encode from luma and chroma planes, AVIF encodes from them.
//!
//! The crate does not convert ICC profiles, apply orientations or read metadata. It does not decode image sequences, or
//! CMYK to RGB.
//!
//! # Safety
//!
//! This crate is the only one of the workspace that contains `unsafe` code. Each block is a single call, with a comment
//! that says why the call is sound. Sizes that a file declares are checked before any buffer is handed to C.

#![expect(unsafe_code, reason = "this crate calls C")]

mod error;

mod view;

pub mod planes;

pub mod jpeg;

pub mod webp;

pub mod heif;

pub mod avif;

mod aom;

mod hevc;

pub use error::Error;
pub use view::{Layout, View};
