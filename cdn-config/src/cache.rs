//! The cache policy of the media behaviours: cache key and lifetimes.

use crate::policy::Policy;

/// The headers in the cache key, besides the path. The list is empty: the edge function writes everything that matters
/// into the path, and removes the query.
pub const KEY_HEADERS: [&str; 0] = [];

/// The response header with the tags for invalidation. S3 can send it only as user metadata, so the resize service uses
/// the same name as S3 does for this metadata.
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

/// The maximum lifetime of cached responses, in seconds: a year. It overrides the origin.
pub const MAX_SECONDS: u32 = 31_536_000;

/// The lifetime of media: the origin decides. A response without `Cache-Control` is an original that the upload signer
/// didn't sign.
pub fn lifetime(policy: &Policy) -> Lifetime {
    Lifetime { min_seconds: 0, default_seconds: policy.max_age.originals_seconds, max_seconds: MAX_SECONDS }
}

/// The minimum lifetime of errors in seconds, by status (`ErrorCachingMinTTL`, whose default is ten). They are short
/// because at any moment a missing file may become clean, and a fault may end.
pub const FAILURE_SECONDS: [(u16, u32); 7] =
    [(403, 1), (404, 1), (500, 0), (501, 0), (502, 0), (503, 0), (504, 0)];

/// The minimum lifetime of an error without an entry, in seconds (CloudFront's default).
const DEFAULT_FAILURE_SECONDS: u32 = 10;

/// The rule by which CloudFront caches a response with a status (developer guide, "How CloudFront caches HTTP 4xx and 5xx
/// status codes from your origin").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusCaching {
    /// Cached as `Cache-Control` says.
    AsOriginSays,
    /// Cached for this number of seconds, or longer if `Cache-Control` says so.
    AtLeast(u32),
    /// Not cached.
    Never,
}

/// The caching of a response by its status. `failures` has the minimum lifetimes of errors in seconds, by status.
pub fn status_caching(status: u16, failures: &[(u16, u32)]) -> StatusCaching {
    match status {
        404 | 414 | 500..=504 => {
            let entry = failures.iter().find(|(known, _)| *known == status);
            StatusCaching::AtLeast(entry.map_or(DEFAULT_FAILURE_SECONDS, |(_, seconds)| *seconds))
        }
        0..=400 | 403 | 405 | 412 | 415 => StatusCaching::AsOriginSays,
        401.. => StatusCaching::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_cached_as_cloudfront_documents() {
        use StatusCaching::{AsOriginSays, AtLeast, Never};
        let check = |status: u16, expected: StatusCaching| {
            assert_eq!(status_caching(status, &FAILURE_SECONDS), expected, "{status}");
        };
        for status in [200, 206, 304, 400, 403, 405, 412, 415] {
            check(status, AsOriginSays);
        }
        for status in [401, 402, 406, 409, 410, 413, 416, 422, 429, 451, 505, 511] {
            check(status, Never);
        }
        check(404, AtLeast(1));
        check(414, AtLeast(10));
        for status in 500..=504 {
            check(status, AtLeast(0));
        }
    }
}
