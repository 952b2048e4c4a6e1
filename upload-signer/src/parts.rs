//! Multipart uploads.

pub mod part_number;

pub mod upload_id;

pub mod grant;

pub mod part_url;

pub mod completion;

#[cfg(feature = "edge")]
pub mod store;
