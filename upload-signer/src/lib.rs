//! The upload signer: decides key, type, size and lifetime of an upload and proves it by signature. The bytes
//! go from the client to S3; the signer never sees them. When they have arrived, the finaliser looks at the first
//! of them and says in the object's tags whether it may be served.
//!
//! Reading order:
//! - [`signing`]: from a request under a policy to a form or a URL that S3 takes;
//! - [`parts`]: uploads in parts, whose ids are sealed;
//! - [`callers`]: the tokens that say who asks, and for what;
//! - [`arrival`]: whether an upload that is stored is what it was declared to be, and the tags that say so.
//!
//! The edge (feature `edge`):
//! - `http`: the signer behind HTTP; `clients`: the same in the words of other clients;
//! - `links`: signed links of the image API;
//! - `config`: all of this from the environment.

pub mod error;

pub mod signing;

pub mod parts;

pub mod callers;

pub mod arrival;

#[cfg(feature = "edge")]
pub mod links;

#[cfg(feature = "edge")]
pub mod http;

#[cfg(feature = "edge")]
mod clients;

#[cfg(feature = "edge")]
pub mod app;

#[cfg(feature = "edge")]
pub mod config;

#[cfg(test)]
#[cfg(feature = "edge")]
mod test_api;
