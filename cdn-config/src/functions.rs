//! The edge functions, as source for the runtime `cloudfront-js-2.0`.

use std::sync::LazyLock;

mod compact;

use compact::compact;

/// Runs before the cache on every request for media: one canonical path, or a problem. The text that is deployed.
pub static VIEWER_REQUEST: LazyLock<String> = LazyLock::new(|| compact(include_str!("../viewer_request.js")));

/// Runs on every response that media behaviours send: `Vary` where the format was negotiated. The text that is
/// deployed.
pub static VIEWER_RESPONSE: LazyLock<String> =
    LazyLock::new(|| compact(include_str!("../viewer_response.js")));

/// The longest source of a function, in bytes (CloudFront's quota, "maximum function size").
pub const MAX_SOURCE_BYTES: usize = 10_240;

/// The most memory a function may use, in bytes (CloudFront's quota, "maximum function memory").
pub const MAX_MEMORY_BYTES: usize = 2 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_fit_into_cloudfronts_quota() {
        for source in [&*VIEWER_REQUEST, &*VIEWER_RESPONSE] {
            assert!(source.len() < MAX_SOURCE_BYTES, "{} bytes", source.len());
        }
    }
}
