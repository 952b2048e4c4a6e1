//! Checks the region of a signature, which `s3s` doesn't check.

use http::header::AUTHORIZATION;
use http::request::Parts;
use percent_encoding::percent_decode_str;

use super::error::ClientError;

/// Refuses a version 4 signature for another region than that of the buckets, as S3 does. The signature of a form is checked
/// with the form.
pub(crate) fn check(parts: &Parts, expected: &str) -> Result<(), ClientError> {
    let authorization = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_header = authorization
        .and_then(|value| value.split([',', ' ']).find_map(|field| field.strip_prefix("Credential=")));
    let in_query = || parts.uri.query()?.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Credential="));
    let (credential, is_in_query) = match (in_header, in_query()) {
        (Some(credential), _) => (credential, false),
        (None, Some(credential)) => (credential, true),
        (None, None) => return Ok(()),
    };
    let credential = percent_decode_str(credential).decode_utf8_lossy();
    match region(&credential) {
        Some(region) if region != expected => {
            let (region, expected) = (region.to_owned(), expected.to_owned());
            Err(if is_in_query {
                ClientError::WrongRegionInQuery { region, expected }
            } else {
                ClientError::WrongRegion { region, expected }
            })
        }
        Some(_) | None => Ok(()),
    }
}

/// The region in a credential: `<access key id>/<day>/<region>/s3/aws4_request`. The id may contain slashes.
fn region(credential: &str) -> Option<&str> {
    credential.rsplit('/').nth(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_for_another_region_is_refused_with_the_expected_one() {
        let check = |uri: &str, authorization: &str| {
            let request = http::Request::builder().uri(uri);
            let request =
                if authorization.is_empty() { request } else { request.header(AUTHORIZATION, authorization) };
            super::check(&request.body(()).unwrap().into_parts().0, "us-east-1")
        };
        let header = |region: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential=id/20260101/{region}/s3/aws4_request, SignedHeaders=host, Signature=0"
            )
        };
        let query = |region: &str| {
            format!("/b/k?X-Amz-Signature=0&X-Amz-Credential=id%2F20260101%2F{region}%2Fs3%2Faws4_request")
        };
        let (region, expected) = ("eu-west-1".to_owned(), "us-east-1".to_owned());
        assert_eq!(check("/b/k", &header("us-east-1")), Ok(()));
        assert_eq!(check(&query("us-east-1"), ""), Ok(()));
        assert_eq!(check("/b/k", ""), Ok(()));
        let wrong = ClientError::WrongRegion { region: region.clone(), expected: expected.clone() };
        assert_eq!(check("/b/k", &header(&region)), Err(wrong));
        let wrong = ClientError::WrongRegionInQuery { region: region.clone(), expected };
        assert_eq!(check(&query(&region), ""), Err(wrong));
    }
}
