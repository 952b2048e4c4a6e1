//! The status document, and the event that announces the result of a video.

use bucket::Condition;
use contract::caching::Caching;

use super::claims::StoredClaim;
use super::error::EventError;
use super::store::{Document, StoredDocument};
use super::submit::SubmitError;
use super::trigger::Trigger;
use crate::claim::Claim;
use crate::keys::RunKeys;
use crate::poster::{by_preference, is_black};
use crate::status::{Status, VideoState};

/// Attempts to write a status document that other processes write at the same time.
const ATTEMPTS: usize = 10;

/// Caching of the status document: clients poll it once a second.
const STATUS_CACHING: Caching = Caching::Seconds(1);

/// Caching of the poster: another version of the video replaces it.
const POSTER_CACHING: Caching = Caching::Seconds(60);

impl Trigger {
    /// Publishes the current status of a claim. If the claim has its result, the event bus gets it once.
    pub(super) async fn publish_claim(&self, stored: &mut StoredClaim) -> Result<(), EventError> {
        let status = stored.claim.current_status();
        self.publish_status(&stored.claim, &status).await?;
        if !status.state.is_final() || stored.claim.is_announced {
            return Ok(());
        }
        match self.submitter.announce(&status, &stored.claim.bucket).await {
            Ok(()) => {}
            Err(SubmitError::Transient(cause)) => return Err(EventError::Unavailable(cause)),
            // A broken event bus does not change the video's result.
            Err(SubmitError::Permanent(cause)) => tracing::error!(cause, "the event bus refuses the event"),
        }
        self.change_claim(stored, |claim| {
            (!claim.is_announced).then(|| Claim { is_announced: true, ..claim.clone() })
        })
        .await
    }

    /// Writes the status document, unless the existing one is newer.
    pub(super) async fn publish_status(&self, claim: &Claim, status: &Status) -> Result<(), EventError> {
        let keys = claim.keys();
        let key = keys.status();
        for _ in 0..ATTEMPTS {
            let stored = self.store.read(&key).await?;
            let published = stored.as_ref().and_then(|stored| parse_status(&key, stored));
            let newest = match &published {
                None => status.clone(),
                Some(published) => published.clone().newer(status.clone()),
            };
            if published.as_ref() == Some(&newest) {
                return Ok(());
            }
            if newest.state == VideoState::Ready {
                self.copy_poster(&keys, &newest).await?;
            }
            let text = serde_json::to_string(&newest)
                .map_err(|cause| EventError::Document { key: key.clone(), cause })?;
            let document =
                Document { key: &key, media_type: "application/json", caching: STATUS_CACHING, text: &text };
            let condition = match &stored {
                None => Condition::Absent,
                Some(StoredDocument { etag, .. }) => Condition::Unchanged(etag),
            };
            if self.store.write_if(&document, condition).await?.is_some() {
                tracing::info!(id = newest.id, state = ?newest.state, percent = newest.percent, "status");
                return Ok(());
            }
        }
        Err(EventError::LostRace)
    }

    /// Copies the first poster that is not black to the key that all runs of the video share.
    async fn copy_poster(&self, keys: &RunKeys<'_>, status: &Status) -> Result<(), EventError> {
        let posters =
            status.playback.as_ref().map(|playback| playback.posters.as_slice()).unwrap_or_default();
        let mut chosen = by_preference(posters).next();
        for path in by_preference(posters) {
            if !is_black(&self.store.read_bytes(path.trim_start_matches('/')).await?) {
                chosen = Some(path);
                break;
            }
        }
        let Some(path) = chosen else { return Ok(()) };
        Ok(self.store.copy_jpeg(path.trim_start_matches('/'), &keys.poster(), POSTER_CACHING).await?)
    }
}

/// The published status. `None` if the document is damaged; it will be overwritten.
fn parse_status(key: &str, stored: &StoredDocument) -> Option<Status> {
    serde_json::from_str(&stored.text)
        .inspect_err(|error| tracing::error!(key, %error, "a damaged status document is overwritten"))
        .ok()
}
