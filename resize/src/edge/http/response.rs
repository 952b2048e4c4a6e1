//! Responses with a variant.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use cdn_config::cache::TAG_HEADER;
use http::{HeaderName, HeaderValue, StatusCode, header};
use service::problem::{Kind, Problem};

use crate::edge::timings::Timings;
use crate::edge::variant_metadata::VariantMetadata;

/// A response with status 304 if the viewer's copy is current, else 200 with the variant.
pub(super) fn variant_response(
    metadata: &VariantMetadata,
    if_none_match: Option<&HeaderValue>,
    body: Body,
    timings: Option<&Timings>,
) -> Response {
    let is_not_modified = is_not_modified(if_none_match, &metadata.etag);
    let mut response =
        if is_not_modified { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(body) };
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value)
            && !value.is_empty()
        {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::ETAG, &metadata.etag);
    set(header::CACHE_CONTROL, &metadata.cache_control);
    set(HeaderName::from_static(TAG_HEADER), &metadata.cache_tag);
    set(HeaderName::from_static("server-timing"), &timings.map(Timings::header).unwrap_or_default());
    if !is_not_modified {
        set(header::CONTENT_TYPE, &metadata.media_type);
        set(header::CONTENT_LENGTH, &metadata.length.map(|length| length.to_string()).unwrap_or_default());
        set(header::CONTENT_DISPOSITION, &metadata.disposition);
    }
    response
}

/// A response with a failure. It has the original's cache tag, so that it is purged when the original changes.
pub(super) fn problem_response(problem: Problem, cache_tag: &str) -> Response {
    let mut response = problem.into_response();
    if let Ok(tag) = HeaderValue::from_str(cache_tag) {
        response.headers_mut().insert(HeaderName::from_static(TAG_HEADER), tag);
    }
    response
}

/// A response with the fallback picture. It has the status and cache time of the failure. It has the cache tags of the
/// original that failed and of the picture.
pub(super) fn fallback_response(
    picture: &VariantMetadata,
    cache_tag: &str,
    kind: Kind,
    body: Body,
) -> Response {
    let cache_tag = format!("{cache_tag},{}", picture.cache_tag);
    let metadata = VariantMetadata { cache_control: kind.caching().header(), cache_tag, ..picture.clone() };
    let mut response = variant_response(&metadata, None, body, None);
    *response.status_mut() = kind.status();
    // An entity tag would let viewers revalidate the failure.
    response.headers_mut().remove(header::ETAG);
    response
}

/// `true` if `If-None-Match` lists the entity tag by weak comparison, or is `*` (RFC 9110, section 13.1.2).
pub(super) fn is_not_modified(if_none_match: Option<&HeaderValue>, etag: &str) -> bool {
    let Some(condition) = if_none_match.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    condition.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}
