//! The sources of the edge functions for the runtime `cloudfront-js-2.0`. `build.mjs` joins and minifies
//! `viewer_request/*.js` and `viewer_response.js`.

/// The deployed source of the viewer-request function. It runs for every request for media, before the cache, and
/// returns a canonical path or an error.
pub const VIEWER_REQUEST: &str = deployed(include_str!("../dist/viewer_request.js"));

/// The deployed source of the viewer-response function. It runs for every response of the media behaviours. It adds
/// `Vary` if the format was negotiated.
pub const VIEWER_RESPONSE: &str = deployed(include_str!("../dist/viewer_response.js"));

/// The maximum size of a function, in bytes (CloudFront's quota, "maximum function size").
pub const MAX_SOURCE_BYTES: usize = 10_240;

/// The maximum memory of a function, in bytes (CloudFront's quota, "maximum function memory").
pub const MAX_MEMORY_BYTES: usize = 2 * 1024 * 1024;

/// The length of the first line, `// ` and a digest, which is not deployed.
const MARK_BYTES: usize = "// \n".len() + 64;

/// A minified file without its first line.
const fn deployed(minified: &'static str) -> &'static str {
    minified.split_at(MARK_BYTES).1
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// The parts in the order of `build.mjs`.
    const VIEWER_REQUEST_SOURCE: &str = concat!(
        include_str!("../viewer_request/parameters.js"),
        include_str!("../viewer_request/handler.js"),
        include_str!("../viewer_request/problems.js"),
        include_str!("../viewer_request/query.js"),
        include_str!("../viewer_request/variant.js"),
        include_str!("../viewer_request/signature.js"),
        include_str!("../viewer_request/geometry.js"),
        include_str!("../viewer_request/policy.js"),
        include_str!("../viewer_request/values.js"),
        include_str!("../viewer_request/accept.js"),
        include_str!("../viewer_request/text.js"),
    );

    const FUNCTIONS: [(&str, &str); 2] = [
        (VIEWER_REQUEST_SOURCE, include_str!("../dist/viewer_request.js")),
        (include_str!("../viewer_response.js"), include_str!("../dist/viewer_response.js")),
    ];

    #[test]
    fn the_functions_are_below_cloudfronts_maximum_size() {
        for source in [VIEWER_REQUEST, VIEWER_RESPONSE] {
            assert!(source.len() <= MAX_SOURCE_BYTES, "{} bytes", source.len());
        }
    }

    /// It has 9,526 bytes. Raise the bound with each parameter that the grammar gains, and keep room for the next one.
    #[test]
    fn the_function_of_requests_leaves_room_for_further_parameters() {
        assert!(VIEWER_REQUEST.len() <= 9_550, "{} bytes", VIEWER_REQUEST.len());
    }

    #[test]
    fn the_deployed_functions_are_built_from_the_sources() {
        for (source, minified) in FUNCTIONS {
            let mark = format!("// {:x}\n", Sha256::digest(source));
            assert!(minified.starts_with(&mark), "run `npm ci && node build.mjs` in cdn-config");
            assert_eq!(mark.len(), MARK_BYTES);
        }
    }
}
