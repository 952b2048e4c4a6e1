//! The upload signer of Tintype. It decides key, type, size and lifetime of an upload and proves the decision by an AWS
//! signature. Clients send their files directly to S3; the signer never sees the bytes. After an upload, the finaliser
//! inspects the first bytes of the object and tags it as clean or refused; only clean objects are served.
//!
//! Supported:
//! - presigned POST forms, presigned PUT URLs and multipart uploads, signed with Signature Version 4;
//! - rules for type, size, metadata and SHA-256 checksum, which S3 enforces, and a pixel limit, which the finaliser enforces;
//! - sessions of an application's backend, and tokens of an `OpenID` provider;
//! - the protocols of Uppy (Companion's S3 API), better-upload, react-s3-uploader and Webiny;
//! - signed links of the image API;
//! - a scanner of the operator, and a webhook.
//!
//! Not supported: resumable uploads by tus, uploads through the signer, and storage without S3's API.
//!
//! # Example
//!
//! A presigned POST:
//!
//! ```
//! use aws_credential_types::Credentials;
//! use upload_signer::signing::bucket_endpoint::BucketEndpoint;
//! use upload_signer::signing::presigned_upload::{PresignedUploads, SignedValues};
//! use upload_signer::signing::signer::Signer;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bucket = BucketEndpoint::regional("originals", "eu-central-1")?;
//! let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "a secret", None, None, "example");
//! let signer = Signer {
//!     clock: || "2026-01-02T03:04:05Z".parse().expect("a valid time"),
//!     ..Signer::new(bucket, credentials, "https://cdn.example.com")
//! };
//!
//! let body = br#"{"filename":"My cat.PNG","type":"image/png","size":1234}"#;
//! let PresignedUploads::One(upload) = signer.sign_body(body)? else { panic!("the body describes one file") };
//! assert_eq!(upload.key, format!("files/{}/My-cat.png", upload.id));
//! assert_eq!(upload.url, "https://originals.s3.eu-central-1.amazonaws.com/");
//! assert_eq!(upload.expires, "2026-01-02T03:19:05Z");
//!
//! // The client posts these fields and the file as multipart/form-data.
//! let SignedValues::Fields(fields) = upload.values else { panic!("a POST has fields") };
//! assert!(fields.0.iter().any(|(name, _)| name == "x-amz-signature"));
//! # Ok(())
//! # }
//! ```
//!
//! # Modules in reading order
//!
//! - [`signing`]: turns a request and a policy into a form or URL that S3 accepts;
//! - [`parts`]: multipart uploads with sealed ids;
//! - [`callers`]: sessions and tokens, and the policy for each caller;
//! - [`arrival`]: the check of a stored upload, and its state in tags;
//! - [`webhook`]: messages about checked uploads and finished videos.
//!
//! With the feature `edge`:
//! - `links`: signed links of the image API;
//! - `http`: the HTTP API; `clients`: the protocols of other clients; `app`: all routes as one service;
//! - `config`: the configuration in the environment.

pub mod error;

pub mod signing;

pub mod parts;

pub mod callers;

pub mod arrival;

pub mod webhook;

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
