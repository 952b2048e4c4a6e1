//! The edge functions, as source for the runtime `cloudfront-js-2.0`: made of `viewer_request.js` and
//! `viewer_response.js` by `build.mjs`, which shortens names.

/// Runs before the cache on every request for media: one canonical path, or a problem. The text that is deployed.
pub const VIEWER_REQUEST: &str = deployed(include_str!("../dist/viewer_request.js"));

/// Runs on every response that media behaviours send: `Vary` where the format was negotiated. The text that is
/// deployed.
pub const VIEWER_RESPONSE: &str = deployed(include_str!("../dist/viewer_response.js"));

/// The longest source of a function, in bytes (CloudFront's quota, "maximum function size").
pub const MAX_SOURCE_BYTES: usize = 10_240;

/// The most memory a function may use, in bytes (CloudFront's quota, "maximum function memory").
pub const MAX_MEMORY_BYTES: usize = 2 * 1024 * 1024;

/// The first line, `// ` and a digest, is not deployed.
const MARK_BYTES: usize = "// \n".len() + 64;

/// A made file without its first line.
const fn deployed(made: &'static str) -> &'static str {
    made.split_at(MARK_BYTES).1
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    const FUNCTIONS: [(&str, &str); 2] = [
        (include_str!("../viewer_request.js"), include_str!("../dist/viewer_request.js")),
        (include_str!("../viewer_response.js"), include_str!("../dist/viewer_response.js")),
    ];

    #[test]
    fn the_functions_fit_into_cloudfronts_quota() {
        for source in [VIEWER_REQUEST, VIEWER_RESPONSE] {
            assert!(source.len() < MAX_SOURCE_BYTES, "{} bytes", source.len());
        }
    }

    #[test]
    fn what_is_deployed_was_made_of_the_sources() {
        for (source, made) in FUNCTIONS {
            let mark = format!("// {:x}\n", Sha256::digest(source));
            assert!(made.starts_with(&mark), "run `npm ci && node build.mjs` in cdn-config");
            assert_eq!(mark.len(), MARK_BYTES);
        }
    }
}
