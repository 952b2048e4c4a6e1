//! The response headers policy of the media behaviours: headers that every response to a viewer carries.

use crate::policy::Policy;

/// A header that the CDN adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Its value.
    pub value: &'static str,
    /// Whether it replaces the origin's header of that name.
    pub overrides: bool,
}

/// For `/files/*`, `/private/*` and `/videos/*`. What was uploaded is never a page of this site: it may be shown
/// and read from anywhere, and run nothing.
pub const MEDIA: [Header; 6] = [
    always("x-content-type-options", "nosniff"),
    // An uploaded SVG opened by its URL is a document: it may style itself and hold pictures, run no script and
    // belongs to no origin.
    always(
        "content-security-policy",
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
    ),
    always("cross-origin-resource-policy", "cross-origin"),
    // Where the policy lists origins, that of the page if it is listed, else nothing.
    always("access-control-allow-origin", "*"),
    // What a script may read of a response, beside the headers that are always readable.
    always("access-control-expose-headers", "Content-Length, Content-Range, ETag, Server-Timing, X-Cache"),
    always("timing-allow-origin", "*"),
];

/// For `/private/*`, beside [`MEDIA`]. The CDN keeps such files, since its function checks every request; nothing
/// behind it may, since nothing there does.
pub const PRIVATE: [Header; 1] = [always("cache-control", "private, no-store")];

/// What a preflight of a media URL is answered with, beside [`MEDIA`].
pub const PREFLIGHT: [Header; 3] = [
    always("access-control-allow-methods", "GET, HEAD, OPTIONS"),
    always("access-control-allow-headers", "If-Match, If-Modified-Since, If-None-Match, If-Range, Range"),
    always("access-control-max-age", "86400"),
];

/// `Accept-CH`, where the policy asks viewers for hints.
pub fn accept_ch(policy: &Policy) -> Option<String> {
    Some(policy.client_hints.join(", ")).filter(|hints| !hints.is_empty())
}

const fn always(name: &'static str, value: &'static str) -> Header {
    Header { name, value, overrides: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_in_lower_case_and_given_once() {
        let all = [&MEDIA[..], &PRIVATE].concat();
        for (place, header) in all.iter().enumerate() {
            assert_eq!(header.name, header.name.to_lowercase());
            assert!(all[..place].iter().all(|other| other.name != header.name), "{}", header.name);
        }
    }
}
