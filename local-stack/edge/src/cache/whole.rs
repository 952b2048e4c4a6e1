//! Reads a whole response, so that it can be kept.

use std::time::{Instant, SystemTime};

use axum::body::{Body, HttpBody};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use headers::{ContentLength, Date, HeaderMapExt as _};
use http::{StatusCode, header};

use super::entry::CacheEntry;
use super::freshness::{self, Lifetimes};

/// The largest body that the cache keeps, in bytes.
const MAX_BODY_BYTES: usize = 16 << 20;

/// Reads a whole response. One that may not be kept, or is too large, is returned as it is, and 502 stands for one that the origin
/// breaks off.
pub(super) async fn whole(response: Response, lifetimes: &Lifetimes) -> Result<CacheEntry, Response> {
    let received = Instant::now();
    let lifetime = lifetimes.of(response.status(), response.headers(), SystemTime::now());
    let may_keep = !lifetime.is_zero() || has_validator(&response) && freshness::may_keep(response.headers());
    if !may_keep || is_too_large(&response) {
        return Err(response);
    }
    let (mut parts, body) = response.into_parts();
    // The age counts from this date.
    if !parts.headers.contains_key(header::DATE) {
        parts.headers.typed_insert(Date::from(SystemTime::now()));
    }
    match collect(body).await {
        Ok(Ok(body)) => {
            let (status, headers) = (parts.status, parts.headers);
            Ok(CacheEntry { status, headers, body, lifetime, received, is_confirmed: false })
        }
        Ok(Err(too_large)) => Err(Response::from_parts(parts, too_large)),
        Err(error) => {
            tracing::error!(%error, "an origin ended its response too early");
            Err(StatusCode::BAD_GATEWAY.into_response())
        }
    }
}

/// `true` if the origin can be asked later if the response is still current.
fn has_validator(response: &Response) -> bool {
    let has = |name| response.headers().contains_key(name);
    response.status() == StatusCode::OK && (has(header::ETAG) || has(header::LAST_MODIFIED))
}

/// `true` if the response says that its body is too large.
fn is_too_large(response: &Response) -> bool {
    let declared = response.headers().typed_get::<ContentLength>().map(|length| length.0);
    declared
        .or_else(|| response.body().size_hint().upper())
        .is_some_and(|bytes| bytes > MAX_BODY_BYTES as u64)
}

/// Reads a whole body. A body of one chunk isn't copied. One that turns out to be too large is returned as a body.
async fn collect(body: Body) -> Result<Result<Bytes, Body>, axum::Error> {
    let (mut rest, mut chunks, mut bytes) = (body.into_data_stream(), Vec::new(), 0);
    while let Some(chunk) = rest.next().await.transpose()? {
        bytes += chunk.len();
        chunks.push(chunk);
        if bytes > MAX_BODY_BYTES {
            return Ok(Err(Body::from_stream(stream::iter(chunks).map(Ok).chain(rest))));
        }
    }
    Ok(Ok(if chunks.len() == 1 { chunks.swap_remove(0) } else { chunks.concat().into() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A response in chunks, without a length.
    fn chunked(chunks: usize) -> Response {
        let chunks =
            stream::iter((0..chunks).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![7; 1 << 20]))));
        Response::builder().header("cache-control", "max-age=60").body(Body::from_stream(chunks)).unwrap()
    }

    #[tokio::test]
    async fn a_response_of_unknown_length_is_kept_up_to_a_limit_and_passed_on_whole_beyond_it() {
        for mebibytes in [0, 1, 2, 16] {
            let entry = whole(chunked(mebibytes), &Lifetimes::default()).await.unwrap();
            assert_eq!(entry.body.len(), mebibytes << 20);
        }
        let passed = whole(chunked(18), &Lifetimes::default()).await.unwrap_err();
        assert_eq!(axum::body::to_bytes(passed.into_body(), usize::MAX).await.unwrap().len(), 18 << 20);
    }
}
