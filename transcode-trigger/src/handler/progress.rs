//! From a job's event to the status.

use contract::caching::Caching;

use super::Trigger;
use super::held::Held;
use crate::claim::{Claim, End};
use crate::error::EventError;
use crate::follow::{self, Files};
use crate::job_event::{Change, JobEvent};
use crate::status::Status;
use crate::store::Document;

impl Trigger {
    /// Moves a video's status to where an event says that its job is. Events of other jobs are passed over.
    #[tracing::instrument(name = "follow", skip_all, fields(job = event.job))]
    pub async fn follow(&self, event: &JobEvent) -> Result<(), EventError> {
        let Some(id) = &event.claim else { return Ok(()) };
        let Some(mut held) = self.read_claim(id).await? else {
            tracing::warn!(claim = id, "an event is of a claim that isn't there");
            return Ok(());
        };
        self.record_job(&mut held, &event.job).await?;
        if held.claim.job.as_ref() != Some(&event.job) {
            tracing::error!(
                claimed = held.claim.job,
                "an event is of another job than was made for its claim"
            );
            return Ok(());
        }
        let files = match &event.change {
            Change::Complete(_) => {
                Files::among(&held.claim, self.store.keys(&held.claim.names().folder()).await?)
            }
            Change::Progress(_) | Change::Failed { .. } | Change::Canceled | Change::Other(_) => {
                Files::default()
            }
        };
        let Some(status) = follow::status(&held.claim, event, &files) else { return Ok(()) };
        if !status.state.is_final() {
            return self.publish(&held.claim, &status).await;
        }
        self.write_tiles(&held.claim, &status, &files).await?;
        self.change_claim(&mut held, |claim| ended(claim, &status)).await?;
        self.tell(&mut held).await
    }

    /// Writes down which job was made for a claim, if that isn't known.
    pub(super) async fn record_job(&self, held: &mut Held, job: &str) -> Result<(), EventError> {
        self.change_claim(held, |claim| {
            claim.job.is_none().then(|| Claim { job: Some(job.to_owned()), ..claim.clone() })
        })
        .await
    }

    async fn write_tiles(&self, claim: &Claim, status: &Status, files: &Files) -> Result<(), EventError> {
        let (Some(intent), Some(seconds)) = (&claim.intent, status.duration_seconds) else { return Ok(()) };
        if files.sheets.is_empty() {
            return Ok(());
        }
        let duration_ms = (seconds * 1000.0).round() as u64;
        let document = Document {
            key: &claim.names().tiles(),
            media_type: "text/vtt; charset=utf-8",
            // The files of a run are never written again.
            caching: Caching::Immutable,
            text: &intent.tiles.web_vtt(duration_ms, &files.sheet_names()),
        };
        Ok(self.store.overwrite(&document).await?)
    }
}

/// The claim with its end, unless it has a newer one.
fn ended(claim: &Claim, status: &Status) -> Option<Claim> {
    let newest = match &claim.end {
        Some(End::Job { status: known }) => (**known).clone().newer(status.clone()),
        Some(End::Refused { .. } | End::GivenUp { .. }) | None => status.clone(),
    };
    let end = Some(End::Job { status: Box::new(newest) });
    (claim.end != end).then(|| Claim { end, is_announced: false, ..claim.clone() })
}
