//! Turns "an object was created" into one transcoding job, and what becomes of the job into a status document.
//!
//! Reading order:
//! - [`places`]: where videos come from and where what is made of them goes, which never overlap; names;
//! - [`sniff`]: which files may be videos;
//! - [`source`]: what a probe tells of a video; [`plan`]: what is made of it; [`cost`]: and for how much;
//! - [`claim`]: who makes the job, so that there is one and only one;
//! - [`status`]: the document that says how far a video has come; [`job_event`]: what `MediaConvert` says of a job;
//!   [`follow`]: from the one to the other.
//!
//! The edge (feature `edge`):
//! - `event`: what an event of any shape is about;
//! - `store`: the bucket of videos, claims and status documents;
//! - `submit`: `MediaConvert` and EventBridge;
//! - `handler`: one event in, the messages to deliver again out: `handler::start` makes jobs, `handler::progress`
//!   follows them, `handler::publish` writes the status;
//! - `error`: why an event isn't handled; `config`: all of this from the environment.

pub mod places;

pub mod sniff;

pub mod source;

pub mod plan;

pub mod cost;

pub mod claim;

pub mod status;

pub mod job_event;

pub mod follow;

#[cfg(feature = "edge")]
pub mod event;

#[cfg(feature = "edge")]
pub mod store;

#[cfg(feature = "edge")]
pub mod submit;

#[cfg(feature = "edge")]
pub mod error;

#[cfg(feature = "edge")]
pub mod handler;

#[cfg(feature = "edge")]
pub mod config;
