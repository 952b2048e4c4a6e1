//! The check of a stored upload, which decides whether it may be served.
//!
//! Reading order:
//! - [`sniff`]: the media type of content;
//! - [`dimensions`]: the dimensions of a picture;
//! - [`state`]: the state of an upload in its object's tags;
//! - [`inspection`]: decides by the properties of a stored file if it is clean or refused;
//! - `store`, `scan` and `finalizer` (feature `edge`): the bucket, the operator's scanner, and S3's events;
//! - `poller` (feature `edge`): finds uploads where no events arrive.

pub mod sniff;

pub mod dimensions;

pub mod state;

pub mod inspection;

#[cfg(feature = "edge")]
pub mod store;

#[cfg(feature = "edge")]
pub mod scan;

#[cfg(feature = "edge")]
pub mod finalizer;

#[cfg(feature = "edge")]
pub mod poller;
