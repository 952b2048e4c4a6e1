//! Answers to conditional requests and range requests (RFC 9110, sections 13 and 14).

use axum::body::Body;
use axum::response::Response;
use headers::{ETag, HeaderMapExt as _, IfModifiedSince, IfNoneMatch, LastModified};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use s3s::dto::Range;

use crate::cache::entry::CacheEntry;

/// Answers a request with these headers from a cached response: with the whole response, a range of it, or 304.
pub(crate) fn deliver(entry: &CacheEntry, viewer: &HeaderMap) -> Response {
    if entry.status == StatusCode::OK && is_unmodified(viewer, &entry.headers) {
        return with_headers(StatusCode::NOT_MODIFIED, entry, Body::empty());
    }
    let range = requested_range(viewer, &entry.headers).filter(|_| entry.status == StatusCode::OK);
    let Some(range) = range else {
        return with_headers(entry.status, entry, Body::from(entry.body.clone()));
    };
    let length = entry.body.len();
    let Ok(range) = range.check(length as u64) else {
        let mut response = with_headers(StatusCode::RANGE_NOT_SATISFIABLE, entry, Body::empty());
        set(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
        return response;
    };
    let (start, end) = (range.start as usize, range.end as usize);
    let part = Body::from(entry.body.slice(start.min(length)..end.min(length)));
    let mut response = with_headers(StatusCode::PARTIAL_CONTENT, entry, part);
    let content_range = format!("bytes {start}-{}/{length}", end.saturating_sub(1));
    set(&mut response, header::CONTENT_RANGE, &content_range);
    set(&mut response, header::CONTENT_LENGTH, &end.saturating_sub(start).to_string());
    response
}

/// Answers with a response that isn't cached, or with 304 if the viewer has the same one already.
pub(crate) fn deliver_uncached(mut response: Response, viewer: &HeaderMap) -> Response {
    if response.status() == StatusCode::OK && is_unmodified(viewer, response.headers()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        remove_entity_headers(response.headers_mut());
    }
    response
}

/// Evaluates `If-None-Match` or, if the request doesn't have that header, `If-Modified-Since` (sections 13.1.2 and
/// 13.1.3).
fn is_unmodified(viewer: &HeaderMap, response: &HeaderMap) -> bool {
    if viewer.contains_key(header::IF_NONE_MATCH) {
        let (known, etag) = (viewer.typed_get::<IfNoneMatch>(), response.typed_get::<ETag>());
        return known.zip(etag).is_some_and(|(known, etag)| !known.precondition_passes(&etag));
    }
    let (since, modified) = (viewer.typed_get::<IfModifiedSince>(), response.typed_get::<LastModified>());
    since.zip(modified).is_some_and(|(since, modified)| !since.is_modified(modified.into()))
}

/// The range that the viewer asks for. `None` for a `Range` header that isn't one range of bytes, and if `If-Range` has
/// the entity tag or date of another response (section 13.1.5).
fn requested_range(viewer: &HeaderMap, response: &HeaderMap) -> Option<Range> {
    let is_current = viewer.get(header::IF_RANGE).is_none_or(|known| {
        Some(known) == response.get(header::ETAG) || Some(known) == response.get(header::LAST_MODIFIED)
    });
    let range = viewer.get(header::RANGE).filter(|_| is_current)?;
    Range::parse(range.to_str().ok()?).ok()
}

fn with_headers(status: StatusCode, entry: &CacheEntry, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().clone_from(&entry.headers);
    match status {
        StatusCode::NOT_MODIFIED => remove_entity_headers(response.headers_mut()),
        StatusCode::RANGE_NOT_SATISFIABLE => {
            remove_entity_headers(response.headers_mut());
            set(&mut response, header::CONTENT_LENGTH, "0");
        }
        _ => set(&mut response, header::CONTENT_LENGTH, &entry.body.len().to_string()),
    }
    if entry.status == StatusCode::OK {
        response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    }
    response
}

/// Removes the headers that describe a body, for a response without one.
fn remove_entity_headers(headers: &mut HeaderMap) {
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_DISPOSITION] {
        headers.remove(name);
    }
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[tokio::test]
    async fn a_viewer_gets_the_whole_response_a_range_or_304() {
        let entry = CacheEntry {
            status: StatusCode::OK,
            headers: headers(&[
                ("etag", "\"a\""),
                ("last-modified", "Wed, 21 Oct 2015 07:28:00 GMT"),
                ("content-type", "image/png"),
            ]),
            body: "0123456789".into(),
            lifetime: Duration::from_secs(1),
            received: Instant::now(),
            is_confirmed: false,
        };
        let check = async |viewer: &[(&'static str, &str)], status: u16, body: &str, range: Option<&str>| {
            let response = deliver(&entry, &headers(viewer));
            assert_eq!(response.status(), status, "{viewer:?}");
            let content_range =
                response.headers().get("content-range").map(|v| v.to_str().unwrap().to_owned());
            assert_eq!(content_range.as_deref(), range, "{viewer:?}");
            let bytes = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
            assert_eq!(bytes, body, "{viewer:?}");
        };
        check(&[], 200, "0123456789", None).await;
        check(&[("if-none-match", "\"b\", W/\"a\"")], 304, "", None).await;
        check(&[("if-none-match", "*")], 304, "", None).await;
        check(&[("if-none-match", "\"b\"")], 200, "0123456789", None).await;
        check(&[("if-none-match", "a")], 200, "0123456789", None).await;
        check(&[("if-modified-since", "Wed, 21 Oct 2015 07:28:00 GMT")], 304, "", None).await;
        check(&[("if-modified-since", "Wed, 21 Oct 2015 07:27:59 GMT")], 200, "0123456789", None).await;
        check(
            &[("if-none-match", "\"b\""), ("if-modified-since", "Wed, 21 Oct 2015 07:28:00 GMT")],
            200,
            "0123456789",
            None,
        )
        .await;
        check(&[("range", "bytes=2-4")], 206, "234", Some("bytes 2-4/10")).await;
        check(&[("range", "bytes=8-")], 206, "89", Some("bytes 8-9/10")).await;
        check(&[("range", "bytes=-3")], 206, "789", Some("bytes 7-9/10")).await;
        check(&[("range", "bytes=5-99")], 206, "56789", Some("bytes 5-9/10")).await;
        check(&[("range", "bytes=10-")], 416, "", Some("bytes */10")).await;
        check(&[("range", "lines=1-2")], 200, "0123456789", None).await;
        check(&[("range", "bytes=2-4"), ("if-range", "\"a\"")], 206, "234", Some("bytes 2-4/10")).await;
        check(&[("range", "bytes=2-4"), ("if-range", "\"b\"")], 200, "0123456789", None).await;
    }

    #[test]
    fn an_error_promises_no_ranges_and_a_refused_range_has_no_media_type() {
        let stored = headers(&[("content-type", "image/png"), ("content-disposition", "inline")]);
        let mut entry = CacheEntry {
            status: StatusCode::OK,
            headers: stored,
            body: "0123".into(),
            lifetime: Duration::MAX,
            received: Instant::now(),
            is_confirmed: false,
        };
        let refused = deliver(&entry, &headers(&[("range", "bytes=9-")]));
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["accept-ranges"]),
            (416, &"bytes".parse().unwrap())
        );
        assert_eq!(
            (refused.headers().get("content-type"), refused.headers().get("content-disposition")),
            (None, None)
        );
        entry.status = StatusCode::NOT_FOUND;
        let missing = deliver(&entry, &headers(&[("range", "bytes=0-1")]));
        assert_eq!((missing.status().as_u16(), missing.headers().get("accept-ranges")), (404, None));
    }
}
