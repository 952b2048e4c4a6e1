//! The image resize service: a source's bytes and a [`contract::variant::Variant`] in, an encoded picture out.
//!
//! The core has no I/O. Reading order: [`pipeline`] is the whole request on one screen; then
//! [`source`] (what the header says), [`settle`] (what depends on the picture: [`trim`], [`smart_crop`]),
//! [`plan`] (everything that will be done, decided before any pixel is touched) with [`geometry`], and the
//! steps: [`decode`], [`scale`], [`color`], [`orient`], [`flatten`], [`blur`], [`sharpen`], [`pad`], [`encode`] (with
//! [`auto_quality`]), [`credit`]; [`planar`] is the shorter way of pictures that are stored as luma and chroma, [`animation`]
//! takes the steps for each frame. [`info`] tells of a source instead of making a picture of it. [`limits`] are
//! checked at three doors on the way.
//!
//! The feature `edge` adds the service around it: [`handler`] (HTTP), [`making`] (one variant, once, in its turn),
//! [`upkeep`] (what follows when an original changes), [`store`], [`config`].

pub mod pipeline;

pub mod error;

pub mod limits;

pub mod stopwatch;

pub mod pixels;

pub mod source;

mod jpeg_segments;

mod riff;

mod png_color;

mod code_points;

mod foreign;
pub mod settle;

pub mod trim;

pub mod smart_crop;

mod gif_blocks;

pub mod geometry;

pub mod plan;

mod cost;

pub mod animation;

pub mod decode;

mod row_means;

pub mod scale;

pub mod planar;

pub mod color;

mod deep;

pub mod orient;

pub mod flatten;

pub mod blur;

pub mod sharpen;

pub mod pad;

pub mod auto_quality;

pub mod encode;

pub mod credit;

pub mod info;

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
