//! The signature of a form's policy.

use std::time::SystemTime;

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use s3s::post_policy::PostPolicy;
use subtle::ConstantTimeEq as _;

use super::form::FormFields;
use crate::access::Callers;
use crate::error::ClientError;
use crate::guard::Guard;

/// The name of the algorithm.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Checks the signature of a form's policy for the buckets' region. Returns the policy, and the permissions of its signer.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html>
pub(crate) fn verify(
    fields: &FormFields,
    callers: &Callers,
    expected_region: &str,
) -> Result<(PostPolicy, Guard), ClientError> {
    if fields.get("signature").is_some() {
        return Err(ClientError::InvalidRequest(format!(
            "the authorization mechanism you have provided is not supported; please use {ALGORITHM}"
        )));
    }
    let Some(policy) = fields.get("policy") else {
        return Err(ClientError::AccessDenied("a signature is required".to_owned()));
    };
    if fields.required("x-amz-algorithm")? != ALGORITHM {
        return Err(ClientError::InvalidArgument(format!("X-Amz-Algorithm only supports {ALGORITHM}")));
    }
    let date = fields.required("x-amz-date")?;
    let invalid = || ClientError::InvalidArgument("the field X-Amz-Credential is not valid".to_owned());
    let (access_key_id, scope) = fields.required("x-amz-credential")?.split_once('/').ok_or_else(invalid)?;
    let &[day, region, "s3", "aws4_request"] = scope.split('/').collect::<Vec<_>>().as_slice() else {
        return Err(invalid());
    };
    if region != expected_region {
        let (region, expected) = (region.to_owned(), expected_region.to_owned());
        return Err(ClientError::WrongRegionInQuery { region, expected });
    }
    let (credentials, guard) = callers.find(access_key_id).ok_or(ClientError::InvalidAccessKeyId)?;
    if !date.starts_with(day) {
        return Err(ClientError::SignatureDoesNotMatch);
    }
    let expected = expected_signature(policy, credentials.secret_access_key(), day, region);
    let signature = hex::decode(fields.required("x-amz-signature")?).unwrap_or_default();
    if !expected.is_some_and(|expected| signature.ct_eq(&expected).into()) {
        return Err(ClientError::SignatureDoesNotMatch);
    }
    let policy = PostPolicy::from_base64(policy)
        .map_err(|error| ClientError::InvalidPolicyDocument(error.to_string()))?;
    Ok((policy, guard))
}

/// The signature of a policy. `None` if `day` is not a date such as `20260131`.
fn expected_signature(policy: &str, secret: &str, day: &str, region: &str) -> Option<Vec<u8>> {
    let time = Date::strptime("%Y%m%d", day).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let key = generate_signing_key(secret, SystemTime::from(time), region, "s3");
    hex::decode(calculate_signature(key, policy.as_bytes())).ok()
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use base64::Engine as _;
    use local_policy::Permissions;

    use super::*;

    /// The example in AWS's documentation.
    #[test]
    fn only_the_documented_signature_is_accepted() {
        let policy = r#"{"expiration": "2015-12-29T01:00:00Z", "conditions": [{"bucket": "sigv4examplebucket"}, {"key": "user/user1/photo.jpg"}, {"x-amz-algorithm": "AWS4-HMAC-SHA256"}, {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"}, {"x-amz-date": "20151229T000000Z"}]}"#;
        let policy = base64::engine::general_purpose::STANDARD.encode(policy);
        let right = "3364624b39010d9b06f5d9b8c9a18a6e478d261c048159c92f2fd6fa885f14e6";
        let credentials =
            Credentials::from_keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None);
        let callers = Callers::new(credentials, Vec::new(), Permissions::default());
        let check_in = |region: &str, signature: &str, expected: Option<ClientError>| {
            let fields = FormFields::from([
                ("policy", policy.as_str()),
                ("x-amz-algorithm", ALGORITHM),
                ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
                ("x-amz-date", "20151229T000000Z"),
                ("x-amz-signature", signature),
            ]);
            assert_eq!(verify(&fields, &callers, region).err(), expected);
        };
        let check =
            |signature: &str, expected: Option<ClientError>| check_in("us-east-1", signature, expected);
        check(right, None);
        check(&right.replace('3', "4"), Some(ClientError::SignatureDoesNotMatch));
        check("", Some(ClientError::SignatureDoesNotMatch));
        check("x", Some(ClientError::SignatureDoesNotMatch));
        let (region, expected) = ("us-east-1".to_owned(), "eu-west-1".to_owned());
        check_in("eu-west-1", right, Some(ClientError::WrongRegionInQuery { region, expected }));
    }
}
