//! CORS: which pages of other origins may use a bucket. A bucket without rules of its own is open to all.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html>

use serde::{Deserialize, Serialize};
use wildmatch::WildMatch;

/// A CORS rule of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorsRule {
    /// The origins. Each may have a `*`, for any characters.
    pub origins: Vec<String>,
    /// The methods.
    pub methods: Vec<String>,
    /// The headers of requests that a preflight may name. Each may have a `*`.
    pub headers: Vec<String>,
    /// The headers of responses that pages may read.
    pub exposed_headers: Vec<String>,
    /// The time for which browsers may keep the answer to a preflight, in seconds.
    pub max_age_seconds: Option<u32>,
}

/// The methods that a rule can allow.
pub(crate) const METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/// The headers of responses that pages may read of an open bucket.
const EXPOSED_HEADERS: [&str; 19] = [
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

impl CorsRule {
    /// The rule of a bucket that is open to pages of any origin.
    pub(crate) fn open() -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            origins: texts(&["*"]),
            methods: texts(&METHODS),
            headers: texts(&["*"]),
            exposed_headers: texts(&EXPOSED_HEADERS),
            max_age_seconds: Some(3000),
        }
    }

    /// `true` if the rule allows requests of a page with this method and these headers.
    fn allows(&self, origin: &str, method: &str, headers: &[&str]) -> bool {
        let is_header = |allowed: &String, name: &str| WildMatch::new_case_insensitive(allowed).matches(name);
        self.origins.iter().any(|allowed| WildMatch::new(allowed).matches(origin))
            && self.methods.iter().any(|allowed| allowed == method)
            && headers.iter().all(|name| self.headers.iter().any(|allowed| is_header(allowed, name)))
    }
}

/// The first rule that allows a request. S3 looks at no other.
pub(crate) fn first<'a>(
    rules: &'a [CorsRule],
    origin: &str,
    method: &str,
    headers: &[&str],
) -> Option<&'a CorsRule> {
    rules.iter().find(|rule| rule.allows(origin, method, headers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_allows_origin_method_and_headers_counts() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let rule = |origin: &str, methods: &[&str], headers: &[&str]| CorsRule {
            origins: texts(&[origin]),
            methods: texts(methods),
            headers: texts(headers),
            exposed_headers: Vec::new(),
            max_age_seconds: None,
        };
        let rules = [
            rule("https://*.example.com", &["PUT"], &["*"]),
            rule("https://example.com", &["GET", "PUT"], &["Range", "x-amz-*"]),
            rule("*", &["GET"], &[]),
        ];
        let check = |origin: &str, method: &str, headers: &[&str], expected: Option<usize>| {
            let found = first(&rules, origin, method, headers);
            let place = found.map(|found| rules.iter().position(|rule| rule == found).unwrap());
            assert_eq!(place, expected, "{origin} {method} {headers:?}");
        };
        check("https://a.example.com", "PUT", &["any"], Some(0));
        check("https://example.com", "PUT", &["range", "X-Amz-Date"], Some(1));
        check("https://example.com", "PUT", &["range", "content-type"], None);
        check("https://a.example.com", "GET", &[], Some(2));
        check("https://a.example.com", "GET", &["range"], None);
        check("http://a.example.com", "PUT", &[], None);
        check("https://other.com", "DELETE", &[], None);
    }
}
