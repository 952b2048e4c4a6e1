//! The cache policy of the media behaviours: cache key and lifetimes.

use crate::policy::Policy;

/// The headers in the cache key, besides the path. There are none: the edge function writes everything that matters into
/// the path, and removes the query.
pub const KEY_HEADERS: [&str; 0] = [];

/// The response header with the tags for invalidation. S3 can send only user metadata, so the resize service sends the
/// header that S3 makes of metadata.
pub const TAG_HEADER: &str = "x-amz-meta-cache-tag";

/// The lifetime of cached responses, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The minimum, which overrides the origin.
    pub min_seconds: u32,
    /// The default for responses without `Cache-Control`, as S3 sends them for objects without it.
    pub default_seconds: u32,
    /// The maximum, which overrides the origin.
    pub max_seconds: u32,
}

/// The lifetime of media: the origin decides. A response without `Cache-Control` is an original that the upload signer
/// didn't sign.
pub fn lifetime(policy: &Policy) -> Lifetime {
    Lifetime { min_seconds: 0, default_seconds: policy.max_age.originals_seconds, max_seconds: 31_536_000 }
}

/// The minimum lifetime of errors in seconds, by status (`ErrorCachingMinTTL`, whose default is ten). They are short
/// because a missing file may become clean, and a fault may end, at any moment.
pub const FAILURE_SECONDS: [(u16, u32); 6] = [(403, 1), (404, 1), (500, 0), (502, 0), (503, 0), (504, 0)];
