//! Settings of an examination.

use std::time::Duration;

use aws_credential_types::Credentials;
use jiff::Timestamp;

use crate::client::Caller;

/// The deployment to check, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The URL that viewers use, without a path.
    pub url: String,
    /// The caller of the upload API.
    pub caller: Caller,
    /// The origin of a page that uploads, such as `https://www.example.com`. `None` if no page does.
    pub origin: Option<String>,
    /// The bucket of originals. `None` to skip its check.
    pub bucket: Option<Bucket>,
    /// Maximum time that an upload may be pending.
    pub upload_timeout: Duration,
    /// The clock.
    pub clock: fn() -> Timestamp,
}

/// A bucket, and the access to it.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Credentials with the permission `s3:GetLifecycleConfiguration`.
    pub credentials: Credentials,
}
