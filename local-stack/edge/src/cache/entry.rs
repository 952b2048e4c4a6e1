//! A response that the cache keeps, also after it has expired.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use headers::{Date, HeaderMapExt as _};
use http::{HeaderMap, HeaderName, StatusCode, header};

use super::freshness::{self, Lifetimes};

/// Headers of a 304 that don't replace those of the whole response, because they describe its body (RFC 9111, section 3.2).
const OF_THE_BODY: [HeaderName; 6] = [
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_RANGE,
    header::TRANSFER_ENCODING,
    header::ETAG,
    HeaderName::from_static("content-md5"),
];

/// A cached response.
#[derive(Clone, Debug)]
pub(crate) struct CacheEntry {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) lifetime: Duration,
    pub(crate) received: Instant,
    /// `true` if the origin has confirmed the response after it had expired.
    pub(crate) is_confirmed: bool,
}

impl CacheEntry {
    /// The time since an origin made the response.
    pub(crate) fn age(&self) -> Duration {
        freshness::age(&self.headers) + self.received.elapsed()
    }

    /// `true` if the origin can say that the response is still current, or if it may answer while the origin fails.
    pub(super) fn is_useful_expired(&self) -> bool {
        self.status == StatusCode::OK && freshness::may_keep(&self.headers)
    }

    /// The headers by which an origin answers 304 if the response is still current.
    pub(super) fn conditions(&self) -> HeaderMap {
        let validators =
            [(header::ETAG, header::IF_NONE_MATCH), (header::LAST_MODIFIED, header::IF_MODIFIED_SINCE)];
        let known = validators
            .into_iter()
            .filter_map(|(validator, condition)| Some((condition, self.headers.get(validator)?.clone())));
        known.collect()
    }

    /// The response after an origin has confirmed it with a 304 that has `news` as its headers. They replace those of the same
    /// names, unless they describe a body.
    pub(super) fn confirmed(&self, news: &HeaderMap, lifetimes: &Lifetimes) -> Self {
        let mut headers = self.headers.clone();
        headers.remove(header::AGE);
        headers.typed_insert(Date::from(SystemTime::now()));
        for name in news.keys().filter(|name| !OF_THE_BODY.contains(name)) {
            headers.remove(name);
            for value in news.get_all(name) {
                headers.append(name, value.clone());
            }
        }
        let lifetime = lifetimes.of(self.status, &headers, SystemTime::now());
        let body = self.body.clone();
        Self { status: self.status, headers, body, lifetime, received: Instant::now(), is_confirmed: true }
    }

    /// `true` if the expired response may be sent while the origin fails: for as long as `stale-if-error` says, and without limit
    /// if the response doesn't say anything (developer guide, "How CloudFront processes HTTP 4xx and 5xx status codes").
    pub(super) fn may_answer_failure(&self) -> bool {
        let expired = self.received.elapsed().saturating_sub(self.lifetime);
        freshness::time_after_failure(&self.headers).is_none_or(|limit| expired < limit)
    }
}
