//! The claim of a video: the record that lets one process create the job, and only one.
//!
//! A claim is an object in the bucket. Processes race to create it, and one of them wins (`If-None-Match: *`). Every
//! change replaces exactly the version that was read (`If-Match`). If the process ends early, its claim expires, and
//! the next delivery of the event takes it over. The plan is written into the claim before the job is created. A
//! process that takes over a claim with a plan therefore knows that a job may exist, and looks for it before it creates
//! one.

mod id;

use cdn_config::video::VideoPolicy;
use contract::renditions::{area_of, video_id};
use serde::{Deserialize, Serialize};

use crate::keys::RunKeys;
use crate::plan::{Plan, Renditions, Tiles};
use crate::status::{CostFacts, Failure, Order, RenditionFacts, SCHEMA, SourceFacts, Status, VideoState};

pub use id::{SourceObject, claim_id, normalize_sequencer};

/// Digits of the claim's id in the token of a job that replaces a former one.
const TOKEN_DIGITS: usize = 48;

/// The record of one object's job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// The [`claim_id`] of object and policy: 64 hexadecimal digits.
    pub id: String,
    /// The video's id.
    pub asset: String,
    /// The object's bucket.
    pub bucket: String,
    /// The known facts about the object.
    pub source: SourceFacts,
    /// The time at which the object was written, in seconds since 1970. The same content may be written again.
    pub modified_s: i64,
    /// The sequencer of the newest event that announced the object, as [`normalize_sequencer`] spells it.
    pub sequencer: String,
    /// The time of the first claim, in milliseconds since 1970.
    pub claimed_ms: i64,
    /// The time at which the claim of the current process expires, in milliseconds since 1970.
    pub busy_until_ms: i64,
    /// Number of the run, from 1. It grows by one each time the trigger starts again after it gave up.
    pub run: u32,
    /// The submitted plan. It is written before the job is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// The job's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The ids of earlier jobs, whose files were removed with the video. These jobs and their events are ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_jobs: Vec<String>,
    /// The result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// `true` once the event bus has the result.
    #[serde(default)]
    pub is_announced: bool,
}

/// The parts of a plan that are needed after the job was submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// The estimated cost.
    pub cost: CostFacts,
    /// The renditions. Empty if `MediaConvert` chooses them.
    pub renditions: Vec<RenditionFacts>,
    /// The layout of the seek thumbnails. `None` for sound alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiles: Option<Tiles>,
}

/// The result of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum End {
    /// The object gets no job, now or later.
    Refused {
        /// The reason.
        failure: Failure,
        /// The time, in milliseconds since 1970.
        at_ms: i64,
    },
    /// No attempt created a job. An operator may deliver the event again.
    GivenUp {
        /// The reason.
        failure: Failure,
        /// The time, in milliseconds since 1970.
        at_ms: i64,
    },
    /// The job has ended.
    Job {
        /// The last status document of the job.
        status: Box<Status>,
    },
}

/// The next step for an existing claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Another process works on the claim: wait until it ends or expires.
    Wait,
    /// No job was submitted: probe and plan.
    Plan,
    /// A job may have been created: look for it.
    FindJob,
    /// The job is known, or there will be none: publish the status.
    Publish,
}

impl Claim {
    /// A new claim. The process that creates it has time until `busy_until_ms`.
    pub fn new(object: &SourceObject, policy: &VideoPolicy, now_ms: i64, busy_until_ms: i64) -> Self {
        Self {
            id: claim_id(object, policy),
            asset: video_id(&object.key),
            bucket: object.bucket.clone(),
            source: SourceFacts {
                key: object.key.clone(),
                version: object.version.clone(),
                bytes: object.bytes,
                captions: object.captions.clone(),
                ..SourceFacts::default()
            },
            modified_s: object.modified_s,
            sequencer: normalize_sequencer(&object.sequencer),
            claimed_ms: now_ms,
            busy_until_ms,
            run: 1,
            intent: None,
            job: None,
            former_jobs: Vec::new(),
            end: None,
            is_announced: false,
        }
    }

    /// The next step for a process that finds this claim at the time `now_ms`.
    pub fn next_step(&self, now_ms: i64) -> NextStep {
        match &self.end {
            Some(End::Refused { .. } | End::Job { .. }) => return NextStep::Publish,
            Some(End::GivenUp { .. }) | None => {}
        }
        if self.job.is_some() {
            return NextStep::Publish;
        }
        if now_ms < self.busy_until_ms {
            return NextStep::Wait;
        }
        if self.intent.is_some() { NextStep::FindJob } else { NextStep::Plan }
    }

    /// The claim after a process has taken it over until `busy_until_ms`. If the trigger had given up, a new run
    /// begins.
    #[must_use]
    pub fn taken_over(mut self, busy_until_ms: i64) -> Self {
        self.busy_until_ms = busy_until_ms;
        if let Some(End::GivenUp { .. }) = self.end {
            (self.end, self.is_announced) = (None, false);
            self.run += 1;
        }
        self
    }

    /// `true` if the job has ended and left files.
    pub fn has_files(&self) -> bool {
        match &self.end {
            Some(End::Job { status }) => status.state == VideoState::Ready,
            Some(End::Refused { .. } | End::GivenUp { .. }) | None => false,
        }
    }

    /// The claim after the files of its job were removed, for a process that makes them again until `busy_until_ms`.
    #[must_use]
    pub fn restarted(mut self, busy_until_ms: i64) -> Self {
        self.former_jobs.extend(self.job.take());
        (self.intent, self.end, self.is_announced) = (None, None, false);
        (self.run, self.busy_until_ms) = (self.run + 1, busy_until_ms);
        self
    }

    /// The `ClientRequestToken` of the claim's job, at most 64 characters. A job that replaces a former one has another token.
    pub fn token(&self) -> String {
        match self.former_jobs.len() {
            0 => self.id.clone(),
            former => self.id.chars().take(TOKEN_DIGITS).chain(format!("-{former}").chars()).collect(),
        }
    }

    /// The claim after an event that announces a later write of the same content. `None` if the event is not later.
    pub fn rewritten(&self, object: &SourceObject) -> Option<Self> {
        let written = (object.modified_s, normalize_sequencer(&object.sequencer));
        (written > (self.modified_s, self.sequencer.clone())).then(|| Self {
            modified_s: written.0,
            sequencer: written.1,
            ..self.clone()
        })
    }

    /// The claim with the plan that is about to be submitted.
    #[must_use]
    pub fn with_plan(mut self, source: SourceFacts, plan: &Plan, busy_until_ms: i64) -> Self {
        self.source = source;
        self.busy_until_ms = busy_until_ms;
        self.intent = Some(Intent {
            cost: plan.cost.into(),
            renditions: match plan.video.as_ref().map(|video| &video.renditions) {
                Some(Renditions::Ladder(renditions)) => renditions.iter().map(RenditionFacts::from).collect(),
                Some(Renditions::Automated(_)) | None => Vec::new(),
            },
            tiles: plan.video.as_ref().map(|video| video.tiles),
        });
        self
    }

    /// The keys of this run's objects.
    pub fn keys(&self) -> RunKeys<'_> {
        RunKeys { area: area_of(&self.source.key), asset: &self.asset, claim: &self.id }
    }

    /// The status document of a state that was reached at `at_ms`.
    pub fn status(&self, state: VideoState, at_ms: i64) -> Status {
        let intent = self.intent.as_ref();
        Status {
            schema: SCHEMA,
            id: self.asset.clone(),
            state,
            percent: 0,
            updated: rfc3339(at_ms),
            run: self.keys().run_id(),
            source: self.source.clone(),
            job: self.job.clone(),
            cost: intent.map(|intent| intent.cost.clone()),
            playback: None,
            duration_seconds: None,
            renditions: intent.map(|intent| intent.renditions.clone()).unwrap_or_default(),
            warnings: Vec::new(),
            error: None,
            order: Order {
                modified_s: self.modified_s,
                sequencer: self.sequencer.clone(),
                claimed_ms: self.claimed_ms,
                run: self.run,
                at_ms,
            },
        }
    }

    /// The status document of the claim as it is.
    pub fn current_status(&self) -> Status {
        match &self.end {
            Some(End::Refused { failure, at_ms } | End::GivenUp { failure, at_ms }) => {
                Status { error: Some(failure.clone()), ..self.status(VideoState::Failed, *at_ms) }
            }
            // An event may have announced a later write since the job ended.
            Some(End::Job { status }) => {
                let order = Order { at_ms: status.order.at_ms, ..self.status(VideoState::Ready, 0).order };
                Status { order, ..(**status).clone() }
            }
            None if self.job.is_some() => self.status(VideoState::Transcoding, self.claimed_ms),
            None => self.status(VideoState::Queued, self.claimed_ms),
        }
    }
}

/// A time in RFC 3339 with milliseconds. A time outside the calendar becomes the beginning of 1970.
fn rfc3339(ms: i64) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(ms).unwrap_or_default())
}

#[cfg(test)]
mod tests;
