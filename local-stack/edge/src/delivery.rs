//! A kept response, as one viewer asked for it: whole, a range of it, or the word that it hasn't changed.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use s3s::dto::Range;

use super::cache::Stored;

/// The response for a viewer with these request headers.
pub(crate) fn deliver(stored: &Stored, viewer: &HeaderMap) -> Response {
    if stored.status == StatusCode::OK && has_it(viewer, &stored.headers) {
        return with_headers(StatusCode::NOT_MODIFIED, stored, Body::empty());
    }
    if stored.status != StatusCode::OK || !wants_range(viewer, &stored.headers) {
        return with_headers(stored.status, stored, Body::from(stored.body.clone()));
    }
    let length = stored.body.len();
    let asked = viewer.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some(range) = asked.and_then(|text| Range::parse(text).ok()) else {
        return with_headers(StatusCode::OK, stored, Body::from(stored.body.clone()));
    };
    let Ok(range) = range.check(length as u64) else {
        let mut response = with_headers(StatusCode::RANGE_NOT_SATISFIABLE, stored, Body::empty());
        set(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
        return response;
    };
    let (start, end) = (range.start as usize, range.end as usize);
    let part = Body::from(stored.body.slice(start.min(length)..end.min(length)));
    let mut response = with_headers(StatusCode::PARTIAL_CONTENT, stored, part);
    let content_range = format!("bytes {start}-{}/{length}", end.saturating_sub(1));
    set(&mut response, header::CONTENT_RANGE, &content_range);
    set(&mut response, header::CONTENT_LENGTH, &end.saturating_sub(start).to_string());
    response
}

/// A response that isn't kept, unless the viewer has it already.
pub(crate) fn deliver_passing(mut response: Response, viewer: &HeaderMap) -> Response {
    if response.status() == StatusCode::OK && has_it(viewer, response.headers()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        without_entity(response.headers_mut());
    }
    response
}

/// RFC 9110, section 13.1.2 and 13.1.3: `If-None-Match`, and only without it `If-Modified-Since`.
fn has_it(viewer: &HeaderMap, stored: &HeaderMap) -> bool {
    let text = |headers: &HeaderMap, name| {
        headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned)
    };
    if let Some(tags) = text(viewer, header::IF_NONE_MATCH) {
        let Some(etag) = text(stored, header::ETAG) else {
            return false;
        };
        let strong = |tag: &str| tag.trim().strip_prefix("W/").unwrap_or(tag.trim()).to_owned();
        return tags.split(',').any(|tag| tag.trim() == "*" || strong(tag) == strong(&etag));
    }
    let time = |headers, name| text(headers, name).and_then(|text| httpdate::parse_http_date(&text).ok());
    match (time(viewer, header::IF_MODIFIED_SINCE), time(stored, header::LAST_MODIFIED)) {
        (Some(since), Some(modified)) => modified <= since,
        _ => false,
    }
}

/// RFC 9110, section 13.1.5: a range counts only while the entity is the one the viewer knows.
fn wants_range(viewer: &HeaderMap, stored: &HeaderMap) -> bool {
    viewer.contains_key(header::RANGE)
        && viewer.get(header::IF_RANGE).is_none_or(|known| {
            Some(known) == stored.get(header::ETAG) || Some(known) == stored.get(header::LAST_MODIFIED)
        })
}

fn with_headers(status: StatusCode, stored: &Stored, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().clone_from(&stored.headers);
    match status {
        StatusCode::NOT_MODIFIED => {
            for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_DISPOSITION] {
                response.headers_mut().remove(name);
            }
        }
        StatusCode::RANGE_NOT_SATISFIABLE => set(&mut response, header::CONTENT_LENGTH, "0"),
        _ => set(&mut response, header::CONTENT_LENGTH, &stored.body.len().to_string()),
    }
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

/// Takes away the headers that describe a body that isn't sent.
fn without_entity(headers: &mut HeaderMap) {
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_DISPOSITION] {
        headers.remove(name);
    }
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[tokio::test]
    async fn a_viewer_gets_the_whole_a_range_or_not_modified() {
        let stored = Stored::new(
            StatusCode::OK,
            headers(&[
                ("etag", "\"a\""),
                ("last-modified", "Wed, 21 Oct 2015 07:28:00 GMT"),
                ("content-type", "image/png"),
            ]),
            "0123456789".into(),
            Duration::from_secs(1),
        );
        let check = async |viewer: &[(&'static str, &str)], status: u16, body: &str, range: Option<&str>| {
            let response = deliver(&stored, &headers(viewer));
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
}
