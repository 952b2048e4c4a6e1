//! The image resize engine, and the service around it.
//!
//! [`pipeline::render`] takes the bytes of a source file and a [`Variant`](contract::variant::Variant), and returns an
//! encoded picture. [`info::describe`] describes a source instead: size, format, frames, dominant colour, placeholder.
//!
//! ```
//! use std::time::{Duration, Instant};
//!
//! use contract::limits::Limits;
//! use contract::policy::{DefaultQualities, Profile};
//! use contract::variant::Quality;
//! use resize::settings::{JpegDecoder, Settings};
//! use resize::stopwatch::Stopwatch;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A source of 64 × 48 gray pixels.
//! let samples = [90; 64 * 48];
//! let view = codecs::View { samples: &samples, width: 64, height: 48 };
//! let source = codecs::jpeg::encode(view, codecs::jpeg::Layout::Gray, 90)?;
//!
//! let settings = Settings {
//!     limits: Limits::default(),
//!     qualities: DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX },
//!     avif_budget: Duration::from_millis(100),
//!     jpeg_decoder: JpegDecoder::Own,
//!     profile: Profile::Standard,
//!     is_progressive: false,
//!     keeps_credit: false,
//! };
//! let watch = Stopwatch::start(Instant::now, Duration::from_secs(20));
//! let variant = resize::pipeline::render(&source, &"w=32,fm=webp".parse()?, &settings, watch)?;
//! assert_eq!((variant.width, variant.height), (32, 24));
//! # Ok(())
//! # }
//! ```
//!
//! Sources are JPEG, PNG, GIF, WebP, AVIF, HEIC (feature `heic`), TIFF, BMP, ICO, SVG (feature `svg`), JPEG XL (feature `jxl`)
//! and pages of PDF (feature `pdf`). Variants are JPEG, PNG, GIF, WebP and AVIF. Animations are read from GIF, PNG and WebP, and written as GIF and WebP. Pixels
//! are upright and in sRGB, with 8 bits a sample. Not supported: camera raw files, variants in
//! other colour spaces, and metadata in variants except artist and copyright notice.
//!
//! The engine has no I/O: no files, no network, no environment. Its clock is a parameter. Modules in reading order:
//! - [`pipeline`]: all steps of a request;
//! - [`source`]: [`Source::open`](source::Source::open) reads a header and admits the file's bytes, pixels and frames;
//! - [`preview`]: a border to trim and a crop by content, found on a preview;
//! - [`plan`]: [`Plan::new`](plan::Plan::new) decides everything by arithmetic, and admits frame, cutout and memory;
//! - [`prediction`]: how long that will take;
//! - [`mark`]: the pictures that are laid over variants;
//! - [`decode`], [`steps`], [`encode`]: the execution of the plan's parts, one file a format or step;
//! - `rewrite`: rewrites a source that is served as a variant;
//! - [`info`]: the description of a source;
//! - [`pixels`], [`settings`], [`stopwatch`], [`error`]: the types that all of them share.
//!
//! The feature `edge` adds the service: HTTP, S3, the queue of requests, workers, and the upkeep of variants. The
//! engine itself decodes in the caller's process. A decoder that doesn't return can't be interrupted there, and a file
//! that passes the bounds of [`source`] may still end the process. So decode untrusted files other than JPEG and PNG in
//! a process whose end does no harm.

pub mod pipeline;

pub mod source;

pub mod preview;

pub mod plan;

pub mod prediction;

pub mod decode;

pub mod steps;

pub mod mark;

pub mod encode;

mod rewrite;

pub mod info;

pub mod error;

pub mod settings;

pub mod stopwatch;

mod panics;

#[cfg(any(feature = "pdf", feature = "svg"))]
mod deep_stack;

pub mod pixels;

#[cfg(feature = "edge")]
pub mod edge;
