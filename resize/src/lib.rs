//! The image resize service: a source's bytes and a [`contract::variant::Variant`] in, an encoded picture out.
//!
//! The core has no I/O. Reading order: [`pipeline`] is the whole request on one screen; then
//! [`source`] (what the header says), [`preview`] (what depends on the picture: a border, a crop by content),
//! [`plan`] (everything that will be done, decided before any pixel is touched), [`decode`], [`steps`] (pixels to
//! pixels, one file a step) and [`encode`]; [`planar`] is the shorter way of pictures that are stored as luma and
//! chroma, [`animation`] takes the steps for each frame. [`info`] tells of a source instead of making a picture of it.
//! [`limits`] are checked at three doors on the way.
//!
//! The feature `edge` adds the service around it: [`handler`] (HTTP), [`making`] (one variant, once, in its turn),
//! [`upkeep`] (what follows when an original changes), [`store`], [`config`].

pub mod pipeline;

pub mod source;

pub mod preview;

pub mod plan;

pub mod decode;

pub mod steps;

pub mod encode;

pub mod planar;

pub mod animation;

pub mod info;

pub mod error;

pub mod limits;

pub mod stopwatch;

pub mod pixels;

#[cfg(feature = "edge")]
pub mod config;

#[cfg(feature = "edge")]
pub mod store;

#[cfg(feature = "edge")]
mod slots;

#[cfg(feature = "edge")]
mod flights;

#[cfg(feature = "edge")]
mod metrics;

#[cfg(feature = "edge")]
pub mod making;

#[cfg(feature = "edge")]
pub mod handler;

#[cfg(feature = "edge")]
pub mod upkeep;

#[cfg(feature = "edge")]
mod response;

#[cfg(feature = "edge")]
mod document;

#[cfg(feature = "edge")]
mod explain;
