//! The signature of a form's policy.

use aws_credential_types::Credentials;
use s3s::post_policy::PostPolicy;

use super::form::Fields;
use crate::error::Refusal;
use crate::sigv4::{ALGORITHM, is_signature};

/// The policy of a form, where its signature is right.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html>
pub(crate) fn verify(fields: &Fields, credentials: &Credentials) -> Result<PostPolicy, Refusal> {
    if fields.get("signature").is_some() {
        return Err(Refusal::InvalidRequest(format!(
            "the authorization mechanism you have provided is not supported; please use {ALGORITHM}"
        )));
    }
    let Some(policy) = fields.get("policy") else {
        return Err(Refusal::AccessDenied("a signature is required".to_owned()));
    };
    if fields.required("x-amz-algorithm")? != ALGORITHM {
        return Err(Refusal::InvalidArgument(format!("X-Amz-Algorithm only supports {ALGORITHM}")));
    }
    let date = fields.required("x-amz-date")?;
    let invalid = || Refusal::InvalidArgument("the field X-Amz-Credential is not valid".to_owned());
    let (access_key_id, scope) = fields.required("x-amz-credential")?.split_once('/').ok_or_else(invalid)?;
    let &[day, _, "s3", "aws4_request"] = scope.split('/').collect::<Vec<_>>().as_slice() else {
        return Err(invalid());
    };
    if access_key_id != credentials.access_key_id() {
        return Err(Refusal::InvalidAccessKeyId);
    }
    if !date.starts_with(day) {
        return Err(Refusal::SignatureDoesNotMatch);
    }
    let signature = fields.required("x-amz-signature")?;
    if !is_signature(signature, policy, credentials.secret_access_key(), scope) {
        return Err(Refusal::SignatureDoesNotMatch);
    }
    PostPolicy::from_base64(policy).map_err(|error| Refusal::InvalidPolicyDocument(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;

    /// The example of AWS's documentation.
    #[test]
    fn the_documented_signature_is_right_and_every_other_wrong() {
        let policy = r#"{"expiration": "2015-12-29T01:00:00Z", "conditions": [{"bucket": "sigv4examplebucket"}, {"key": "user/user1/photo.jpg"}, {"x-amz-algorithm": "AWS4-HMAC-SHA256"}, {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"}, {"x-amz-date": "20151229T000000Z"}]}"#;
        let policy = base64::engine::general_purpose::STANDARD.encode(policy);
        let right = "3364624b39010d9b06f5d9b8c9a18a6e478d261c048159c92f2fd6fa885f14e6";
        let credentials =
            Credentials::from_keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None);
        let check = |signature: &str, expected: Option<Refusal>| {
            let fields = Fields::from([
                ("policy", policy.as_str()),
                ("x-amz-algorithm", ALGORITHM),
                ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
                ("x-amz-date", "20151229T000000Z"),
                ("x-amz-signature", signature),
            ]);
            assert_eq!(verify(&fields, &credentials).err(), expected);
        };
        check(right, None);
        check(&right.replace('3', "4"), Some(Refusal::SignatureDoesNotMatch));
        check("", Some(Refusal::SignatureDoesNotMatch));
        check("x", Some(Refusal::SignatureDoesNotMatch));
    }
}
