//! The S3 client of Tintype's services.
//!
//! The crate contains what several services need of S3: a client with timeouts ([`client()`]), reads of one
//! version of an object ([`ObjectVersion`]), tags, removals, conditional writes ([`Condition`]) and errors classified by HTTP
//! status ([`ErrorKind`]). A service's `store` module adds operations that no other service needs: [`Bucket::get`],
//! [`Bucket::put`] and [`Bucket::client`] give it the requests of the AWS SDK. The crate does not sign URLs or forms,
//! and it does not upload in parts.
//!
//! Building a client sends no request:
//!
//! ```
//! use aws_credential_types::Credentials;
//! use bucket::{Bucket, S3Config, Timeouts, Transport, client};
//!
//! let config = S3Config {
//!     endpoint: Some("http://127.0.0.1:9000".to_owned()),
//!     region: "eu-central-1".to_owned(),
//!     credentials: Credentials::new("id", "secret", None, None, "example"),
//!     transport: Transport::NETWORK,
//! };
//! let originals = Bucket::new(client(&config, Timeouts::COMMON), "originals");
//! assert_eq!(originals.name(), "originals");
//! ```

mod client;

mod error;

mod handle;

mod object;

mod remove;

mod write;

pub use aws_sdk_s3::Client;
pub use aws_sdk_s3::primitives::ByteStream;
pub use client::{S3Config, client};
pub use error::{BucketError, ErrorKind};
pub use handle::Bucket;
pub use object::{ObjectVersion, Tag};
pub use service::wire::{Timeouts, Transport};
pub use write::{Condition, put_if};
