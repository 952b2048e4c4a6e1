//! The events of a job.

use contract::caching::Caching;

use super::claims::StoredClaim;
use super::error::EventError;
use super::store::Document;
use super::trigger::Trigger;
use crate::claim::{Claim, End};
use crate::job::event::{JobChange, JobEvent};
use crate::job::progress::{RunFiles, status_after};
use crate::status::Status;

impl Trigger {
    /// Updates a video's status after an event of its job. Events of other jobs are skipped.
    #[tracing::instrument(name = "follow", skip_all, fields(job = event.job))]
    pub async fn follow_job(&self, event: &JobEvent) -> Result<(), EventError> {
        let Some(id) = &event.claim else { return Ok(()) };
        let Some(mut stored) = self.read_claim(id).await? else {
            tracing::warn!(claim = id, "the event names a claim that does not exist");
            return Ok(());
        };
        if stored.claim.former_jobs.contains(&event.job) {
            return Ok(());
        }
        self.record_job(&mut stored, &event.job).await?;
        if stored.claim.job.as_ref() != Some(&event.job) {
            tracing::error!(expected = stored.claim.job, "the event's job is not the job of its claim");
            return Ok(());
        }
        let (files, picture_ms) = match &event.change {
            JobChange::Complete(outputs) => {
                let keys = self.store.keys(&stored.claim.keys().folder()).await?;
                (RunFiles::from_keys(&stored.claim, keys), outputs.picture_ms.or(outputs.duration_ms))
            }
            JobChange::Progress(_) | JobChange::Failed { .. } | JobChange::Canceled | JobChange::Other(_) => {
                (RunFiles::default(), None)
            }
        };
        let Some(status) = status_after(&stored.claim, event, &files) else { return Ok(()) };
        if status.state.is_final() {
            self.change_claim(&mut stored, |claim| with_result(claim, &status)).await?;
        }
        if self.discard_if_outdated(&stored.claim).await? {
            return Ok(());
        }
        if status.state.is_final() {
            self.write_tiles(&stored.claim, picture_ms, &files).await?;
            self.publish_claim(&mut stored).await?;
        } else {
            self.publish_status(&stored.claim, &status).await?;
        }
        // The video may have been removed meanwhile.
        self.discard_if_outdated(&stored.claim).await.map(drop)
    }

    /// Records the job of a claim, unless the claim has one.
    pub(super) async fn record_job(&self, stored: &mut StoredClaim, job: &str) -> Result<(), EventError> {
        self.change_claim(stored, |claim| {
            claim.job.is_none().then(|| Claim { job: Some(job.to_owned()), ..claim.clone() })
        })
        .await
    }

    /// Writes the index of the seek thumbnails: as many as there are pictures.
    async fn write_tiles(
        &self,
        claim: &Claim,
        picture_ms: Option<u64>,
        files: &RunFiles,
    ) -> Result<(), EventError> {
        let tiles = claim.intent.as_ref().and_then(|intent| intent.tiles);
        let (Some(tiles), Some(picture_ms)) = (tiles, picture_ms) else { return Ok(()) };
        if files.sheets.is_empty() {
            return Ok(());
        }
        let document = Document {
            key: &claim.keys().tiles(),
            media_type: "text/vtt; charset=utf-8",
            // The files of a run are written once.
            caching: Caching::Immutable,
            text: &tiles.web_vtt(picture_ms, &files.sheet_names()),
        };
        Ok(self.store.overwrite(&document).await?)
    }
}

/// The claim with the result of its job. `None` if the claim has a newer result.
fn with_result(claim: &Claim, status: &Status) -> Option<Claim> {
    let newest = match &claim.end {
        Some(End::Job { status: recorded }) => (**recorded).clone().newer(status.clone()),
        Some(End::Refused { .. } | End::GivenUp { .. }) | None => status.clone(),
    };
    let end = Some(End::Job { status: Box::new(newest) });
    (claim.end != end).then(|| Claim { end, is_announced: false, ..claim.clone() })
}
