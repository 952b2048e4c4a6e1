//! From an object to its job.

use super::Trigger;
use super::held::Held;
use crate::claim::{Announced, Claim, End, Next, sequence};
use crate::error::EventError;
use crate::event::Announcement;
use crate::places::Place;
use crate::plan::plan;
use crate::sniff::looks_like_video;
use crate::source::Source;
use crate::status::{Failure, SourceFacts, State};
use crate::submit::SubmitError;

/// What became of an announced object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A job was created, or was found.
    Submitted,
    /// Nothing was left to do but to tell how it stands.
    Known,
    /// No job will ever be made of it. Its status says why.
    Refused,
    /// It lies where no videos are taken from.
    NoInput,
    /// A job or the trigger itself wrote it.
    Output,
    /// It was removed, or replaced by another that has an event of its own.
    Gone,
    /// It isn't clean yet, and has another event when it is; or never will be.
    NotClean,
    /// Its first bytes aren't those of a video.
    NoVideo,
}

impl Trigger {
    /// Makes the job of an object that was announced, if it is a video and has none. At the last delivery a failure
    /// that may pass is final.
    #[tracing::instrument(name = "start", skip_all, fields(key = announcement.key))]
    pub async fn start(&self, announcement: &Announcement, is_last: bool) -> Result<Outcome, EventError> {
        let Announcement { bucket, key, .. } = announcement;
        if bucket != self.places.bucket() {
            let (actual, expected) = (bucket.clone(), self.places.bucket().to_owned());
            return Err(EventError::OtherBucket { actual, expected });
        }
        match self.places.of(bucket, key) {
            Place::Input => {}
            Place::Output => return Ok(Outcome::Output),
            Place::Elsewhere => return Ok(Outcome::NoInput),
        }
        let Some(current) = self.store.current(key).await? else { return Ok(Outcome::Gone) };
        if !current.is(announcement) {
            return Ok(Outcome::Gone);
        }
        if !self.store.is_clean(&current).await? {
            return Ok(Outcome::NotClean);
        }
        let Some(first_bytes) = self.store.first_bytes(&current).await? else { return Ok(Outcome::Gone) };
        if !looks_like_video(&first_bytes) {
            return Ok(Outcome::NoVideo);
        }
        let object = Announced {
            bucket: bucket.clone(),
            key: key.clone(),
            version: current.version_or_etag().to_owned(),
            bytes: current.bytes,
            modified_s: current.modified_s,
            sequencer: sequence(&announcement.sequencer),
        };
        let (mut held, next) = self.claim(&object).await?;
        if next == Next::Tell {
            self.tell(&mut held).await?;
            return Ok(Outcome::Known);
        }
        let made = self.make(&mut held, next).await;
        if let Err(error) = &made {
            self.leave(&mut held, error, is_last).await?;
        }
        made
    }

    /// Claims an object, or takes over a claim that someone has left.
    async fn claim(&self, object: &Announced) -> Result<(Held, Next), EventError> {
        let claim = Claim::new(object, &self.policy, self.now_ms(), self.busy_until_ms());
        let id = claim.id.clone();
        if let Some(held) = self.create_claim(claim).await? {
            return Ok((held, Next::Begin));
        }
        let mut held = self.read_claim(&id).await?.ok_or(EventError::Raced)?;
        self.change_claim(&mut held, |claim| claim.announced_again(object)).await?;
        let next = held.claim.next(self.now_ms());
        match next {
            Next::Wait => return Err(EventError::Busy),
            Next::Tell => {}
            Next::Begin | Next::Reconcile => {
                let taken = held.claim.clone().taken(self.busy_until_ms());
                self.replace_claim(&mut held, taken).await?;
            }
        }
        Ok((held, next))
    }

    async fn make(&self, held: &mut Held, next: Next) -> Result<Outcome, EventError> {
        if next == Next::Reconcile
            && let Some(job) = self.submitter.find(&held.claim).await.map_err(later)?
        {
            tracing::warn!(job, "a job is found whose claim was left");
            return self.submitted(held, job).await;
        }
        self.publish(&held.claim, &held.claim.status(State::Queued, held.claim.claimed_ms)).await?;
        self.publish(&held.claim, &held.claim.status(State::Probing, self.now_ms())).await?;
        let source = match self.submitter.probe(&held.claim).await {
            Ok(source) => source,
            Err(SubmitError::Later(cause)) => return Err(EventError::Later(cause)),
            Err(SubmitError::Never(cause)) => return self.refuse(held, failure("unreadable", cause)).await,
        };
        let facts = facts(&held.claim, &source);
        let plan = match plan(&source, &self.policy) {
            Ok(plan) => plan,
            Err(refusal) => {
                held.claim.source = facts;
                return self.refuse(held, failure(refusal.code(), refusal.to_string())).await;
            }
        };
        // Whoever finds this and no job looks for the job. It also fails where someone has taken over meanwhile.
        let planned = held.claim.clone().planned(facts, &plan, self.busy_until_ms());
        self.replace_claim(held, planned).await?;
        match self.submitter.create(&held.claim, &plan).await {
            Ok(job) => self.submitted(held, job).await,
            Err(SubmitError::Later(cause)) => Err(EventError::Later(cause)),
            Err(SubmitError::Never(cause)) => self.refuse(held, failure("refused", cause)).await,
        }
    }

    async fn submitted(&self, held: &mut Held, job: String) -> Result<Outcome, EventError> {
        self.record_job(held, &job).await?;
        tracing::info!(job, "a job is submitted");
        self.tell(held).await?;
        Ok(Outcome::Submitted)
    }

    async fn refuse(&self, held: &mut Held, failure: Failure) -> Result<Outcome, EventError> {
        tracing::warn!(code = failure.code, message = failure.message, "a video is refused");
        let end = Some(End::Refused { failure, at_ms: self.now_ms() });
        let refused = Claim { end, ..held.claim.clone() };
        self.replace_claim(held, refused).await?;
        self.tell(held).await?;
        Ok(Outcome::Refused)
    }

    /// Leaves a claim after a failure: to the next delivery at once, or for good after the last.
    async fn leave(&self, held: &mut Held, error: &EventError, is_last: bool) -> Result<(), EventError> {
        match error {
            // It is in someone else's hands, or may be.
            EventError::Busy | EventError::Raced => return Ok(()),
            _ if held.claim.job.is_some() || held.claim.end.is_some() => return Ok(()),
            _ => {}
        }
        let now_ms = self.now_ms();
        let end =
            is_last.then(|| End::GivenUp { failure: failure("gave-up", error.to_string()), at_ms: now_ms });
        let left = Claim { end, busy_until_ms: now_ms, ..held.claim.clone() };
        match self.replace_claim(held, left).await {
            Ok(()) if is_last => self.tell(held).await,
            // Left as it is, it goes stale.
            _ => Ok(()),
        }
    }
}

fn later(error: SubmitError) -> EventError {
    let (SubmitError::Later(cause) | SubmitError::Never(cause)) = error;
    EventError::Later(cause)
}

fn failure(code: &str, message: String) -> Failure {
    Failure { code: code.to_owned(), message }
}

fn facts(claim: &Claim, source: &Source) -> SourceFacts {
    let shown = source.video.as_ref().map(crate::source::VideoTrack::shown);
    SourceFacts {
        duration_seconds: source.duration_ms.map(|ms| ms as f64 / 1000.0),
        width: shown.map(|size| size.width),
        height: shown.map(|size| size.height),
        frames_per_second: source
            .video
            .as_ref()
            .and_then(crate::source::VideoTrack::frames_per_second)
            .map(|rate| (rate * 1000.0).round() / 1000.0),
        video_codec: source.video.as_ref().map(|track| track.codec.clone()),
        audio_codec: source.audio.as_ref().map(|track| track.codec.clone()),
        ..claim.source.clone()
    }
}
