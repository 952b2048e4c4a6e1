//! A variant as a response.

use std::fmt::Write as _;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use contract::caching::inline_disposition;
use contract::key::Key;
use http::{HeaderName, HeaderValue, StatusCode, header};
use service::problem::Kind;

use crate::edge::store::StoredVariant;
use crate::stopwatch::Step;

/// 304 where the viewer has it already, else 200.
pub(crate) fn respond(
    variant: &StoredVariant,
    condition: Option<&HeaderValue>,
    body: Body,
    timing: &str,
) -> Response {
    let is_fresh = is_fresh(condition, &variant.etag);
    let mut response = if is_fresh { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(body) };
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value)
            && !value.is_empty()
        {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::ETAG, &variant.etag);
    set(header::CACHE_CONTROL, &variant.cache_control);
    set(HeaderName::from_static("x-amz-meta-cache-tag"), &variant.cache_tag);
    set(HeaderName::from_static("server-timing"), timing);
    if !is_fresh {
        set(header::CONTENT_TYPE, &variant.media_type);
        set(header::CONTENT_LENGTH, &variant.length.map(|length| length.to_string()).unwrap_or_default());
        set(header::CONTENT_DISPOSITION, &variant.disposition);
    }
    response
}

/// A picture that stands in for one that can't be made: the failure's status, and its time in caches.
pub(crate) fn fallback(picture: &StoredVariant, kind: Kind, body: Body) -> Response {
    let stands_in = StoredVariant { cache_control: kind.caching().header(), ..picture.clone() };
    let mut response = respond(&stands_in, None, body, "");
    *response.status_mut() = kind.status();
    // A tag names what may be asked for again under a condition, which a failure is not.
    response.headers_mut().remove(header::ETAG);
    response
}

/// RFC 9110, section 13.1.2: weak comparison against a list, or `*`.
pub(crate) fn is_fresh(condition: Option<&HeaderValue>, etag: &str) -> bool {
    let Some(condition) = condition.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    condition.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// `Server-Timing`: fetching the original, then each step.
pub(crate) fn server_timing(fetched: Duration, laps: &[(Step, Duration)]) -> String {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let mut timing = format!("fetch;dur={:.1}", milliseconds(fetched));
    for (step, time) in laps {
        let _ = write!(timing, ", {};dur={:.1}", step.name(), milliseconds(*time));
    }
    timing
}

/// The file's own name with the suffix of what it has become.
pub(crate) fn disposition(key: &Key, extension: &str) -> String {
    let stem = key.file_name().rsplit_once('.').map_or(key.file_name(), |(stem, _)| stem);
    inline_disposition(&format!("{stem}.{extension}"))
}
