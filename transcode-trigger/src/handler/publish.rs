//! The status document, and whom else is told of the end.

use contract::caching::Caching;

use super::Trigger;
use super::held::Held;
use crate::claim::Claim;
use crate::error::EventError;
use crate::places::Names;
use crate::plan::SHOWN_POSTER;
use crate::status::{State, Status};
use crate::store::{Document, Stored};
use crate::submit::SubmitError;

/// How often a document is tried to be written over that others write it.
const TRIES: usize = 10;

/// How long caches may keep the status: as long as a player waits between two looks.
const STATUS_CACHING: Caching = Caching::Seconds(1);

/// How long caches may keep the poster, which another version of the video replaces.
const POSTER_CACHING: Caching = Caching::Seconds(60);

impl Trigger {
    /// Tells how a claim stands, to whoever polls and, if it ended, to the application.
    pub(super) async fn tell(&self, held: &mut Held) -> Result<(), EventError> {
        let status = held.claim.standing();
        self.publish(&held.claim, &status).await?;
        if !status.state.is_final() || held.claim.is_announced {
            return Ok(());
        }
        match self.submitter.announce(&status).await {
            Ok(()) => {}
            Err(SubmitError::Later(cause)) => return Err(EventError::Later(cause)),
            // Whatever is wrong with the bus, the video is as it is.
            Err(SubmitError::Never(cause)) => tracing::error!(cause, "the bus takes no event"),
        }
        self.change_claim(held, |claim| {
            (!claim.is_announced).then(|| Claim { is_announced: true, ..claim.clone() })
        })
        .await
    }

    /// Writes the status document, unless the one that is there is newer.
    pub(super) async fn publish(&self, claim: &Claim, status: &Status) -> Result<(), EventError> {
        let names = claim.names();
        let key = names.status();
        for _ in 0..TRIES {
            let stored = self.store.read(&key).await?;
            let (known, etag) = match stored {
                None => (None, None),
                Some(Stored { text, etag }) => (known(&key, &text), Some(etag)),
            };
            let newer = match &known {
                None => status.clone(),
                Some(known) => known.clone().newer(status.clone()),
            };
            if known.as_ref() == Some(&newer) {
                return Ok(());
            }
            if newer.state == State::Ready {
                self.show_poster(&names, &newer).await?;
            }
            let text = serde_json::to_string(&newer)
                .map_err(|cause| EventError::Document { key: key.clone(), cause })?;
            let document =
                Document { key: &key, media_type: "application/json", caching: STATUS_CACHING, text: &text };
            if self.store.write(&document, etag.as_deref()).await?.is_some() {
                tracing::info!(id = newer.id, state = ?newer.state, percent = newer.percent, "status");
                return Ok(());
            }
        }
        Err(EventError::Raced)
    }

    /// Puts the frame that is shown before playing where it is looked for.
    async fn show_poster(&self, names: &Names<'_>, status: &Status) -> Result<(), EventError> {
        let posters =
            status.playback.as_ref().map(|playback| playback.posters.as_slice()).unwrap_or_default();
        let Some(shown) = posters.get(SHOWN_POSTER).or(posters.first()) else { return Ok(()) };
        let from = shown.trim_start_matches('/');
        Ok(self.store.copy_jpeg(from, &names.poster(), POSTER_CACHING).await?)
    }
}

/// The document that is there; none where it isn't one of ours, which is written over.
fn known(key: &str, text: &str) -> Option<Status> {
    serde_json::from_str(text)
        .inspect_err(|error| tracing::error!(key, %error, "a status can't be read and is written anew"))
        .ok()
}
