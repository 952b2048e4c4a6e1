//! Removes the files of a removed video. The upkeep of variants removes the files of a video that was removed,
//! withdrawn or replaced. A job that is running then continues, and the trigger removes the files that it writes
//! afterwards.

use super::error::EventError;
use super::trigger::Trigger;
use crate::claim::Claim;
use crate::status::Status;

impl Trigger {
    /// Removes the files of a claim whose object is not the current one, or is not clean. Returns `true` if there can be none.
    pub(super) async fn discard_if_outdated(&self, claim: &Claim) -> Result<bool, EventError> {
        if self.is_current(claim).await? {
            return Ok(false);
        }
        let keys = claim.keys();
        let mut files = self.store.keys(&keys.folder()).await?;
        let published = self.store.read(&keys.status()).await?;
        let published = published.and_then(|stored| serde_json::from_str::<Status>(&stored.text).ok());
        if published.is_some_and(|status| status.run == keys.run_id()) {
            files.extend([keys.poster(), keys.status()]);
        }
        self.store.remove(&files).await?;
        tracing::info!(removed = files.len(), "the video is gone: the files of its job are removed");
        Ok(true)
    }

    /// `true` if the files of an ended job are gone, as after the video was withdrawn.
    pub(super) async fn lacks_files(&self, claim: &Claim) -> Result<bool, EventError> {
        Ok(claim.has_files() && self.store.keys(&claim.keys().folder()).await?.is_empty())
    }

    /// `true` if the object of a claim is the current one, and clean.
    async fn is_current(&self, claim: &Claim) -> Result<bool, EventError> {
        let Some(newest) = self.store.newest(&claim.source.key).await? else { return Ok(false) };
        let version = newest.version.as_deref().unwrap_or_else(|| newest.unquoted_etag());
        Ok(version == claim.source.version && self.store.is_clean(&newest).await?)
    }
}
