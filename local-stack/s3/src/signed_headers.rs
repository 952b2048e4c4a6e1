//! Checks that a signature covers the headers of S3, which `s3s` doesn't check.

use http::header::{AUTHORIZATION, RANGE};
use http::request::Parts;
use percent_encoding::percent_decode_str;
use s3s::dto::Range;

use super::error::ClientError;

/// Headers of S3 that clients may send unsigned: they don't change a stored object.
const EXEMPT: [&str; 2] = ["x-amz-content-sha256", "x-amz-user-agent"];

/// Refuses a request with an `x-amz-` header that its signature doesn't cover, as S3 does: otherwise the holder of a
/// presigned URL could add tags or metadata. Removes an invalid, unsigned `Range`, since RFC 9110, section 14.2, lets
/// servers ignore it.
pub(crate) fn check(parts: &mut Parts) -> Result<(), ClientError> {
    let Some(signed) = signed_headers(parts) else { return Ok(()) };
    let is_signed = |name: &str| signed.iter().any(|signed| signed == name);
    let mut unsigned: Vec<&str> = parts.headers.keys().map(http::HeaderName::as_str).collect();
    unsigned.retain(|name| name.starts_with("x-amz-") && !EXEMPT.contains(name) && !is_signed(name));
    if !unsigned.is_empty() {
        let names = unsigned.join(", ");
        return Err(ClientError::AccessDenied(format!(
            "there were headers in the request that were not signed: {names}"
        )));
    }
    let range = parts.headers.get(RANGE).and_then(|value| value.to_str().ok());
    if range.is_some_and(|range| Range::parse(range).is_err()) && !is_signed("range") {
        parts.headers.remove(RANGE);
    }
    Ok(())
}

/// The names of the headers that a version 4 signature covers. `None` without such a signature.
fn signed_headers(parts: &Parts) -> Option<Vec<String>> {
    let authorization = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_header = authorization
        .filter(|value| value.starts_with("AWS4-"))
        .and_then(|value| value.split([',', ' ']).find_map(|field| field.strip_prefix("SignedHeaders=")));
    let in_query =
        || parts.uri.query()?.split('&').find_map(|pair| pair.strip_prefix("X-Amz-SignedHeaders="));
    let names = percent_decode_str(in_header.or_else(in_query)?).decode_utf8_lossy().to_lowercase();
    Some(names.split(';').map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_s3_must_be_signed() {
        let check = |uri: &str, authorization: &str, header: &str, expected: bool| {
            let request = http::Request::builder().uri(uri).header(header, "x");
            let request =
                if authorization.is_empty() { request } else { request.header(AUTHORIZATION, authorization) };
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(super::check(&mut parts).is_ok(), expected, "{uri} {authorization} {header}");
        };
        let presigned = "/b/k?X-Amz-Signature=0&X-Amz-SignedHeaders=host%3Bx-amz-tagging";
        let plain = "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host;x-amz-tagging, Signature=0";
        for (uri, authorization) in [(presigned, ""), ("/b/k", plain), ("/b/k", &plain.replace(", ", ","))] {
            check(uri, authorization, "x-amz-tagging", true);
            check(uri, authorization, "x-amz-meta-a", false);
            check(uri, authorization, "content-type", true);
            check(uri, authorization, "x-amz-content-sha256", true);
        }
        check("/b/k", "", "x-amz-meta-a", true);
    }
}
