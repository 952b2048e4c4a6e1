//! CORS of every bucket: pages of any origin may upload to and read from the local store.

use std::time::Duration;

use http::{HeaderName, Method};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

/// The methods that pages may use.
pub(crate) const METHODS: [Method; 5] =
    [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::HEAD];

/// The headers of responses that pages may read.
pub(crate) const EXPOSED: [&str; 19] = [
    "etag",
    "location",
    "accept-ranges",
    "content-length",
    "content-range",
    "content-encoding",
    "last-modified",
    "x-amz-request-id",
    "x-amz-id-2",
    "x-amz-version-id",
    "x-amz-mp-parts-count",
    "x-amz-tagging-count",
    "x-amz-meta-cache-tag",
    "x-amz-checksum-type",
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "x-amz-checksum-sha1",
    "x-amz-checksum-sha256",
];

/// How long browsers may remember a preflight.
pub(crate) const MAX_AGE: Duration = Duration::from_mins(50);

/// The layer that answers preflights and marks responses.
pub(crate) fn layer() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(METHODS)
        // Mirrored rather than `*`, which doesn't cover `Authorization`.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED.map(HeaderName::from_static))
        .max_age(MAX_AGE)
}
