//! Claims in the bucket. Every change replaces exactly the version that was read, or fails.

use bucket::Condition;
use contract::caching::Caching;

use super::error::EventError;
use super::store::{Document, StoredDocument};
use super::trigger::Trigger;
use crate::claim::Claim;
use crate::keys::claim_key;

/// A claim with the entity tag of its version in the bucket.
#[derive(Clone, Debug)]
pub(super) struct StoredClaim {
    pub(super) claim: Claim,
    etag: String,
}

/// Attempts to change a claim that other processes change at the same time.
const ATTEMPTS: usize = 10;

impl Trigger {
    /// Creates a claim. `None` if it exists already.
    pub(super) async fn create_claim(&self, claim: Claim) -> Result<Option<StoredClaim>, EventError> {
        Ok(self.write_claim(&claim, Condition::Absent).await?.map(|etag| StoredClaim { claim, etag }))
    }

    /// Reads the claim with this id. `None` if there is none.
    pub(super) async fn read_claim(&self, id: &str) -> Result<Option<StoredClaim>, EventError> {
        let key = claim_key(id);
        let Some(StoredDocument { text, etag }) = self.store.read(&key).await? else { return Ok(None) };
        let claim = serde_json::from_str(&text).map_err(|cause| EventError::Document { key, cause })?;
        Ok(Some(StoredClaim { claim, etag }))
    }

    /// Replaces a claim. Fails if another process has changed it.
    pub(super) async fn replace_claim(
        &self,
        stored: &mut StoredClaim,
        claim: Claim,
    ) -> Result<(), EventError> {
        let written = self.write_claim(&claim, Condition::Unchanged(&stored.etag)).await?;
        stored.etag = written.ok_or(EventError::LostRace)?;
        stored.claim = claim;
        Ok(())
    }

    /// Changes a claim, and repeats the change on the newest version if another process was faster. `change` must
    /// be correct for every version; it returns `None` if there is nothing to change.
    pub(super) async fn change_claim(
        &self,
        stored: &mut StoredClaim,
        change: impl Fn(&Claim) -> Option<Claim>,
    ) -> Result<(), EventError> {
        for _ in 0..ATTEMPTS {
            let Some(changed) = change(&stored.claim) else { return Ok(()) };
            let replaced = self.replace_claim(stored, changed).await;
            if !matches!(replaced, Err(EventError::LostRace)) {
                return replaced;
            }
            *stored = self.read_claim(&stored.claim.id).await?.ok_or(EventError::LostRace)?;
        }
        Err(EventError::LostRace)
    }

    async fn write_claim(
        &self,
        claim: &Claim,
        condition: Condition<'_>,
    ) -> Result<Option<String>, EventError> {
        let key = claim.keys().claim();
        let text =
            serde_json::to_string(claim).map_err(|cause| EventError::Document { key: key.clone(), cause })?;
        let document =
            Document { key: &key, media_type: "application/json", caching: Caching::Never, text: &text };
        Ok(self.store.write_if(&document, condition).await?)
    }
}
