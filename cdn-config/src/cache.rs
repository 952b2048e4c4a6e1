//! What caches keep of media, and for how long: the cache policy of the media behaviours.

use crate::policy::Policy;

/// What tells entries of the cache apart, beside the path. Nothing: the edge function has put all that matters
/// into the path, and emptied the query.
pub const KEY_HEADERS: [&str; 0] = [];

/// The header of a response that carries the tags it is purged by. S3 can answer with user metadata only, so the
/// resize service answers with the header that S3 makes of metadata.
pub const TAG_HEADER: &str = "x-amz-meta-cache-tag";

/// How long a response may be kept, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// At least, whatever the origin says.
    pub min_seconds: u32,
    /// Where the origin says nothing, as S3 does for an object without `Cache-Control`.
    pub default_seconds: u32,
    /// At most, whatever the origin says.
    pub max_seconds: u32,
}

/// For media: as the origin says. An origin that says nothing is S3 with an original of nobody's making.
pub fn lifetime(policy: &Policy) -> Lifetime {
    Lifetime { min_seconds: 0, default_seconds: policy.max_age.originals_seconds, max_seconds: 31_536_000 }
}

/// How long a failure is kept at least, by status, in seconds (`ErrorCachingMinTTL`; the CDN's own default is
/// ten). A file that is missing may be clean the next moment; a fault may be over.
pub const FAILURE_SECONDS: [(u16, u32); 6] = [(403, 1), (404, 1), (500, 0), (502, 0), (503, 0), (504, 0)];
