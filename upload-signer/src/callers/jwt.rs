//! JSON Web Tokens in compact form (RFC 7515 and 7519), and their claims. The modules `session` and `jwks` verify the
//! signatures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest token in characters, more than fits into an HTTP header.
const MAX_CHARACTERS: usize = 16 * 1024;

/// The longest subject in bytes, which is `OpenID`'s limit. Subjects are part of upload ids, which are part of URLs.
const MAX_SUBJECT_BYTES: usize = 255;

/// The tolerated difference between the clocks of issuer and signer, in seconds.
pub const LEEWAY_SECONDS: i64 = 60;

/// A token with an unverified signature.
#[derive(Debug)]
pub struct Token<'a> {
    /// The header.
    pub header: Header,
    /// The claims. Verify the signature before you trust them.
    pub claims: Map<String, Value>,
    /// The text that the signature covers.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

/// The header of a token.
#[derive(Debug, Deserialize)]
pub struct Header {
    /// The algorithm (RFC 7518).
    pub alg: String,
    /// The id of the key.
    pub kid: Option<String>,
    /// Critical extensions. None is supported, so a token with this member is refused.
    crit: Option<Value>,
}

impl<'a> Token<'a> {
    /// Parses a token of three parts.
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.len() > MAX_CHARACTERS {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        header.crit.is_none().then_some(Self { header, claims, signed, signature })
    }
}

/// A claim that is a string; `None` if it is missing or has another type.
pub fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

/// The claim `sub`; `None` if it is missing or not 1 to 255 bytes long.
pub fn subject(claims: &Map<String, Value>) -> Option<&str> {
    text(claims, "sub").filter(|subject| (1..=MAX_SUBJECT_BYTES).contains(&subject.len()))
}

/// The scope of sessions and tokens that may read every private file, such as those of the application's backend.
pub const READ_ALL_SCOPE: &str = "tintype/files.read";

/// The scope of an administrator who may change and delete the files of all owners in the library.
pub const WRITE_ALL_SCOPE: &str = "tintype/files.write";

/// `true` if the claim `scope`, a list with spaces (RFC 8693, section 4.2), contains a scope.
pub fn has_scope(claims: &Map<String, Value>, wanted: &str) -> bool {
    text(claims, "scope").is_some_and(|scopes| scopes.split(' ').any(|scope| scope == wanted))
}

/// `true` if a token is for an audience: the claim `aud`, a string or an array, contains it (RFC 9068, section 4). Only
/// a token without `aud`, such as Cognito's access tokens, may name it in `client_id` instead. If there is an `aud`,
/// `client_id` only names the program that requested the token.
pub fn is_for(claims: &Map<String, Value>, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(all)) => all.iter().any(|one| one == audience),
        Some(_) => false,
        None => text(claims, "client_id") == Some(audience),
    }
}

/// The reason why a token isn't valid at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// `exp` is missing, or `exp` or `nbf` is not a number of seconds.
    Unreadable,
    /// The token has expired.
    Expired,
    /// The token isn't valid yet.
    NotYet,
}

/// The time in `exp` if a token is valid at `now`: until `end_leeway` seconds after `exp`, which is required, and from a minute
/// before `nbf`, which is optional. A time that is not a number makes a token invalid.
pub fn valid_until(
    claims: &Map<String, Value>,
    now: Timestamp,
    end_leeway: i64,
) -> Result<Timestamp, TimeError> {
    let ends = claims.get("exp").and_then(seconds).ok_or(TimeError::Unreadable)?;
    let begins = claims.get("nbf").map_or(Some(i64::MIN), seconds).ok_or(TimeError::Unreadable)?;
    let now = now.as_second();
    if now >= ends.saturating_add(end_leeway) {
        return Err(TimeError::Expired);
    }
    if begins > now.saturating_add(LEEWAY_SECONDS) {
        return Err(TimeError::NotYet);
    }
    Timestamp::from_second(ends).map_err(|_| TimeError::Unreadable)
}

/// The seconds of a `NumericDate`, without its fraction.
fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
}

/// Encodes a token with the header `alg` and the signature that `sign` returns for its text.
pub fn encode(alg: &str, claims: &Map<String, Value>, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#));
    let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
    let signed = format!("{header}.{claims}");
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_token_has_three_parts_and_no_extension() {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let check = |header: &str, body: &str, expected: bool| {
            let text = format!("{}.{}.AQID", part(header), part(body));
            assert_eq!(Token::parse(&text).is_some(), expected, "{header} {body}");
        };
        check(r#"{"alg":"HS256"}"#, "{}", true);
        check(r#"{"alg":"HS256","crit":["b64"]}"#, "{}", false);
        check(r"{}", "{}", false);
        check(r#"{"alg":"HS256"}"#, "[]", false);
        for text in ["", ".", "..", "a.b", "a.b.c", "....", &"a".repeat(20_000)] {
            assert!(Token::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_token_is_valid_from_nbf_to_exp_with_a_minute_of_leeway() {
        let check_with = |value: &Value, end_leeway: i64, now: i64, expected: Option<i64>| {
            let until = valid_until(&claims(value), Timestamp::from_second(now).unwrap(), end_leeway);
            assert_eq!(until.ok().map(Timestamp::as_second), expected, "{value} at {now}");
        };
        let check = |value: &Value, now: i64, expected: Option<i64>| {
            check_with(value, LEEWAY_SECONDS, now, expected);
        };
        check_with(&json!({ "exp": 1000 }), 0, 999, Some(1000));
        check_with(&json!({ "exp": 1000 }), 0, 1000, None);
        check_with(&json!({ "exp": 1000, "nbf": 500 }), 0, 440, Some(1000));
        check(&json!({ "exp": 1000 }), 1059, Some(1000));
        check(&json!({ "exp": 1000 }), 1060, None);
        check(&json!({ "exp": 1000.7 }), 0, Some(1000));
        check(&json!({ "exp": 1000, "nbf": 500 }), 440, Some(1000));
        check(&json!({ "exp": 1000, "nbf": 500 }), 439, None);
        check(&json!({}), 0, None);
        check(&json!({ "exp": "1000" }), 0, None);
        check(&json!({ "exp": null }), 0, None);
        check(&json!({ "exp": 1000, "nbf": "0" }), 999, None);
        check(&json!({ "exp": 1e300 }), 0, None);
    }

    #[test]
    fn a_subject_has_1_to_255_bytes() {
        let check = |value: &Value, expected: Option<&str>| {
            assert_eq!(subject(&claims(value)), expected, "{value}");
        };
        let (longest, longer) = ("a".repeat(255), "a".repeat(256));
        check(&json!({ "sub": "é" }), Some("é"));
        check(&json!({ "sub": longest }), Some(&longest));
        check(&json!({ "sub": longer }), None);
        check(&json!({ "sub": "" }), None);
        check(&json!({ "sub": 5 }), None);
        check(&json!({}), None);
    }

    #[test]
    fn an_audience_is_in_aud_or_in_client_id_of_a_token_without_aud() {
        let check = |value: &Value, expected: bool| assert_eq!(is_for(&claims(value), "us"), expected);
        check(&json!({ "aud": "us" }), true);
        check(&json!({ "aud": ["them", "us"] }), true);
        check(&json!({ "aud": "them" }), false);
        check(&json!({ "aud": [] }), false);
        check(&json!({}), false);
        check(&json!({ "client_id": "us" }), true);
        check(&json!({ "client_id": "them" }), false);
        check(&json!({ "client_id": "us", "aud": "them" }), false);
        check(&json!({ "client_id": "us", "aud": [] }), false);
        check(&json!({ "client_id": "us", "aud": null }), false);
        check(&json!({ "client_id": "them", "aud": "us" }), true);
    }
}
