//! Turns "an object was created" into transcoding jobs.
//!
//! Reading order:
//! - [`notification`]: the events that S3 sends, by whichever way they come, in; the objects they announce out;
//! - [`video`]: which objects are videos to transcode;
//! - [`error`]: what can be wrong with an event.
//!
//! The edge (feature `edge`):
//! - `handler`: one event in, the messages to deliver again out;
//! - `config`: what the handler is told by its environment.
//!
//! No job is made yet: the handler reads every event, decides, and says in the log what it found.

pub mod notification;

pub mod video;

pub mod error;

#[cfg(feature = "edge")]
pub mod handler;

#[cfg(feature = "edge")]
pub mod config;
