//! AWS Signature Version 4 of texts, for forms, and of requests, for presigned URLs. `aws-sigv4` does the cryptography.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningParams, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::{self, calculate_signature, generate_signing_key};
use aws_smithy_runtime_api::client::identity::Identity;
use jiff::Timestamp;
use percent_encoding::utf8_percent_encode;

use crate::error::{Cause, SignError};
use crate::signing::bucket_endpoint::ESCAPED;

/// The name of the algorithm in forms and URLs.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

const SERVICE: &str = "s3";

const SIGNATURE: &str = "X-Amz-Signature";

/// The credential scope of signatures: credentials, region and time.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The credentials whose secret signs.
    pub credentials: &'a Credentials,
    /// The region of the bucket.
    pub region: &'a str,
    /// The time of signing. Fractions of a second are ignored.
    pub now: Timestamp,
}

impl Scope<'_> {
    /// The parameter `X-Amz-Credential`, `<key id>/<day>/<region>/s3/aws4_request`.
    pub fn credential(&self) -> String {
        let day = self.now.strftime("%Y%m%d");
        format!("{}/{day}/{}/{SERVICE}/aws4_request", self.credentials.access_key_id(), self.region)
    }

    /// The time as `YYYYMMDDTHHMMSSZ`.
    pub fn date_time(&self) -> String {
        self.now.strftime("%Y%m%dT%H%M%SZ").to_string()
    }

    /// The signature of a text in hexadecimal digits.
    pub fn sign_text(&self, text: &str) -> String {
        let secret = self.credentials.secret_access_key();
        let key = generate_signing_key(secret, SystemTime::from(self.now), self.region, SERVICE);
        calculate_signature(key, text.as_bytes())
    }

    /// The URL of a request with its signature in the query. The signature covers the method, the URL with its query, the
    /// headers and `host`, but not the body. Fails only if the URL or a header can't be part of a request.
    pub fn sign_url(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        lifetime: Duration,
    ) -> Result<String, SignError> {
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(lifetime);
        // S3 signs the path as it is sent: escaped once, with every slash and dot.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let identity = Identity::from(self.credentials.clone());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(SERVICE)
            .time(SystemTime::from(self.now))
            .settings(settings)
            .build()
            .map_err(not_signable)?;
        let params = SigningParams::from(params);
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = SignableRequest::new(method, url, headers, SignableBody::UnsignedPayload)
            .map_err(not_signable)?;
        let (instructions, _) = sign(request, &params).map_err(not_signable)?.into_parts();
        let (_, mut query) = instructions.into_parts();
        // botocore's order: the signature comes last.
        query.sort_by_key(|(name, _)| *name == SIGNATURE);
        let query: Vec<String> = query.iter().map(|(name, value)| parameter(name, value)).collect();
        let separator = if url.contains('?') { '&' } else { '?' };
        Ok(format!("{url}{separator}{}", query.join("&")))
    }
}

fn parameter(name: &str, value: &str) -> String {
    format!("{name}={}", utf8_percent_encode(value, &ESCAPED))
}

fn not_signable(error: impl std::fmt::Display) -> SignError {
    SignError::whole(Cause::NotSignable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of a POST policy in AWS's documentation.
    #[test]
    fn the_values_of_aws_s_example_are_reproduced() {
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let now: Timestamp = "2015-12-29T00:00:00Z".parse().unwrap();
        let key = generate_signing_key(secret, SystemTime::from(now), "us-east-1", SERVICE);
        let expected_key = "cbcef1ebeaefc82cce6530b9f0a9ae598846065f5c5bae0674bd5ebc4ba52d28";
        assert_eq!(hex::encode(key.as_ref()), expected_key);

        let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret, None, None, "test");
        let scope = Scope { credentials: &credentials, region: "us-east-1", now };
        assert_eq!(scope.credential(), "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request");
        assert_eq!(scope.date_time(), "20151229T000000Z");
    }

    #[test]
    fn an_invalid_request_is_an_error_and_no_panic() {
        let credentials = Credentials::new("id", "secret", None, None, "test");
        let scope = Scope { credentials: &credentials, region: "us-east-1", now: Timestamp::UNIX_EPOCH };
        let check = |url: &str, header: (&str, &str)| {
            let headers = [(header.0.to_owned(), header.1.to_owned())];
            let result = scope.sign_url("PUT", url, &headers, Duration::from_secs(1));
            assert!(matches!(result.unwrap_err().cause, Cause::NotSignable(_)));
        };
        check("http://a/\u{7f}", ("content-type", "image/png"));
        check("http://a/b", ("content type", "image/png"));
        check("http://a/b", ("content-type", "image\npng"));
    }
}
