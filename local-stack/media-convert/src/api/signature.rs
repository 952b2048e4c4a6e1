//! Signature Version 4 in the `Authorization` header, checked as AWS does: the endpoint accepts requests that the secret
//! of a known caller signed. The crate `aws-sigv4` computes the expected signature.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::request::Parts;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use subtle::ConstantTimeEq as _;

use super::error::ApiError;

/// The name of the algorithm.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The name of the service in the scope of a signature.
const SERVICE: &str = "mediaconvert";

/// The largest accepted body, in bytes. A job of a hundred outputs has a tenth of it.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The largest difference between the clocks of caller and endpoint.
const MAX_CLOCK_SKEW: Duration = Duration::from_mins(15);

/// The callers whose signatures are accepted.
#[derive(Clone, Debug)]
pub(crate) struct Callers {
    pub(crate) credentials: Vec<Credentials>,
    /// The region of the endpoint.
    pub(crate) region: String,
}

/// Passes on requests with a valid signature; answers the others.
pub(crate) async fn require(State(callers): State<Callers>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return ApiError::BadRequest(format!("the body exceeds {MAX_BODY_BYTES} bytes")).into_response();
    };
    match check(&parts, &body, &callers, Timestamp::now()) {
        Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(error) => error.into_response(),
    }
}

fn check(parts: &Parts, body: &[u8], callers: &Callers, now: Timestamp) -> Result<(), ApiError> {
    let header =
        text(&parts.headers, "authorization").ok_or(ApiError::Unsigned("Authorization is missing"))?;
    let header = header
        .strip_prefix(ALGORITHM)
        .and_then(|rest| rest.strip_prefix(' '))
        .ok_or(ApiError::Unsigned("the algorithm must be AWS4-HMAC-SHA256"))?;
    let member =
        |name: &str| header.split(',').find_map(|member| member.trim().strip_prefix(name)?.strip_prefix('='));
    let (Some(credential), Some(signed_headers), Some(signature)) =
        (member("Credential"), member("SignedHeaders"), member("Signature"))
    else {
        return Err(ApiError::Unsigned("Credential, SignedHeaders and Signature are needed"));
    };
    let (key_id, scope) = credential.split_once('/').ok_or(ApiError::Unsigned("Credential has no scope"))?;
    let caller = callers.credentials.iter().find(|caller| caller.access_key_id() == key_id);
    let caller = caller.ok_or(ApiError::UnknownCaller)?;
    let date_time = text(&parts.headers, "x-amz-date").ok_or(ApiError::Unsigned("X-Amz-Date is missing"))?;
    let day = date_time.get(..8).unwrap_or_default();
    if scope != format!("{day}/{}/{SERVICE}/aws4_request", callers.region) {
        return Err(ApiError::Signature("the signature is for another region, service or day"));
    }
    let signed_at = DateTime::strptime("%Y%m%dT%H%M%SZ", date_time)
        .and_then(|time| time.to_zoned(TimeZone::UTC))
        .map_err(|_| ApiError::Signature("X-Amz-Date can't be read"))?
        .timestamp();
    if signed_at.duration_since(now).unsigned_abs() > MAX_CLOCK_SKEW {
        return Err(ApiError::Signature(
            "the signature is expired or from the future: the clocks differ by more than 15 minutes",
        ));
    }
    if !signed_headers.split(';').any(|name| name == "host") {
        return Err(ApiError::Signature("the header Host must be signed"));
    }
    let expected = expected_signature(parts, body, signed_headers, (caller, &callers.region), signed_at);
    match (hex::decode(signature), expected) {
        (Ok(signature), Some(expected)) if bool::from(signature.ct_eq(expected.as_slice())) => Ok(()),
        (Ok(_) | Err(_), _) => {
            Err(ApiError::Signature("the signature isn't that of this request and secret"))
        }
    }
}

/// The signature that the caller's secret gives the request in a region. `None` if the request cannot be signed.
fn expected_signature(
    parts: &Parts,
    body: &[u8],
    signed_headers: &str,
    (caller, region): (&Credentials, &str),
    signed_at: Timestamp,
) -> Option<Vec<u8>> {
    let mut settings = SigningSettings::default();
    // The caller decides which headers it signs.
    settings.excluded_headers = None;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let identity = caller.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(SERVICE)
        .time(SystemTime::from(signed_at))
        .settings(settings)
        .build()
        .ok()?
        .into();
    // A URL needs a host. The signature covers the one of the header.
    text(&parts.headers, "host")?;
    let url = format!("http://localhost{}", parts.uri.path_and_query()?);
    let headers = parts
        .headers
        .iter()
        .filter(|(name, _)| signed_headers.split(';').any(|signed| name.as_str() == signed))
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let request =
        SignableRequest::new(parts.method.as_str(), url, headers, SignableBody::Bytes(body)).ok()?;
    let (_, signature) = sign(request, &parameters).ok()?.into_parts();
    hex::decode(signature).ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signed by botocore 1.44: `GET /2017-08-29/jobs?maxResults=2&status=COMPLETE` of `127.0.0.1:8082`.
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

    fn callers() -> Callers {
        let credentials = |id| Credentials::new(id, "tintype-local", None, None, "test");
        Callers {
            credentials: vec![credentials("other"), credentials("tintype")],
            region: "us-east-1".to_owned(),
        }
    }

    fn now(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_request_signed_by_botocore_is_accepted_for_15_minutes() {
        let check = |time: &str, body: &[u8], expected: Result<(), &str>| {
            let result = check(&request(), body, &callers(), now(time)).map_err(|error| error.to_string());
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
    fn any_change_of_the_request_breaks_the_signature() {
        let check = |change: fn(&mut Parts), part: &str| {
            let mut parts = request();
            change(&mut parts);
            let error = check(&parts, b"", &callers(), now("2026-01-02T03:04:05Z")).unwrap_err().to_string();
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
