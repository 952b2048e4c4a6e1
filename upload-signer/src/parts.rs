//! Multipart uploads.
//!
//! The signer keeps no state: the client holds a sealed upload id with the whole grant. Part URLs don't bind a size, so
//! the signer checks the stored parts against the limit before it signs another one, and when the client completes the upload.
//!
//! Reading order:
//! - [`part_number`]: the number of parts that a size limit allows;
//! - [`grant`]: the grant of a multipart upload;
//! - [`upload_id`]: the sealed upload id;
//! - [`part_url`]: the URL that sends one part;
//! - [`stored`]: the stored parts, and what they allow;
//! - [`completion`]: the check before the parts become an object;
//! - `store` (feature `edge`): the requests to S3.

pub mod part_number;

pub mod grant;

pub mod upload_id;

pub mod part_url;

pub mod stored;

pub mod completion;

#[cfg(feature = "edge")]
pub mod store;
