//! From the request of a client to a signed upload.
//!
//! Reading order:
//! - [`media_type`]: the declared type and the extensions that fit it;
//! - [`policy`]: what an operator allows to be uploaded;
//! - [`checksum`] and [`metadata`]: what a client may bind to its upload;
//! - [`request`]: the body of `POST /uploads` as typed requests, or an error that names the field;
//! - [`slug`]: the name of the object, made from the name that the client gave;
//! - [`grant`]: one request under a policy: what exactly may be uploaded, and until when;
//! - [`bucket_endpoint`]: the bucket and its URLs;
//! - [`sigv4`]: the two signatures needed of AWS Signature Version 4;
//! - [`post_policy`]: a grant as a form that a browser posts; [`presigned_put`]: a grant as one presigned URL;
//! - [`presigned_upload`]: what the client is told; [`signer`]: all of it in one function, from the body to the answer.

pub mod media_type;

pub mod policy;

pub mod checksum;

pub mod metadata;

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
