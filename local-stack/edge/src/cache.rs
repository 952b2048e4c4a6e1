//! The CDN's cache: one entry a canonical path, kept as long as `Cache-Control` says and until it is invalidated,
//! fetched once however many viewers ask at the same time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use moka::Expiry;

/// What the cache holds in all, in bytes of bodies.
const CAPACITY_BYTES: u64 = 256 << 20;

/// A longer body is passed on as it comes and not kept.
const MAX_BODY_BYTES: u64 = 16 << 20;

/// A response that can be sent again and again.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    lifetime: Duration,
}

impl Stored {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes, lifetime: Duration) -> Self {
        Self { status, headers, body, lifetime }
    }
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The cache.
    Hit,
    /// Fetched for this request, or for another that was under way.
    Miss,
}

/// An answer of the cache.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A kept response.
    Stored(Arc<Stored>, Source),
    /// A response that isn't kept, as it comes.
    Passing(Response),
}

/// The cache. Its clones are the same.
#[derive(Clone, Debug)]
pub struct Cache {
    entries: moka::future::Cache<String, Arc<Stored>>,
    invalidations: Arc<AtomicU64>,
}

impl Default for Cache {
    fn default() -> Self {
        Self::new()
    }
}

impl Cache {
    /// An empty one.
    pub fn new() -> Self {
        let weigh = |path: &String, stored: &Arc<Stored>| {
            u32::try_from(path.len() + stored.body.len() + 512).unwrap_or(u32::MAX)
        };
        let entries = moka::future::Cache::builder()
            .max_capacity(CAPACITY_BYTES)
            .weigher(weigh)
            .expire_after(OwnLifetime)
            .support_invalidation_closures()
            .build();
        Self { entries, invalidations: Arc::default() }
    }

    /// Forgets what is kept for a path; of all paths that begin alike, where it ends with `*`.
    pub fn invalidate(&self, pattern: &str) {
        // First, so that a response that is on its way isn't kept: it may be one of those to forget.
        self.invalidations.fetch_add(1, Ordering::SeqCst);
        let (start, is_prefix) = pattern.strip_suffix('*').map_or((pattern, false), |start| (start, true));
        let start = start.to_owned();
        let matches = move |path: &String, _: &Arc<Stored>| {
            if is_prefix { path.starts_with(&start) } else { *path == start }
        };
        if let Err(error) = self.entries.invalidate_entries_if(matches) {
            tracing::error!(%error, "an invalidation fails");
        }
    }

    /// What is kept for a path.
    pub(crate) async fn get(&self, path: &str) -> Option<Arc<Stored>> {
        self.entries.get(path).await
    }

    /// What is kept for a path, or what `fetch` brings. Of several requests at once for one path one fetches
    /// and the others wait for it; where its response can't be kept, each of the others fetches for itself.
    pub(crate) async fn get_or_fetch<F, R>(&self, path: &str, fetch: F) -> Answer
    where
        F: Fn() -> R,
        R: Future<Output = Response>,
    {
        let entry = self.entries.entry_by_ref(path).or_try_insert_with(self.store(fetch())).await;
        match entry {
            Ok(entry) if entry.is_fresh() => Answer::Stored(entry.into_value(), Source::Miss),
            Ok(entry) => Answer::Stored(entry.into_value(), Source::Hit),
            Err(passing) => {
                let mine = passing.0.lock().ok().and_then(|mut response| response.take());
                match mine {
                    Some(response) => Answer::Passing(response),
                    None => Answer::Passing(fetch().await),
                }
            }
        }
    }

    /// Reads a response whole, if it may be kept.
    async fn store(&self, response: impl Future<Output = Response>) -> Result<Arc<Stored>, Passing> {
        let invalidations = self.invalidations.load(Ordering::SeqCst);
        let response = response.await;
        let lifetime = lifetime(response.headers());
        if lifetime.is_zero() || response.size_hint_upper().is_none_or(|bytes| bytes > MAX_BODY_BYTES) {
            return Err(Passing::new(response));
        }
        let (parts, body) = response.into_parts();
        let body = match collect(body).await {
            Ok(body) => body,
            Err(error) => {
                tracing::error!(%error, "an origin broke off its response");
                return Err(Passing::new(bad_gateway()));
            }
        };
        if self.invalidations.load(Ordering::SeqCst) != invalidations {
            return Err(Passing::new(Response::from_parts(parts, Body::from(body))));
        }
        Ok(Arc::new(Stored::new(parts.status, parts.headers, body, lifetime)))
    }
}

/// A response that isn't kept: the request that fetched it takes it out.
#[derive(Debug)]
struct Passing(Mutex<Option<Response>>);

impl Passing {
    fn new(response: Response) -> Self {
        Self(Mutex::new(Some(response)))
    }
}

/// All of a body.
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

fn bad_gateway() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

/// How long a shared cache may keep a response (RFC 9111, section 4.2.1): `s-maxage`, else `max-age`; not at all
/// without either, or with `no-store`, `no-cache` or `private`.
fn lifetime(headers: &HeaderMap) -> Duration {
    let Some(value) = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()) else {
        return Duration::ZERO;
    };
    let directives = || value.split(',').map(str::trim);
    if directives().any(|directive| matches!(directive, "no-store" | "no-cache" | "private")) {
        return Duration::ZERO;
    }
    let seconds = |name: &str| directives().find_map(|d| d.strip_prefix(name)?.parse::<u64>().ok());
    Duration::from_secs(seconds("s-maxage=").or_else(|| seconds("max-age=")).unwrap_or(0))
}

/// Each entry expires by its own `Cache-Control`.
struct OwnLifetime;

impl Expiry<String, Arc<Stored>> for OwnLifetime {
    fn expire_after_create(&self, _: &String, stored: &Arc<Stored>, _: Instant) -> Option<Duration> {
        Some(stored.lifetime)
    }

    /// What takes the place of an entry that was invalidated has its own time, too, not what was left of that one's.
    fn expire_after_update(
        &self,
        _: &String,
        stored: &Arc<Stored>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(stored.lifetime)
    }
}

/// The length that a response says it has.
trait Length {
    fn size_hint_upper(&self) -> Option<u64>;
}

impl Length for Response {
    fn size_hint_upper(&self) -> Option<u64> {
        let declared =
            self.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        declared.or_else(|| self.body().size_hint().upper())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn response(cache_control: &str, body: &'static str) -> Response {
        Response::builder().header("cache-control", cache_control).body(Body::from(body)).unwrap()
    }

    #[test]
    fn a_lifetime_is_what_shared_caches_are_allowed() {
        let check = |value: &str, seconds: u64| {
            let response = response(value, "");
            assert_eq!(lifetime(response.headers()), Duration::from_secs(seconds), "{value:?}");
        };
        check("public, max-age=60", 60);
        check("max-age=60, s-maxage=5", 5);
        check("max-age=60, no-store", 0);
        check("private, max-age=60", 0);
        check("no-cache", 0);
        check("public", 0);
        check("max-age=x", 0);
    }

    #[tokio::test]
    async fn many_viewers_at_once_are_one_fetch_and_the_next_is_a_hit() {
        let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
        let fetch = || async {
            fetches.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            response("max-age=60", "picture")
        };
        let answers = futures::future::join_all((0..20).map(|_| cache.get_or_fetch("/a", fetch))).await;
        assert_eq!(fetches.load(Ordering::SeqCst), 1);
        assert!(
            answers
                .iter()
                .all(|answer| matches!(answer, Answer::Stored(stored, _) if stored.body == "picture"))
        );
        let again = cache.get_or_fetch("/a", fetch).await;
        assert!(matches!(again, Answer::Stored(_, Source::Hit)));
        assert_eq!(fetches.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_is_invalidated_is_fetched_again() {
        let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
        let fetch = || async {
            fetches.fetch_add(1, Ordering::SeqCst);
            response("max-age=60", "picture")
        };
        for path in ["/files/1/a", "/files/1/a/w=64", "/files/1/b"] {
            cache.get_or_fetch(path, fetch).await;
        }
        cache.invalidate("/files/1/a*");
        assert!(cache.get("/files/1/a").await.is_none());
        assert!(cache.get("/files/1/a/w=64").await.is_none());
        assert!(cache.get("/files/1/b").await.is_some());
        cache.invalidate("/files/1/b");
        cache.get_or_fetch("/files/1/b", fetch).await;
        assert_eq!(fetches.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn a_response_that_was_on_its_way_at_an_invalidation_is_not_kept() {
        let cache = Cache::new();
        let answer = cache.get_or_fetch("/a", || async {
            cache.invalidate("/a*");
            response("max-age=60", "old")
        });
        assert!(matches!(answer.await, Answer::Passing(_)));
        assert!(cache.get("/a").await.is_none());
    }

    #[tokio::test]
    async fn what_may_not_be_kept_is_fetched_by_each() {
        let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
        let fetch = || async {
            fetches.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            response("no-store", "fault")
        };
        let answers = futures::future::join_all((0..5).map(|_| cache.get_or_fetch("/a", fetch))).await;
        assert!(answers.iter().all(|answer| matches!(answer, Answer::Passing(_))));
        assert_eq!(fetches.load(Ordering::SeqCst), 5);
        assert!(cache.get("/a").await.is_none());
    }
}
