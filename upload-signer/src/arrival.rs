//! The check of an upload that has arrived in the bucket.

pub mod sniff;

pub mod dimensions;

pub mod inspection;

pub mod state;

#[cfg(feature = "edge")]
pub mod store;

#[cfg(feature = "edge")]
pub mod scan;

#[cfg(feature = "edge")]
pub mod finalizer;
