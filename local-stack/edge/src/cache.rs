//! The CDN's cache. It has one entry for each canonical path, which it answers with for the time that `Cache-Control` and the
//! status allow or until an invalidation. Afterwards it asks the origin if the response is still current, and answers with it while
//! the origin fails. Concurrent requests for one path share one fetch.

mod freshness;

pub(crate) mod entry;

mod whole;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::response::Response;
use cdn_config::cache::TAG_HEADER;
use http::{HeaderMap, StatusCode};
use moka::Expiry;

use entry::CacheEntry;
pub use freshness::Lifetimes;
use whole::whole;

/// Capacity of the cache: the bytes of all paths and bodies, and [`ENTRY_BYTES`] for each entry.
const CAPACITY_BYTES: u64 = 256 << 20;

/// Estimated size of an entry without its path and body, in bytes.
const ENTRY_BYTES: usize = 512;

/// The source of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheStatus {
    /// The cache had the response.
    Hit,
    /// The cache had the response, which had expired. The origin has confirmed it, or fails.
    Refreshed,
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
    /// A response that the cache has, or has read whole.
    Entry(Arc<CacheEntry>, CacheStatus),
    /// A response from the origin that may not be cached.
    Uncached(Response),
}

/// The cache. Clones share their entries.
#[derive(Clone, Debug)]
pub struct Cache {
    /// The responses that haven't expired.
    entries: moka::future::Cache<String, Arc<CacheEntry>>,
    /// The last response of each path, expired or not. It shares its body with the entry that hasn't expired.
    known: moka::future::Cache<String, Arc<CacheEntry>>,
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
        let builder = || {
            let builder = moka::future::Cache::builder().max_capacity(CAPACITY_BYTES);
            builder.weigher(weigh).support_invalidation_closures()
        };
        let entries = builder().expire_after(EntryLifetime).build();
        Self { entries, known: builder().build(), invalidations: Arc::default() }
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
        for cache in [&self.entries, &self.known] {
            if let Err(error) = cache.invalidate_entries_if(matches.clone()) {
                tracing::error!(%error, "an invalidation fails");
            }
        }
    }

    /// The entry of a path.
    pub(crate) async fn get(&self, path: &str) -> Option<Arc<CacheEntry>> {
        self.entries.get(path).await
    }

    /// The entry of a path, or the response that `fetch` returns. `fetch` sends the headers that it is given, by which the origin
    /// confirms an expired response. Of several concurrent requests for one path, one fetches and the others wait for its
    /// response. If that response can't be cached, each of the others fetches its own.
    pub(crate) async fn get_or_fetch<F, R>(&self, path: &str, lifetimes: &Lifetimes, fetch: F) -> CacheAnswer
    where
        F: Fn(HeaderMap) -> R,
        R: Future<Output = Response>,
    {
        let entry =
            self.entries.entry_by_ref(path).or_try_insert_with(self.read(path, lifetimes, &fetch)).await;
        match entry {
            Ok(entry) if entry.is_fresh() => first_answer(entry.into_value()),
            Ok(entry) => CacheAnswer::Entry(entry.into_value(), CacheStatus::Hit),
            Err(unstored) => match &*unstored {
                Unstored::Expired(entry) => CacheAnswer::Entry(Arc::clone(entry), CacheStatus::Refreshed),
                Unstored::Own(answer) => match answer.lock().ok().and_then(|mut answer| answer.take()) {
                    Some(answer) => answer,
                    None => CacheAnswer::Uncached(fetch(HeaderMap::new()).await),
                },
            },
        }
    }

    /// Reads a whole response if it may be cached.
    async fn read<F, R>(
        &self,
        path: &str,
        lifetimes: &Lifetimes,
        fetch: &F,
    ) -> Result<Arc<CacheEntry>, Unstored>
    where
        F: Fn(HeaderMap) -> R,
        R: Future<Output = Response>,
    {
        let invalidations = self.invalidations.load(Ordering::SeqCst);
        let known = self.known.get(path).await;
        let conditions = known.as_ref().map(|known| known.conditions()).unwrap_or_default();
        let response = fetch(conditions).await;
        let entry = match known {
            Some(known) if response.status() == StatusCode::NOT_MODIFIED => {
                known.confirmed(response.headers(), lifetimes)
            }
            Some(known) if is_failure(response.status()) && known.may_answer_failure() => {
                return Err(Unstored::Expired(known));
            }
            Some(_) | None => match whole(response, lifetimes).await {
                Ok(entry) => entry,
                Err(response) => {
                    self.known.invalidate(path).await;
                    return Err(Unstored::own(CacheAnswer::Uncached(response)));
                }
            },
        };
        let entry = Arc::new(entry);
        let is_outdated = self.invalidations.load(Ordering::SeqCst) != invalidations;
        if entry.is_useful_expired() && !is_outdated {
            self.known.insert(path.to_owned(), Arc::clone(&entry)).await;
        } else {
            self.known.invalidate(path).await;
        }
        if is_outdated || entry.lifetime.is_zero() {
            return Err(Unstored::own(first_answer(entry)));
        }
        Ok(entry)
    }
}

/// The answer to the request for which the cache asked the origin.
fn first_answer(entry: Arc<CacheEntry>) -> CacheAnswer {
    let status = if entry.is_confirmed { CacheStatus::Refreshed } else { CacheStatus::Miss };
    CacheAnswer::Entry(entry, status)
}

/// `true` for a response during which CloudFront answers with an expired one.
fn is_failure(status: StatusCode) -> bool {
    (500..=504).contains(&status.as_u16())
}

/// Why a path gets no entry.
#[derive(Debug)]
enum Unstored {
    /// The origin fails, and the path has an expired response.
    Expired(Arc<CacheEntry>),
    /// The answer isn't for other requests. Only the request that fetched it gets it.
    Own(Mutex<Option<CacheAnswer>>),
}

impl Unstored {
    fn own(answer: CacheAnswer) -> Self {
        Self::Own(Mutex::new(Some(answer)))
    }
}

/// `true` if one of the response's cache tags is `tag`, regardless of case.
fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(TAG_HEADER).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case(tag))
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
