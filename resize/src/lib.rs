//! The image resize service: a source's bytes and a [`contract::variant::Variant`] in, an encoded picture out.
//!
//! The core has no I/O. Reading order: [`pipeline`] is the whole request on one screen; then
//! [`source`] (what the header says), [`preview`] (what depends on the picture: a border, a crop by content),
//! [`plan`] (everything that will be done, decided before any pixel is touched), [`decode`], [`steps`] (pixels to
//! pixels, one file a step) and [`encode`]. [`info`] describes a source instead of rendering a variant.
//!
//! The feature `edge` adds the service around it: [`edge`].

pub mod pipeline;

pub mod source;

pub mod preview;

pub mod plan;

pub mod decode;

pub mod steps;

pub mod encode;

pub mod info;

pub mod error;

pub mod settings;

pub mod stopwatch;

pub mod pixels;

#[cfg(feature = "edge")]
pub mod edge;
