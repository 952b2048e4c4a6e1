//! Code that the edges of all Tintype services share: their environment, their error responses, S3's events, logs, and the
//! start of a Lambda function.
//!
//! The crate supports functions that SQS or EventBridge invokes with S3's events, and HTTP services that answer failures with
//! `application/problem+json`. It has no S3 client: that is the crate `bucket`.
//!
//! Reading order:
//! - [`mod@env`] declares every environment variable and reads it;
//! - [`problem`] turns failures into HTTP responses;
//! - [`notification`] decodes S3's events and has the loop over a batch of them;
//! - [`telemetry`] starts the log;
//! - [`wire`] builds HTTP clients, [`aws_api`] calls AWS without an SDK crate, [`cause`] says why a call failed;
//! - [`lambda`] starts and ends a Lambda function.
//!
//! ```
//! use service::notification::created_objects;
//!
//! let event = serde_json::json!({
//!     "source": "aws.s3",
//!     "detail-type": "Object Created",
//!     "time": "2026-01-01T00:00:00Z",
//!     "detail": {
//!         "bucket": {"name": "originals"},
//!         "object": {"key": "files/1/cat.jpg", "size": 5, "etag": "0123"},
//!     },
//! });
//! let objects: Vec<_> = created_objects(&event)?.into_iter().collect::<Result<_, _>>()?;
//! assert_eq!(objects[0].key, "files/1/cat.jpg");
//! # Ok::<(), service::notification::NotificationError>(())
//! ```

pub mod env;

pub mod problem;

pub mod notification;

pub mod telemetry;

pub mod wire;

pub mod aws_api;

pub mod cause;

pub mod lambda;
