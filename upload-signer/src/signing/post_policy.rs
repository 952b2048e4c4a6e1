//! A presigned POST: a form with a policy whose conditions S3 checks. Text and order equal botocore's byte for byte.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::error::{Cause, SignError};
use crate::signing::sigv4::{ALGORITHM, Scope};

/// S3's limit for the part of a form before its file, in bytes.
const MAX_FORM_BYTES: usize = 20_480;

/// The bytes of a form field besides its name and value: a boundary of at most 70 characters and the header around the
/// name (RFC 2046, section 5.1.1; RFC 7578, section 4.2).
const FIELD_OVERHEAD_BYTES: usize = 2 + 70 + 2 + "Content-Disposition: form-data; name=\"\"".len() + 4 + 2;

/// The conditions of a form.
#[derive(Clone, Copy, Debug)]
pub struct PostPolicy<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The exact key of the object.
    pub key: &'a str,
    /// The other fields of the form with their exact values.
    pub fields: &'a [(String, String)],
    /// The accepted sizes in bytes.
    pub bytes: &'a RangeInclusive<u64>,
    /// The expiry in whole seconds.
    pub expires: Timestamp,
}

impl PostPolicy<'_> {
    /// The fields of the signed form in botocore's order. The file must follow them. Fails if they exceed S3's limit.
    pub fn sign(&self, scope: &Scope<'_>) -> Result<Vec<(String, String)>, SignError> {
        let signing_fields = signing_fields(scope);
        let policy = STANDARD.encode(self.text(&signing_fields));
        let signature = scope.sign_text(&policy);
        let mut fields = self.fields.to_vec();
        fields.push(("key".to_owned(), self.key.to_owned()));
        fields.extend(signing_fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
        fields.push(("policy".to_owned(), policy));
        fields.push(("x-amz-signature".to_owned(), signature));
        let bytes = form_bytes(&fields);
        if bytes > MAX_FORM_BYTES {
            let limit = MAX_FORM_BYTES;
            return Err(SignError::at("metadata", Cause::FormTooLarge { bytes, limit }));
        }
        Ok(fields)
    }

    /// The policy as JSON with the separators and escapes of Python's `json.dumps`.
    fn text(&self, signing_fields: &[(&str, String)]) -> String {
        let exact = |name: &str, value: &str| format!("{{{}: {}}}", quoted(name), quoted(value));
        let mut conditions: Vec<String> =
            self.fields.iter().map(|(name, value)| exact(name, value)).collect();
        conditions.push(format!("[\"content-length-range\", {}, {}]", self.bytes.start(), self.bytes.end()));
        conditions.push(exact("bucket", self.bucket));
        conditions.push(exact("key", self.key));
        conditions.extend(signing_fields.iter().map(|(name, value)| exact(name, value)));
        let expiration = self.expires.strftime("%Y-%m-%dT%H:%M:%SZ");
        format!("{{\"expiration\": \"{expiration}\", \"conditions\": [{}]}}", conditions.join(", "))
    }
}

/// The fields that state the credential scope.
fn signing_fields(scope: &Scope<'_>) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("x-amz-algorithm", ALGORITHM.to_owned()),
        ("x-amz-credential", scope.credential()),
        ("x-amz-date", scope.date_time()),
    ];
    if let Some(token) = scope.credentials.session_token() {
        fields.push(("x-amz-security-token", token.to_owned()));
    }
    fields
}

/// The largest possible size of a form before its file, in bytes.
fn form_bytes(fields: &[(String, String)]) -> usize {
    fields.iter().map(|(name, value)| name.len() + value.len() + FIELD_OVERHEAD_BYTES).sum()
}

/// A JSON string in ASCII, as `json.dumps` writes it.
fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            ' '..='~' => json.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(json, "\\u{unit:04x}");
                }
            }
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::Credentials;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn credentials(token: Option<String>) -> Credentials {
        Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET, token, None, "test")
    }

    fn policy<'a>(fields: &'a [(String, String)], bytes: &'a RangeInclusive<u64>) -> PostPolicy<'a> {
        let expires = "2015-12-29T01:00:00Z".parse().unwrap();
        PostPolicy { bucket: "sigv4examplebucket", key: "user/user1/photo.jpg", fields, bytes, expires }
    }

    #[test]
    fn the_policy_of_aws_s_example_has_its_signature() {
        let text = concat!(
            r#"{"expiration": "2015-12-29T01:00:00Z", "conditions": [{"bucket": "sigv4examplebucket"}, "#,
            r#"{"key": "user/user1/photo.jpg"}, {"x-amz-algorithm": "AWS4-HMAC-SHA256"}, "#,
            r#"{"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"}, "#,
            r#"{"x-amz-date": "20151229T000000Z"}]}"#,
        );
        let credentials = credentials(None);
        let now = "2015-12-29T00:00:00Z".parse().unwrap();
        let scope = Scope { credentials: &credentials, region: "us-east-1", now };
        // This signer adds one condition.
        let ours = policy(&[], &(1..=5)).text(&signing_fields(&scope));
        assert_eq!(ours.replace("[\"content-length-range\", 1, 5], ", ""), text);
        let expected = "3364624b39010d9b06f5d9b8c9a18a6e478d261c048159c92f2fd6fa885f14e6";
        assert_eq!(scope.sign_text(&STANDARD.encode(text)), expected);
    }

    #[test]
    fn text_is_escaped_as_in_python() {
        let check = |text: &str, expected: &str| assert_eq!(quoted(text), expected, "{text:?}");
        check("a/b c", r#""a/b c""#);
        check("\"\\", r#""\"\\""#);
        check("\n\r\t\u{8}\u{c}", r#""\n\r\t\b\f""#);
        check("\u{0}\u{1f}\u{7f}", r#""\u0000\u001f\u007f""#);
        check("é€", r#""\u00e9\u20ac""#);
        check("😀", r#""\ud83d\ude00""#);
    }

    #[test]
    fn the_largest_form_is_signed_and_a_larger_one_is_refused() {
        let credentials = credentials(Some("t".repeat(4096)));
        let now = "2015-12-29T00:00:00Z".parse().unwrap();
        let scope = Scope { credentials: &credentials, region: "ap-southeast-1", now };
        let sign = |count: usize| {
            let fields: Vec<_> = (0..count).map(|i| (format!("x-amz-meta-{i:03}"), "v".to_owned())).collect();
            policy(&fields, &(1..=5)).sign(&scope)
        };
        let largest = (0..1000).take_while(|count| sign(*count).is_ok()).last().unwrap();
        assert!(largest > 30, "{largest}");
        let part = |(name, value): &(String, String)| {
            let boundary = "b".repeat(70);
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .len()
        };
        assert!(sign(largest).unwrap().iter().map(part).sum::<usize>() <= MAX_FORM_BYTES);
        assert!(
            matches!(sign(largest + 1).unwrap_err().cause, Cause::FormTooLarge { bytes, .. } if bytes > MAX_FORM_BYTES)
        );
    }
}
