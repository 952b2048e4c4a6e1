//! The CDN's cache. It has one entry for each canonical path, which it keeps for the time that `Cache-Control` and the
//! status allow or until an invalidation. Concurrent requests for one path share one fetch.

mod freshness;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use axum::body::{Body, HttpBody};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use cdn_config::cache::TAG_HEADER;
use futures::StreamExt as _;
use headers::{ContentLength, Date, HeaderMapExt as _};
use http::{HeaderMap, StatusCode, header};
use moka::Expiry;

/// Capacity of the cache: the bytes of all paths and bodies, and [`ENTRY_BYTES`] for each entry.
const CAPACITY_BYTES: u64 = 256 << 20;

/// Estimated size of an entry without its path and body, in bytes.
const ENTRY_BYTES: usize = 512;

/// The largest body that the cache keeps, in bytes.
const MAX_BODY_BYTES: u64 = 16 << 20;

/// A cached response.
#[derive(Clone, Debug)]
pub(crate) struct CacheEntry {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) lifetime: Duration,
    pub(crate) received: Instant,
}

impl CacheEntry {
    /// The time since an origin made the response.
    pub(crate) fn age(&self) -> Duration {
        freshness::age(&self.headers) + self.received.elapsed()
    }
}

/// The source of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheStatus {
    /// The cache had the response.
    Hit,
    /// An origin sent the response, for this request or for a concurrent one.
    Miss,
}

/// The entries that an invalidation covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InvalidationScope {
    /// The entry of a path.
    Path(String),
    /// The entries of all paths with a prefix.
    Prefix(String),
    /// The entries whose responses have a cache tag.
    Tag(String),
}

/// An answer of the cache.
#[derive(Debug)]
pub(crate) enum CacheAnswer {
    /// A cached response.
    Entry(Arc<CacheEntry>, CacheStatus),
    /// A response from the origin that may not be cached.
    Uncached(Response),
}

/// The cache. Clones share their entries.
#[derive(Clone, Debug)]
pub struct Cache {
    entries: moka::future::Cache<String, Arc<CacheEntry>>,
    /// The number of invalidations.
    invalidations: Arc<AtomicU64>,
}

impl Default for Cache {
    fn default() -> Self {
        Self::new()
    }
}

impl Cache {
    /// Creates an empty cache.
    pub fn new() -> Self {
        let weigh = |path: &String, entry: &Arc<CacheEntry>| {
            u32::try_from(path.len() + entry.body.len() + ENTRY_BYTES).unwrap_or(u32::MAX)
        };
        let entries = moka::future::Cache::builder()
            .max_capacity(CAPACITY_BYTES)
            .weigher(weigh)
            .expire_after(EntryLifetime)
            .support_invalidation_closures()
            .build();
        Self { entries, invalidations: Arc::default() }
    }

    /// Removes the entries that an invalidation covers.
    pub(crate) fn invalidate(&self, covered: InvalidationScope) {
        // The invalidation is counted before the removal, so that a response that is being fetched, and may be
        // outdated, isn't cached.
        self.invalidations.fetch_add(1, Ordering::SeqCst);
        let matches = move |path: &String, entry: &Arc<CacheEntry>| match &covered {
            InvalidationScope::Path(covered) => path == covered,
            InvalidationScope::Prefix(prefix) => path.starts_with(prefix),
            InvalidationScope::Tag(tag) => has_tag(&entry.headers, tag),
        };
        if let Err(error) = self.entries.invalidate_entries_if(matches) {
            tracing::error!(%error, "an invalidation fails");
        }
    }

    /// The entry of a path.
    pub(crate) async fn get(&self, path: &str) -> Option<Arc<CacheEntry>> {
        self.entries.get(path).await
    }

    /// The entry of a path, or the response that `fetch` returns. Of several concurrent requests for one path, one
    /// fetches and the others wait for its response. If that response can't be cached, each of the others fetches
    /// its own.
    pub(crate) async fn get_or_fetch<F, R>(&self, path: &str, fetch: F) -> CacheAnswer
    where
        F: Fn() -> R,
        R: Future<Output = Response>,
    {
        let entry = self.entries.entry_by_ref(path).or_try_insert_with(self.read(fetch())).await;
        match entry {
            Ok(entry) if entry.is_fresh() => CacheAnswer::Entry(entry.into_value(), CacheStatus::Miss),
            Ok(entry) => CacheAnswer::Entry(entry.into_value(), CacheStatus::Hit),
            Err(uncached) => {
                let own = uncached.0.lock().ok().and_then(|mut response| response.take());
                match own {
                    Some(response) => CacheAnswer::Uncached(response),
                    None => CacheAnswer::Uncached(fetch().await),
                }
            }
        }
    }

    /// Reads a whole response if it may be cached.
    async fn read(
        &self,
        response: impl Future<Output = Response>,
    ) -> Result<Arc<CacheEntry>, UncachedResponse> {
        let invalidations = self.invalidations.load(Ordering::SeqCst);
        let response = response.await;
        let received = Instant::now();
        let lifetime = freshness::lifetime(response.status(), response.headers(), SystemTime::now());
        if lifetime.is_zero() || body_bytes(&response).is_none_or(|bytes| bytes > MAX_BODY_BYTES) {
            return Err(UncachedResponse::new(response));
        }
        let (mut parts, body) = response.into_parts();
        // The age counts from this date.
        if !parts.headers.contains_key(header::DATE) {
            parts.headers.typed_insert(Date::from(SystemTime::now()));
        }
        let body = match collect(body).await {
            Ok(body) => body,
            Err(error) => {
                tracing::error!(%error, "an origin ended its response too early");
                return Err(UncachedResponse::new(StatusCode::BAD_GATEWAY.into_response()));
            }
        };
        if self.invalidations.load(Ordering::SeqCst) != invalidations {
            return Err(UncachedResponse::new(Response::from_parts(parts, Body::from(body))));
        }
        Ok(Arc::new(CacheEntry { status: parts.status, headers: parts.headers, body, lifetime, received }))
    }
}

/// A response that may not be cached. Only the request that fetched it gets it.
#[derive(Debug)]
struct UncachedResponse(Mutex<Option<Response>>);

impl UncachedResponse {
    fn new(response: Response) -> Self {
        Self(Mutex::new(Some(response)))
    }
}

/// Reads a whole body. A body of one chunk isn't copied.
async fn collect(body: Body) -> Result<Bytes, axum::Error> {
    let mut chunks = body.into_data_stream();
    let Some(first) = chunks.next().await.transpose()? else {
        return Ok(Bytes::new());
    };
    let mut whole = Vec::new();
    while let Some(chunk) = chunks.next().await.transpose()? {
        if whole.is_empty() {
            whole.extend_from_slice(&first);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(if whole.is_empty() { first } else { whole.into() })
}

/// `true` if one of the response's cache tags is `tag`, regardless of case.
fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(TAG_HEADER).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case(tag))
}

/// The length of a response's body as far as it is known before it is read, in bytes.
fn body_bytes(response: &Response) -> Option<u64> {
    let declared = response.headers().typed_get::<ContentLength>().map(|length| length.0);
    declared.or_else(|| response.body().size_hint().upper())
}

/// Each entry expires by its own `Cache-Control`.
struct EntryLifetime;

impl Expiry<String, Arc<CacheEntry>> for EntryLifetime {
    fn expire_after_create(&self, _: &String, entry: &Arc<CacheEntry>, _: Instant) -> Option<Duration> {
        Some(entry.lifetime)
    }

    /// An entry that replaces an invalidated one gets its own lifetime, and not the rest of the old entry's lifetime.
    fn expire_after_update(
        &self,
        _: &String,
        entry: &Arc<CacheEntry>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.lifetime)
    }
}

#[cfg(test)]
mod tests;
