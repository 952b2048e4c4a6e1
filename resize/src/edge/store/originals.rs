//! Reads originals.

use bucket::ObjectVersion;
use bytes::Bytes;
use contract::key::Key;
use contract::limits::Limits;
use contract::state::NEVER_SERVED_TAG;

use super::Store;
use super::error::StoreError;

/// Number of attempts to read an original that is replaced while it is read.
const ATTEMPTS: usize = 3;

/// An original, read completely.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    /// The file.
    pub(crate) bytes: Bytes,
    /// A strong entity tag with its quotes.
    pub(crate) etag: String,
}

impl Store {
    /// Reads an original. Fails before reading it if its length exceeds the limit.
    pub(crate) async fn original(&self, key: &Key, limits: &Limits) -> Result<Original, StoreError> {
        let mut attempt = 1;
        loop {
            match self.transfer(key, limits).await?.whole().await {
                Err(StoreError::Replaced) if attempt < ATTEMPTS => attempt += 1,
                other => return other,
            }
        }
    }

    /// The current entity tag of an original, with its quotes.
    pub(crate) async fn original_etag(&self, key: &Key) -> Result<String, StoreError> {
        Ok(self.describe_original(key).await?.etag)
    }

    /// `true` if an original exists, whatever its state is.
    pub(crate) async fn has_original(&self, key: &Key) -> Result<bool, StoreError> {
        self.originals.exists(key.as_str()).await.map_err(StoreError::Unavailable)
    }

    /// `true` if an original exists of which viewers may have seen a variant.
    pub(crate) async fn may_have_been_served(&self, key: &Key) -> Result<bool, StoreError> {
        let tags = self.originals.current_tags(key.as_str()).await.map_err(StoreError::Unavailable)?;
        Ok(tags.is_some_and(|tags| tags.iter().all(|tag| tag.key() != NEVER_SERVED_TAG)))
    }

    /// The current media type of an original.
    pub(crate) async fn original_media_type(&self, key: &Key) -> Result<String, StoreError> {
        Ok(self.describe_original(key).await?.media_type)
    }

    /// `true` if the original still has this entity tag; `false` if it was replaced or removed.
    pub(crate) async fn is_current(&self, key: &Key, etag: &str) -> Result<bool, StoreError> {
        match self.original_etag(key).await {
            Ok(current) => Ok(current == etag),
            Err(StoreError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The result of a `HEAD` request. Its response has no body, so a missing object looks the same as a missing bucket
    /// or unknown credentials. The check of access distinguishes them.
    pub(super) async fn unless_inaccessible<T>(
        &self,
        result: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if matches!(result, Err(StoreError::NotFound)) {
            self.access().result().await?;
        }
        result
    }

    async fn describe_original(&self, key: &Key) -> Result<ObjectVersion, StoreError> {
        let described = self.originals.object(key.as_str(), None).await.map_err(StoreError::from);
        self.unless_inaccessible(described).await
    }
}
