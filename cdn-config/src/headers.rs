//! The response headers policy of the media behaviours.

use crate::policy::Policy;

/// A response header that the CDN adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name, in lower case.
    pub name: &'static str,
    /// The value.
    pub value: &'static str,
    /// `true` if it replaces the origin's header with the same name.
    pub overrides: bool,
}

/// The headers of `/files/*`, `/private/*`, `/videos/*` and `/private-videos/*`. An upload must never act as a page of this site. Pages of
/// all origins may show and read it, but it can't run scripts.
pub const MEDIA: [Header; 6] = [
    always("x-content-type-options", "nosniff"),
    // An uploaded SVG that is opened by its URL is a document. It may use styles and embedded pictures, but no scripts,
    // and it gets no origin.
    always(
        "content-security-policy",
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
    ),
    always("cross-origin-resource-policy", "cross-origin"),
    // If the policy lists origins, the value is the page's origin, and the header is missing for other pages.
    always("access-control-allow-origin", "*"),
    // The headers that scripts may read in addition to those that are always readable.
    always("access-control-expose-headers", "Content-Length, Content-Range, ETag, Server-Timing, X-Cache"),
    always("timing-allow-origin", "*"),
];

/// The headers of `/private/*` and `/private-videos/*`, in addition to [`MEDIA`]. The CDN may cache private files, because its function verifies
/// every request. Caches between the CDN and the viewer don't verify requests and must not.
pub const PRIVATE: [Header; 1] = [always("cache-control", "private, no-store")];

/// The headers of responses to preflights, in addition to [`MEDIA`].
pub const PREFLIGHT: [Header; 3] = [
    always("access-control-allow-methods", "GET, HEAD, OPTIONS"),
    // Players report to the CDN's log by CTA-5004, "Common Media Client Data".
    always(
        "access-control-allow-headers",
        "CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status, If-Match, If-Modified-Since, If-None-Match, If-Range, Range",
    ),
    always("access-control-max-age", "86400"),
];

/// The value of `Accept-CH`. `None` if the policy asks for no client hints.
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
    fn every_header_name_is_unique_and_in_lower_case() {
        let all = [&MEDIA[..], &PRIVATE].concat();
        for (index, header) in all.iter().enumerate() {
            assert_eq!(header.name, header.name.to_lowercase());
            assert!(all[..index].iter().all(|other| other.name != header.name), "{}", header.name);
        }
    }
}
