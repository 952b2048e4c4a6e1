//! Claims in the bucket. Every change replaces exactly what was read, or fails.

use contract::caching::Caching;

use super::Trigger;
use crate::claim::Claim;
use crate::error::EventError;
use crate::places::claim_key;
use crate::store::{Document, Stored};

/// A claim as it was read or written last.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) claim: Claim,
    etag: String,
}

/// How often a change is tried over that others change the same claim.
const TRIES: usize = 10;

impl Trigger {
    /// Writes a claim where there is none; none where there is one.
    pub(super) async fn create_claim(&self, claim: Claim) -> Result<Option<Held>, EventError> {
        Ok(self.write_claim(&claim, None).await?.map(|etag| Held { claim, etag }))
    }

    /// The claim with this id; none where there is none.
    pub(super) async fn read_claim(&self, id: &str) -> Result<Option<Held>, EventError> {
        let key = claim_key(id);
        let Some(Stored { text, etag }) = self.store.read(&key).await? else { return Ok(None) };
        let claim = serde_json::from_str(&text).map_err(|cause| EventError::Document { key, cause })?;
        Ok(Some(Held { claim, etag }))
    }

    /// Puts a claim in the place of the one that is held. An error where that isn't there any more.
    pub(super) async fn replace_claim(&self, held: &mut Held, claim: Claim) -> Result<(), EventError> {
        held.etag = self.write_claim(&claim, Some(&held.etag)).await?.ok_or(EventError::Raced)?;
        held.claim = claim;
        Ok(())
    }

    /// Changes a claim, whoever else changes it meanwhile; nothing where `change` gives none. For changes that hold
    /// whatever the others are.
    pub(super) async fn change_claim(
        &self,
        held: &mut Held,
        change: impl Fn(&Claim) -> Option<Claim>,
    ) -> Result<(), EventError> {
        for _ in 0..TRIES {
            let Some(changed) = change(&held.claim) else { return Ok(()) };
            match self.replace_claim(held, changed).await {
                Err(EventError::Raced) => {
                    *held = self.read_claim(&held.claim.id).await?.ok_or(EventError::Raced)?;
                }
                outcome => return outcome,
            }
        }
        Err(EventError::Raced)
    }

    async fn write_claim(&self, claim: &Claim, read: Option<&str>) -> Result<Option<String>, EventError> {
        let key = claim.names().claim();
        let text =
            serde_json::to_string(claim).map_err(|cause| EventError::Document { key: key.clone(), cause })?;
        let document =
            Document { key: &key, media_type: "application/json", caching: Caching::Never, text: &text };
        Ok(self.store.write(&document, read).await?)
    }
}
