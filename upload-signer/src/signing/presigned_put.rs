//! A presigned PUT: a URL whose signature covers the headers that the client must send. The URL equals botocore's.

use std::time::Duration;

use jiff::Timestamp;

use crate::error::{Cause, SignError};
use crate::signing::sigv4::Scope;

/// The URL for a PUT of an object with exactly these headers, except `host`. `expires` is after the time of signing by at
/// most a week.
pub fn presigned_put(
    object_url: &str,
    headers: &[(String, String)],
    expires: Timestamp,
    scope: &Scope<'_>,
) -> Result<String, SignError> {
    let lifetime = u64::try_from(expires.as_second() - scope.now.as_second())
        .map_err(|_| SignError::whole(Cause::NotSignable("the expiry has passed".to_owned())))?;
    scope.sign_url("PUT", object_url, headers, Duration::from_secs(lifetime))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::Credentials;

    fn url(token: Option<&str>, headers: &[(&str, &str)]) -> String {
        let credentials = Credentials::new("AK", "SK", token.map(str::to_owned), None, "test");
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        let scope = Scope { credentials: &credentials, region: "eu-west-1", now };
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let expires = "2026-01-02T03:19:05Z".parse().unwrap();
        presigned_put("https://b.s3.eu-west-1.amazonaws.com/files/1/cat.png", &headers, expires, &scope)
            .unwrap()
    }

    #[test]
    fn the_parameters_have_botocore_s_order() {
        let url = url(Some("a+/="), &[("content-type", "image/png"), ("if-none-match", "*")]);
        insta::assert_snapshot!(url, @"https://b.s3.eu-west-1.amazonaws.com/files/1/cat.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260102%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=content-type%3Bhost%3Bif-none-match&X-Amz-Security-Token=a%2B%2F%3D&X-Amz-Signature=d418af490eae789376b7f87f7c88197f564ee216f67acbcc1ac6744f6c19a07f");
    }

    #[test]
    fn any_change_of_a_header_changes_the_signature() {
        let original = url(None, &[("content-length", "5"), ("x-amz-checksum-sha256", "3q2+7w==")]);
        for changed in [
            url(None, &[("content-length", "6"), ("x-amz-checksum-sha256", "3q2+7w==")]),
            url(None, &[("content-length", "5"), ("x-amz-checksum-sha256", "3q2+7g==")]),
            url(None, &[("content-length", "5")]),
        ] {
            let signature = |url: &str| url.rsplit_once('=').unwrap().1.to_owned();
            assert_ne!(signature(&changed), signature(&original));
        }
    }
}
