//! The image resize service: a source's bytes and a [`contract::variant::Variant`] in, an encoded picture out.
//!
//! The core has no I/O. Reading order: [`pipeline`] is the whole request on one screen; then
//! [`source`] (what the header says), [`plan`] (everything that will be done, decided before any pixel is
//! touched) with [`geometry`], and the steps: [`decode`], [`scale`], [`color`], [`orient`], [`flatten`],
//! [`encode`]; [`planar`] is the shorter way of pictures that are stored as luma and chroma. [`limits`] are checked at three doors on the way.
//!
//! The feature `edge` adds the service around it: [`handler`], [`store`], [`config`].

pub mod pipeline;

pub mod error;

pub mod limits;

pub mod stopwatch;

pub mod pixels;

pub mod source;

mod jpeg_segments;

mod riff;

pub mod geometry;

pub mod plan;

pub mod decode;

pub mod scale;

pub mod planar;

pub mod color;

pub mod orient;

pub mod flatten;

pub mod encode;

#[cfg(feature = "edge")]
pub mod config;

#[cfg(feature = "edge")]
pub mod store;

#[cfg(feature = "edge")]
pub mod handler;

#[cfg(feature = "edge")]
mod response;
