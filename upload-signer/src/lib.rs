//! The upload signer: decides key, type, size and lifetime of an upload and proves it by signature. The bytes
//! go from the client to S3; the signer never sees them. When they have arrived, the finaliser looks at the first
//! of them and says in the object's tags whether it may be served.
//!
//! Reading order:
//! - [`media_type`]: the declared type and the extensions that fit it;
//! - [`policy`]: what an operator allows to be uploaded;
//! - [`checksum`] and [`metadata`]: what a client may bind to its upload;
//! - [`request`]: the body of `POST /uploads` as typed requests, or an error that names the field;
//! - [`slug`]: the name of the object, made from the name that the client gave;
//! - [`grant`]: one request under a policy: what exactly may be uploaded, and until when;
//! - [`target`]: the bucket and its URLs;
//! - [`sigv4`]: the two signatures needed of AWS Signature Version 4;
//! - [`post_policy`]: a grant as a form that a browser posts; [`put`]: a grant as one presigned URL;
//! - [`keys`]: secrets and their rotation; [`multipart`]: uploads in parts, whose ids are sealed with them;
//! - [`jwt`], [`session`] and [`jwks`]: the tokens that say who asks;
//! - [`answer`]: what the client is told; [`signer`]: all of it in one function, from the body to the answer;
//! - [`sniff`]: what a file is, going by its first bytes; [`dimensions`]: how large a picture is;
//! - [`finalize`]: whether an upload is what it was declared to be;
//! - [`state`]: how far an upload has come, as its tags say it.
//!
//! The edge (feature `edge`):
//! - `access`: who may ask, and for what; `handler`: the signer behind HTTP;
//! - `companion` and `adapters`: the same in the words of other clients;
//! - `links`: signed links of the image API;
//! - `store`: the bucket of uploads; `status`: how far an upload has come, behind HTTP;
//! - `scan`: a scanner of the operator's own; `finalizer`: S3's events in, states of uploads out;
//! - `fetch`: the HTTP client of an issuer's keys; `vault`: secrets that are named instead of held;
//! - `config`: all of this from the environment.

pub mod error;

pub mod media_type;

pub mod policy;

pub mod checksum;

pub mod metadata;

pub mod request;

pub mod slug;

pub mod grant;

pub mod target;

pub mod sigv4;

pub mod post_policy;

pub mod put;

pub use contract::keys;

pub mod multipart;

pub mod jwt;

pub mod session;

pub mod jwks;

pub mod answer;

pub mod signer;

pub mod sniff;

pub mod dimensions;

pub mod finalize;

pub mod state;

#[cfg(feature = "edge")]
pub mod access;

#[cfg(feature = "edge")]
pub mod handler;

#[cfg(feature = "edge")]
mod companion;

#[cfg(feature = "edge")]
mod adapters;

#[cfg(feature = "edge")]
pub mod links;

#[cfg(feature = "edge")]
pub mod fetch;

#[cfg(feature = "edge")]
pub mod vault;

#[cfg(feature = "edge")]
pub mod store;

#[cfg(feature = "edge")]
pub mod status;

#[cfg(feature = "edge")]
pub mod scan;

#[cfg(feature = "edge")]
pub mod finalizer;

#[cfg(feature = "edge")]
pub mod config;
