//! Turns a client's request and a policy into a form or a URL that S3 accepts.
//!
//! Reading order:
//! - [`media_type`] and [`policy`]: the files that the operator allows;
//! - [`declared_type`]: the type that a client declares;
//! - [`checksum`] and [`metadata`]: properties that a client may bind to its upload;
//! - [`owner`]: the owner of an upload in a tag;
//! - [`request`] and [`request_body`]: the request for an upload, and its JSON;
//! - [`slug`]: the file name in the key;
//! - [`grant`]: the exact upload that a request gets under a policy;
//! - [`bucket_endpoint`]: the URLs of the bucket;
//! - [`sigv4`]: AWS Signature Version 4;
//! - [`post_policy`] and [`presigned_put`]: the two ways to sign a grant;
//! - [`presigned_upload`]: the response to the client;
//! - [`signer`]: all steps in one function.

pub mod media_type;

pub mod policy;

pub mod declared_type;

pub mod checksum;

pub mod metadata;

pub mod owner;

pub mod request;

pub(crate) mod json_fields;

pub mod request_body;

pub mod slug;

pub(crate) mod pending;

pub mod grant;

pub mod bucket_endpoint;

pub mod sigv4;

pub mod post_policy;

pub mod presigned_put;

pub mod presigned_upload;

pub mod signer;
