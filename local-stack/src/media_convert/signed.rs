//! Signature Version 4 in the header `Authorization`, checked as AWS does: whoever holds the owner's secret may ask.

use std::fmt::Write as _;
use std::time::Duration;

use aws_credential_types::Credentials;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::request::Parts;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use super::problem::ApiError;
use crate::sigv4::{ALGORITHM, is_signature};

/// The largest body, in bytes. A job of a hundred outputs has a tenth of it.
const MOST_BYTES: usize = 1 << 20;

/// How far the clocks of caller and endpoint may be apart.
const SKEW: Duration = Duration::from_mins(15);

/// What stays as it is in a canonical request.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Whose signatures are taken.
#[derive(Clone, Debug)]
pub(crate) struct Signers {
    pub(crate) owner: Credentials,
    pub(crate) region: String,
}

/// Lets through what is signed.
pub(crate) async fn require(State(signers): State<Signers>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return ApiError::BadRequest(format!("a body has at most {MOST_BYTES} bytes")).into_response();
    };
    match check(&parts, &body, &signers, Timestamp::now()) {
        Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(error) => error.into_response(),
    }
}

fn check(parts: &Parts, body: &[u8], signers: &Signers, now: Timestamp) -> Result<(), ApiError> {
    let given =
        text(&parts.headers, "authorization").ok_or(ApiError::Unsigned("Authorization is missing"))?;
    let given = given
        .strip_prefix(ALGORITHM)
        .and_then(|given| given.strip_prefix(' '))
        .ok_or(ApiError::Unsigned("AWS4-HMAC-SHA256 is meant"))?;
    let member =
        |name: &str| given.split(',').find_map(|member| member.trim().strip_prefix(name)?.strip_prefix('='));
    let (Some(credential), Some(signed), Some(signature)) =
        (member("Credential"), member("SignedHeaders"), member("Signature"))
    else {
        return Err(ApiError::Unsigned("Credential, SignedHeaders and Signature are needed"));
    };
    let (key_id, scope) = credential.split_once('/').ok_or(ApiError::Unsigned("Credential has no scope"))?;
    if key_id != signers.owner.access_key_id() {
        return Err(ApiError::UnknownCaller);
    }
    let date_time = text(&parts.headers, "x-amz-date").ok_or(ApiError::Unsigned("X-Amz-Date is missing"))?;
    let day = date_time.get(..8).unwrap_or_default();
    if scope != format!("{day}/{}/mediaconvert/aws4_request", signers.region) {
        return Err(ApiError::Signature("the signature is for another region, service or day"));
    }
    let signed_at = DateTime::strptime("%Y%m%dT%H%M%SZ", date_time)
        .and_then(|time| time.to_zoned(TimeZone::UTC))
        .map_err(|_| ApiError::Signature("X-Amz-Date can't be read"))?;
    if signed_at.timestamp().duration_since(now).unsigned_abs() > SKEW {
        return Err(ApiError::Signature(
            "the signature is not of now: the clocks differ by more than 15 minutes",
        ));
    }
    if !signed.split(';').any(|name| name == "host") {
        return Err(ApiError::Signature("the header Host must be signed"));
    }
    let canonical = canonical_request(parts, body, signed);
    let digest = hex::encode(Sha256::digest(canonical));
    let to_sign = format!("{ALGORITHM}\n{date_time}\n{scope}\n{digest}");
    if !is_signature(signature, &to_sign, signers.owner.secret_access_key(), scope) {
        return Err(ApiError::Signature("the signature isn't that of this request and secret"));
    }
    Ok(())
}

fn canonical_request(parts: &Parts, body: &[u8], signed: &str) -> String {
    // Of every service but S3 the path is escaped once more.
    let path: Vec<_> = parts
        .uri
        .path()
        .split('/')
        .map(|segment| utf8_percent_encode(segment, &UNRESERVED).to_string())
        .collect();
    let mut query: Vec<(String, String)> = parts
        .uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (once(name), once(value)))
        .collect();
    query.sort();
    let query: Vec<_> = query.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut headers = String::new();
    for name in signed.split(';') {
        let values = parts.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        let values: Vec<_> =
            values.map(|value| value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let _ = writeln!(headers, "{name}:{}", values.join(","));
    }
    let digest = hex::encode(Sha256::digest(body));
    format!("{}\n{}\n{}\n{headers}\n{signed}\n{digest}", parts.method, path.join("/"), query.join("&"))
}

/// Escaped in the one way that signatures know, whichever way it is escaped.
fn once(text: &str) -> String {
    utf8_percent_encode(&percent_decode_str(text).decode_utf8_lossy(), &UNRESERVED).to_string()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by botocore 1.44 for `GET /2017-08-29/jobs?maxResults=2&status=COMPLETE` of `127.0.0.1:8082`.
    fn request() -> Parts {
        http::Request::get("/2017-08-29/jobs?status=COMPLETE&maxResults=2")
            .header("host", "127.0.0.1:8082")
            .header("x-amz-date", "20260102T030405Z")
            .header("authorization", AUTHORIZATION)
            .body(())
            .unwrap()
            .into_parts()
            .0
    }

    const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=tintype/20260102/us-east-1/mediaconvert/aws4_request, \
        SignedHeaders=host;x-amz-date, \
        Signature=1dcec4c46a3780dacb7c87518f065b0fba6fbe583e558eaf2f34a87b74ca773f";

    fn signers() -> Signers {
        Signers {
            owner: Credentials::new("tintype", "tintype-local", None, None, "test"),
            region: "us-east-1".to_owned(),
        }
    }

    fn now(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_request_of_botocores_is_let_through_within_a_quarter_of_an_hour() {
        let check = |time: &str, body: &[u8], expected: Result<(), &str>| {
            let result = check(&request(), body, &signers(), now(time)).map_err(|error| error.to_string());
            match (result, expected) {
                (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
                (result, expected) => assert_eq!(result, expected.map_err(str::to_owned), "{time}"),
            }
        };
        check("2026-01-02T03:04:05Z", b"", Ok(()));
        check("2026-01-02T03:19:05Z", b"", Ok(()));
        check("2026-01-02T02:49:05Z", b"", Ok(()));
        check("2026-01-02T03:19:06Z", b"", Err("the clocks differ"));
        check("2026-01-02T02:49:04Z", b"", Err("the clocks differ"));
        check("2026-01-02T03:04:05Z", b"{}", Err("isn't that of this request"));
    }

    #[test]
    fn whatever_is_changed_breaks_the_signature() {
        let check = |change: fn(&mut Parts), part: &str| {
            let mut parts = request();
            change(&mut parts);
            let error = check(&parts, b"", &signers(), now("2026-01-02T03:04:05Z")).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        check(|parts| parts.method = http::Method::DELETE, "isn't that of this request");
        check(
            |parts| parts.uri = "/2017-08-29/jobs?status=ERROR&maxResults=2".parse().unwrap(),
            "isn't that",
        );
        check(|parts| drop(parts.headers.insert("host", "example.com".parse().unwrap())), "isn't that");
        check(|parts| drop(parts.headers.remove("authorization")), "no signature");
        check(|parts| drop(parts.headers.remove("x-amz-date")), "no signature");
        check(
            |parts| {
                let other = AUTHORIZATION.replace("Credential=tintype/", "Credential=someone/");
                parts.headers.insert("authorization", other.parse().unwrap());
            },
            "isn't known",
        );
        check(
            |parts| {
                let other = AUTHORIZATION.replace("/mediaconvert/", "/s3/");
                parts.headers.insert("authorization", other.parse().unwrap());
            },
            "another region, service or day",
        );
    }
}
