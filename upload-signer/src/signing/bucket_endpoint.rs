//! The URLs of the bucket that receives uploads.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that Signature Version 4 escapes: all but the unreserved ones of RFC 3986.
pub(crate) const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The characters to escape in a key, whose slashes stay.
const ESCAPED_IN_KEY: AsciiSet = ESCAPED.remove(b'/');

/// A bucket and the endpoint that serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketEndpoint {
    bucket: String,
    region: String,
    /// The URL of the bucket. Exactly one slash separates it from a key.
    url: String,
}

/// A bucket, region or endpoint from which no URL can be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BucketEndpointError {
    /// The text is not the name of a bucket.
    #[error("'{0}' is not the name of a bucket: 3 to 63 lower-case letters, digits, '.' and '-'")]
    Bucket(String),
    /// The text is not the name of a region.
    #[error("'{0}' is not the name of a region: lower-case letters, digits and '-'")]
    Region(String),
    /// The text is not an endpoint.
    #[error("'{0}' is not an endpoint: http:// or https://, a host and perhaps a port, no path")]
    Endpoint(String),
}

impl BucketEndpoint {
    /// A bucket at the S3 endpoint of its region. The global endpoint answers with redirects, which break the preflights
    /// of browsers. A bucket with dots is addressed by path, because the certificate of `*.s3.…` doesn't cover its host.
    pub fn regional(bucket: &str, region: &str) -> Result<Self, BucketEndpointError> {
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let url = if bucket.contains('.') {
            format!("https://s3.{region}.{domain}/{bucket}")
        } else {
            format!("https://{bucket}.s3.{region}.{domain}/")
        };
        Self::new(bucket, region, url)
    }

    /// A bucket at another S3, such as `http://127.0.0.1:9000`. It is addressed by path.
    pub fn at_endpoint(bucket: &str, region: &str, endpoint: &str) -> Result<Self, BucketEndpointError> {
        let endpoint = endpoint.strip_suffix('/').unwrap_or(endpoint);
        if !is_endpoint(endpoint) {
            return Err(BucketEndpointError::Endpoint(endpoint.to_owned()));
        }
        Self::new(bucket, region, format!("{endpoint}/{bucket}"))
    }

    /// The name of the bucket.
    pub fn name(&self) -> &str {
        &self.bucket
    }

    /// The region that signatures name.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The URL to which forms are posted.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL of an object.
    pub fn object_url(&self, key: &str) -> String {
        let slash = if self.url.ends_with('/') { "" } else { "/" };
        format!("{}{slash}{}", self.url, utf8_percent_encode(key, &ESCAPED_IN_KEY))
    }

    fn new(bucket: &str, region: &str, url: String) -> Result<Self, BucketEndpointError> {
        if !is_bucket(bucket) {
            return Err(BucketEndpointError::Bucket(bucket.to_owned()));
        }
        if region.is_empty() || !region.bytes().all(is_label_byte) {
            return Err(BucketEndpointError::Region(region.to_owned()));
        }
        Ok(Self { bucket: bucket.to_owned(), region: region.to_owned(), url })
    }
}

fn is_bucket(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name.bytes().all(|b| is_label_byte(b) || b == b'.')
        && name.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

fn is_label_byte(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'
}

/// `true` if the text is a scheme, a host (a name, an IPv4 address or an IPv6 address in brackets) and an optional port.
fn is_endpoint(text: &str) -> bool {
    let Some(authority) = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")) else {
        return false;
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "0"),
    };
    let is_ipv6 = |inner: &str| inner.parse::<std::net::Ipv6Addr>().is_ok();
    let is_host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => is_ipv6(inner),
        None => {
            !host.is_empty() && host.bytes().all(|b| is_label_byte(b) || b == b'.' || b.is_ascii_uppercase())
        }
    };
    is_host && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regional_bucket_is_addressed_by_host_and_any_other_by_path() {
        let check =
            |target: Result<BucketEndpoint, BucketEndpointError>, bucket_url: &str, object_url: &str| {
                let target = target.unwrap();
                assert_eq!(target.url(), bucket_url);
                assert_eq!(target.object_url("files/a b+é/'~.jpg"), object_url);
            };
        check(
            BucketEndpoint::regional("originals", "eu-west-1"),
            "https://originals.s3.eu-west-1.amazonaws.com/",
            "https://originals.s3.eu-west-1.amazonaws.com/files/a%20b%2B%C3%A9/%27~.jpg",
        );
        check(
            BucketEndpoint::regional("my.originals", "cn-north-1"),
            "https://s3.cn-north-1.amazonaws.com.cn/my.originals",
            "https://s3.cn-north-1.amazonaws.com.cn/my.originals/files/a%20b%2B%C3%A9/%27~.jpg",
        );
        check(
            BucketEndpoint::at_endpoint("originals", "us-east-1", "http://127.0.0.1:9000/"),
            "http://127.0.0.1:9000/originals",
            "http://127.0.0.1:9000/originals/files/a%20b%2B%C3%A9/%27~.jpg",
        );
    }

    #[test]
    fn invalid_endpoints_buckets_and_regions_are_refused() {
        let endpoint = |text: &str| BucketEndpoint::at_endpoint("originals", "us-east-1", text).is_ok();
        for text in ["http://[::1]:9000", "https://s3.example.com", "http://localhost:1", "http://a:65535"] {
            assert!(endpoint(text), "{text}");
        }
        for text in [
            "",
            "localhost:9000",
            "ftp://a",
            "http://",
            "http://a/b",
            "http://a?b",
            "http://u@a",
            "http://a:",
            "http://a:b",
            "http://a:65536",
            "http://[::1",
            "http://[x]",
            "http://a b",
        ] {
            assert!(!endpoint(text), "{text}");
        }
        for bucket in ["ab", "Abc", "a_b", "a/b", "a..b", ".ab", "-ab", "ab-", &"a".repeat(64)] {
            assert_eq!(
                BucketEndpoint::regional(bucket, "us-east-1"),
                Err(BucketEndpointError::Bucket(bucket.to_owned()))
            );
        }
        for region in ["", "eu west", "eu.west", "EU"] {
            assert_eq!(
                BucketEndpoint::regional("abc", region),
                Err(BucketEndpointError::Region(region.to_owned()))
            );
        }
    }
}
