//! Applies the response headers policy of the media behaviours to a response, including CORS and client hints.

use contract::caching::Caching;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE,
    EXPIRES, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::headers::{Header, MEDIA, PREFLIGHT, accept_ch};
use crate::policy::{Cors, Policy};

/// Adds the headers of [`MEDIA`] and those in `more` to the headers of a response, as the policy says. `viewer` has the
/// headers of the viewer's request.
pub fn add(headers: &mut HeaderMap, more: &[Header], policy: &Policy, viewer: &HeaderMap) {
    for header in MEDIA.iter().chain(more) {
        if header.overrides || !headers.contains_key(header.name) {
            headers.insert(HeaderName::from_static(header.name), HeaderValue::from_static(header.value));
        }
    }
    if let Some(hints) = accept_ch(policy).and_then(|hints| HeaderValue::try_from(hints).ok()) {
        headers.insert(HeaderName::from_static("accept-ch"), hints);
    }
    let page = viewer.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    add_cors(headers, &policy.cors, page);
}

/// The headers of the answer to a preflight. [`add`] adds the headers of all media to them.
pub fn preflight() -> HeaderMap {
    let pair =
        |header: Header| (HeaderName::from_static(header.name), HeaderValue::from_static(header.value));
    PREFLIGHT.into_iter().map(pair).collect()
}

/// Removes the headers that an uploader chose for an original, as the viewer-response function does.
pub fn remove_stored(headers: &mut HeaderMap) {
    for name in [CONTENT_ENCODING, CONTENT_DISPOSITION, CONTENT_LANGUAGE] {
        headers.remove(name);
    }
}

/// Adds the policy's `Cache-Control` to a response of the bucket of originals without a lifetime, if the response is
/// successful or 304. S3 doesn't send the header for an object that was stored without it.
pub fn add_default_lifetime<B>(response: &mut Response<B>, policy: &Policy) {
    let has_file = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if !has_file || [CACHE_CONTROL, EXPIRES].iter().any(|name| response.headers().contains_key(name)) {
        return;
    }
    let lifetime = Caching::Seconds(policy.max_age.originals_seconds).header();
    if let Ok(lifetime) = HeaderValue::try_from(lifetime) {
        response.headers_mut().insert(CACHE_CONTROL, lifetime);
    }
}

/// If the policy lists origins, no page of another origin may read the response, and caches learn from `Vary` that the
/// response depends on the page.
fn add_cors(headers: &mut HeaderMap, cors: &Cors, page: Option<&str>) {
    match cors.allowed(page).and_then(|allowed| HeaderValue::from_str(allowed).ok()) {
        Some(allowed) => drop(headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed)),
        None => drop(headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN)),
    }
    if let Cors::Listed(_) = cors {
        headers.append(VARY, HeaderValue::from_static("Origin"));
    }
}
