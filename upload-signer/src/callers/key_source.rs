//! The public keys of a token issuer, known in advance or fetched from a URL.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::callers::jwks::Jwks;
use crate::callers::jwt::Token;
use crate::error::{Cause, SignError};

/// The age at which keys are fetched again.
const KEYS_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// The shortest time between two fetches, also if tokens name unknown keys.
const FETCH_INTERVAL: SignedDuration = SignedDuration::from_mins(1);

/// Fetches the body at a URL, or returns the reason for the failure.
pub type Fetch =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send>> + Send + Sync>;

/// The source of an issuer's keys.
#[derive(Clone)]
pub enum KeySource {
    /// Keys that never change.
    Fixed(Arc<Jwks>),
    /// Keys at a URL, fetched when a token needs them.
    Url(Arc<RemoteKeySet>),
}

/// The keys at a URL, cached.
pub struct RemoteKeySet {
    url: String,
    fetch: Fetch,
    cache: Mutex<KeyCache>,
}

/// The keys of the last successful fetch, and the time of the last fetch.
#[derive(Default)]
struct KeyCache {
    fetched_at: Option<Timestamp>,
    keys: Option<(Timestamp, Arc<Jwks>)>,
}

impl KeySource {
    /// Keys at a URL that `fetch` reads.
    pub fn url(url: &str, fetch: Fetch) -> Self {
        Self::Url(Arc::new(RemoteKeySet { url: url.to_owned(), fetch, cache: Mutex::default() }))
    }

    /// The keys to verify a token with.
    pub(crate) async fn for_token(&self, token: &Token<'_>, now: Timestamp) -> Result<Arc<Jwks>, SignError> {
        match self {
            Self::Fixed(keys) => Ok(Arc::clone(keys)),
            Self::Url(remote) => remote.for_token(token, now).await,
        }
    }
}

impl RemoteKeySet {
    /// The cached keys. They are fetched again if they are old or lack the token's key; if that fails, the old keys stay
    /// in use.
    async fn for_token(&self, token: &Token<'_>, now: Timestamp) -> Result<Arc<Jwks>, SignError> {
        let mut cache = self.cache.lock().await;
        let is_sufficient = cache.keys.as_ref().is_some_and(|(fetched_at, keys)| {
            now.duration_since(*fetched_at) < KEYS_LIFETIME && keys.has_key_for(token)
        });
        let may_fetch = cache.fetched_at.is_none_or(|time| now.duration_since(time) >= FETCH_INTERVAL);
        if !is_sufficient && may_fetch {
            cache.fetched_at = Some(now);
            let fetched = (self.fetch)(self.url.clone()).await;
            match fetched.and_then(|json| Jwks::parse(&json).map_err(|error| error.to_string())) {
                Ok(keys) => cache.keys = Some((now, Arc::new(keys))),
                Err(reason) => {
                    tracing::error!(url = self.url, reason, "can't fetch the keys of the issuer");
                }
            }
        }
        let keys = cache.keys.as_ref().map(|(_, keys)| Arc::clone(keys));
        keys.ok_or_else(|| SignError::whole(Cause::Storage("can't fetch the issuer's keys".to_owned())))
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(keys) => f.debug_tuple("Fixed").field(keys).finish(),
            Self::Url(remote) => f.debug_tuple("Url").field(&remote.url).finish(),
        }
    }
}
