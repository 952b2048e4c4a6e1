//! The CORS rule of every bucket: pages of any origin may upload and read.

use std::time::Duration;

use http::{HeaderName, Method};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

/// The methods that pages may use.
pub(crate) const METHODS: [Method; 5] =
    [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::HEAD];

/// The headers of responses that pages may read.
pub(crate) const EXPOSED_HEADERS: [&str; 19] = [
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

/// The time for which browsers may cache a preflight.
pub(crate) const MAX_AGE: Duration = Duration::from_mins(50);

/// The layer that answers preflights and adds the headers of CORS to responses.
pub(crate) fn layer() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(METHODS)
        // The response repeats the requested headers, since `*` doesn't cover `Authorization`.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED_HEADERS.map(HeaderName::from_static))
        .max_age(MAX_AGE)
}
