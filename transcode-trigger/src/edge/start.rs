//! The start of a job: from an announced object to a submitted job.

use std::collections::BTreeMap;

use bucket::ObjectVersion;
use service::notification::require_bucket;

use super::claims::StoredClaim;
use super::error::EventError;
use super::event::ObjectEvent;
use super::store::FileBeside;
use super::submit::SubmitError;
use super::trigger::Trigger;
use crate::captions::{self, Captions, CaptionsError};
use crate::claim::{Claim, End, NextStep, SourceObject, normalize_sequencer};
use crate::inputs::ObjectRole;
use crate::plan::Plan;
use crate::sniff::looks_like_media;
use crate::source::{SourceVideo, VideoTrack};
use crate::status::{Failure, SourceFacts, VideoState};

/// The result of an event that announces an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartResult {
    /// A job was created, or an existing one was found.
    Submitted,
    /// The job exists already. Its status was published again.
    AlreadyStarted,
    /// The object gets no job. Its status contains the reason.
    Refused,
    /// The object's key does not belong to the inputs.
    NotAnInput,
    /// The object is a file of a job or of the trigger.
    Output,
    /// The object was removed, or replaced by one that has an event of its own.
    Gone,
    /// The object is not clean. If it becomes clean, another event announces it.
    NotClean,
    /// Neither the first bytes nor the declared type are those of a video or of sound.
    NotAVideo,
}

/// The reason why a file that was uploaded as a video or as sound is refused without a probe.
const UNKNOWN_CONTAINER: &str = "the file has the type of a video or of sound, but is in none of the formats MP4, QuickTime, WebM, \
     Matroska, AVI, MPEG, FLV, Ogg, DV, ASF, MXF, MP3, AAC, FLAC and WAV: convert it to one of them";

impl Trigger {
    /// Creates the job of an announced object, if it is a video and has none. At the last delivery of the event, even
    /// a transient failure becomes the result of the video.
    #[tracing::instrument(name = "start", skip_all, fields(key = event.key))]
    pub async fn start_job(&self, event: &ObjectEvent, is_last: bool) -> Result<StartResult, EventError> {
        let ObjectEvent { bucket, key, .. } = event;
        require_bucket(bucket, self.inputs.bucket())?;
        match self.inputs.role(bucket, key) {
            ObjectRole::Input => {}
            ObjectRole::Output => return Ok(StartResult::Output),
            ObjectRole::Unrelated => return Ok(StartResult::NotAnInput),
        }
        let Some((newest, metadata)) = self.store.newest_with_metadata(key).await? else {
            return Ok(StartResult::Gone);
        };
        if !is_announced(&newest, event) {
            return Ok(StartResult::Gone);
        }
        if !self.store.is_clean(&newest).await? {
            return Ok(StartResult::NotClean);
        }
        let Some(first_bytes) = self.store.first_bytes(&newest).await? else {
            return Ok(StartResult::Gone);
        };
        let is_media = looks_like_media(&first_bytes);
        if !is_media && !is_declared_media(&newest) {
            return Ok(StartResult::NotAVideo);
        }
        let (mut stored, next) = self.claim(&source_object(newest, &metadata, event)).await?;
        if next == NextStep::Publish {
            self.publish_claim(&mut stored).await?;
            return Ok(StartResult::AlreadyStarted);
        }
        let result = if is_media {
            self.submit(&mut stored, next).await
        } else {
            self.refuse(&mut stored, failure("unreadable", UNKNOWN_CONTAINER.to_owned())).await
        };
        if let Err(error) = &result {
            self.release(&mut stored, error, is_last).await?;
        }
        self.discard_if_outdated(&stored.claim).await?;
        result
    }

    /// Claims an object, or takes over an expired claim.
    async fn claim(&self, object: &SourceObject) -> Result<(StoredClaim, NextStep), EventError> {
        let claim = Claim::new(object, &self.policy, self.now_ms(), self.busy_until_ms());
        let id = claim.id.clone();
        if let Some(stored) = self.create_claim(claim).await? {
            return Ok((stored, NextStep::Plan));
        }
        let mut stored = self.read_claim(&id).await?.ok_or(EventError::LostRace)?;
        self.change_claim(&mut stored, |claim| claim.rewritten(object)).await?;
        let next = stored.claim.next_step(self.now_ms());
        match next {
            NextStep::Wait => return Err(EventError::Busy),
            NextStep::Publish if self.lacks_files(&stored.claim).await? => {
                let restarted = stored.claim.clone().restarted(self.busy_until_ms());
                self.replace_claim(&mut stored, restarted).await?;
                return Ok((stored, NextStep::Plan));
            }
            NextStep::Publish => {}
            NextStep::Plan | NextStep::FindJob => {
                let taken_over = stored.claim.clone().taken_over(self.busy_until_ms());
                self.replace_claim(&mut stored, taken_over).await?;
            }
        }
        Ok((stored, next))
    }

    /// Probes and plans a claimed video and creates its job, or finds the job that a process created before it ended.
    async fn submit(&self, stored: &mut StoredClaim, next: NextStep) -> Result<StartResult, EventError> {
        if next == NextStep::FindJob
            && let Some(job) = self.submitter.find(&stored.claim).await.map_err(EventError::unavailable)?
        {
            tracing::warn!(job, "the job of an expired claim was found");
            return self.record_submitted(stored, job).await;
        }
        let queued = stored.claim.status(VideoState::Queued, stored.claim.claimed_ms);
        self.publish_status(&stored.claim, &queued).await?;
        let probing = stored.claim.status(VideoState::Probing, self.now_ms());
        self.publish_status(&stored.claim, &probing).await?;
        let source = match self.submitter.probe(&stored.claim).await {
            Ok(source) => source,
            Err(SubmitError::Transient(cause)) => return Err(EventError::Unavailable(cause)),
            Err(SubmitError::Permanent(cause)) => {
                return self.refuse(stored, failure("unreadable", cause)).await;
            }
        };
        let facts = facts(&stored.claim, &source);
        let captions = match self.captions(&stored.claim).await? {
            Ok(captions) => captions,
            Err(error) => return self.refuse(stored, failure("captions", error.to_string())).await,
        };
        let plan = match Plan::new(&source, &self.policy) {
            Ok(plan) => Plan { captions, ..plan },
            Err(error) => {
                stored.claim.source = facts;
                return self.refuse(stored, failure(error.code(), error.to_string())).await;
            }
        };
        // A process that finds a claim with a plan looks for its job. This write fails if another process has taken
        // the claim over.
        let planned = stored.claim.clone().with_plan(facts, &plan, self.busy_until_ms());
        self.replace_claim(stored, planned).await?;
        match self.submitter.create(&stored.claim, &plan).await {
            Ok(job) => self.record_submitted(stored, job).await,
            Err(SubmitError::Transient(cause)) => Err(EventError::Unavailable(cause)),
            Err(SubmitError::Permanent(cause)) => self.refuse(stored, failure("refused", cause)).await,
        }
    }

    /// The captions that a claim names, if each is a WebVTT file of the video's owner.
    async fn captions(&self, claim: &Claim) -> Result<Result<Vec<Captions>, CaptionsError>, EventError> {
        let video = &claim.source.key;
        let captions = match captions::of_video(video, &claim.source.captions) {
            Ok(captions) => captions,
            Err(error) => return Ok(Err(error)),
        };
        for Captions { key, .. } in &captions {
            let checked = match self.store.beside(video, key, captions::MAX_BYTES).await? {
                Some(FileBeside::Content(content)) => captions::check(key, &content),
                Some(FileBeside::TooLarge) => Err(CaptionsError::TooLarge(key.clone())),
                None => Err(CaptionsError::Missing(key.clone())),
            };
            if let Err(error) = checked {
                return Ok(Err(error));
            }
        }
        Ok(Ok(captions))
    }

    async fn record_submitted(
        &self,
        stored: &mut StoredClaim,
        job: String,
    ) -> Result<StartResult, EventError> {
        self.record_job(stored, &job).await?;
        tracing::info!(job, "a job is submitted");
        self.publish_claim(stored).await?;
        Ok(StartResult::Submitted)
    }

    async fn refuse(&self, stored: &mut StoredClaim, failure: Failure) -> Result<StartResult, EventError> {
        tracing::warn!(code = failure.code, message = failure.message, "a video is refused");
        let end = Some(End::Refused { failure, at_ms: self.now_ms() });
        let refused = Claim { end, ..stored.claim.clone() };
        self.replace_claim(stored, refused).await?;
        self.publish_claim(stored).await?;
        Ok(StartResult::Refused)
    }

    /// Releases a claim after a failure, so that the next delivery can take it over at once. After the last delivery
    /// the failure is the result of the video.
    async fn release(
        &self,
        stored: &mut StoredClaim,
        error: &EventError,
        is_last: bool,
    ) -> Result<(), EventError> {
        // The claim may belong to another process.
        if matches!(error, EventError::Busy | EventError::LostRace) {
            return Ok(());
        }
        if stored.claim.job.is_some() || stored.claim.end.is_some() {
            return Ok(());
        }
        let now_ms = self.now_ms();
        let end =
            is_last.then(|| End::GivenUp { failure: failure("gave-up", error.to_string()), at_ms: now_ms });
        let released = Claim { end, busy_until_ms: now_ms, ..stored.claim.clone() };
        match self.replace_claim(stored, released).await {
            Ok(()) if is_last => self.publish_claim(stored).await,
            // A claim that could not be released expires.
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// `true` if an object was uploaded with the type of a video or of sound. Its uploader waits for a status.
fn is_declared_media(object: &ObjectVersion) -> bool {
    let kind = object.media_type.get(..6).unwrap_or_default();
    ["video/", "audio/"].iter().any(|declared| kind.eq_ignore_ascii_case(declared))
}

/// `true` if an object is the one that an event announced, not one that has replaced it.
fn is_announced(object: &ObjectVersion, event: &ObjectEvent) -> bool {
    match (&object.version, &event.version) {
        (Some(version), Some(announced)) => version == announced,
        (Some(_) | None, Some(_) | None) => {
            event.etag.is_empty() || object.unquoted_etag() == event.etag.trim_matches('"')
        }
    }
}

fn source_object(
    object: ObjectVersion,
    metadata: &BTreeMap<String, String>,
    event: &ObjectEvent,
) -> SourceObject {
    let version = object.version.clone().unwrap_or_else(|| object.unquoted_etag().to_owned());
    SourceObject {
        bucket: event.bucket.clone(),
        key: object.key,
        version,
        bytes: object.bytes,
        modified_s: object.modified_s,
        sequencer: normalize_sequencer(&event.sequencer),
        captions: captions::named(metadata),
    }
}

fn failure(code: &str, message: String) -> Failure {
    Failure { code: code.to_owned(), message }
}

fn facts(claim: &Claim, source: &SourceVideo) -> SourceFacts {
    let display_size = source.video.as_ref().map(VideoTrack::display_size);
    SourceFacts {
        duration_seconds: source.duration_ms.map(|ms| ms as f64 / 1000.0),
        width: display_size.map(|size| size.width),
        height: display_size.map(|size| size.height),
        frames_per_second: source
            .video
            .as_ref()
            .and_then(VideoTrack::frames_per_second)
            .map(|rate| (rate * 1000.0).round() / 1000.0),
        video_codec: source.video.as_ref().map(|track| track.codec.clone()),
        audio_codec: source.audio.as_ref().map(|track| track.codec.clone()),
        ..claim.source.clone()
    }
}
