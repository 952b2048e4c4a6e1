//! Turns "an object was created" into transcoding jobs.
//!
//! Reading order:
//! - [`video`]: which objects are videos to transcode.
//!
//! The edge (feature `edge`):
//! - `handler`: one event in, the messages to deliver again out; `service::notification` reads it;
//! - `error`: what can be wrong with an event;
//! - `config`: what the handler is told by its environment.
//!
//! No job is made yet: the handler reads every event, decides, and says in the log what it found.

pub mod video;

#[cfg(feature = "edge")]
pub mod error;

#[cfg(feature = "edge")]
pub mod handler;

#[cfg(feature = "edge")]
pub mod config;
