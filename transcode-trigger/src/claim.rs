//! Who makes the job of a video, so that there is one and only one.
//!
//! A claim is an object in the bucket. Creating it is a race that one process wins (`If-None-Match: *`); every
//! change of it replaces exactly what was read (`If-Match`). A process that dies leaves a claim that goes stale; the
//! next delivery of the event takes it over. What was going to be submitted is written down before it is submitted,
//! so that whoever takes over knows that a job may exist, and looks for it before making one.

use cdn_config::video::VideoPolicy;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::places::{Names, asset};
use crate::plan::{Plan, Renditions, Tiles};
use crate::status::{CostFacts, Failure, Order, RenditionFacts, SCHEMA, SourceFacts, State, Status};

/// Counts changes of the planner that change the files of a video. A job is made again for events that come again
/// after such a change.
const PLANNER: u32 = 1;

/// One object at one moment, as an event announced it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// Its version, else its `ETag` without quotes.
    pub version: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was written, in seconds since 1970.
    pub modified_s: i64,
    /// S3's `sequencer`; empty where the event had none.
    pub sequencer: String,
}

/// What is written down of one object's job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// [`id`] of object and settings: 64 hexadecimal digits, also the job's `ClientRequestToken`.
    pub id: String,
    /// The video's id.
    pub asset: String,
    /// The object's bucket.
    pub bucket: String,
    /// What is known of the object.
    pub source: SourceFacts,
    /// When the object was written, in seconds since 1970. The same content may be written again.
    pub modified_s: i64,
    /// The newest event that announced it, as [`sequence`] spells it.
    pub sequencer: String,
    /// When it was first claimed, in milliseconds since 1970.
    pub claimed_ms: i64,
    /// Until when whoever wrote this last is taken to be at work, in milliseconds since 1970.
    pub busy_until_ms: i64,
    /// How often it was begun anew after it had been given up.
    pub run: u32,
    /// What is submitted. Written before the job is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// The job's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Whether the application was told of the end.
    #[serde(default)]
    pub is_announced: bool,
}

/// What of a plan is needed after the job was submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// The estimate.
    pub cost: CostFacts,
    /// The renditions; none where `MediaConvert` chooses them.
    pub renditions: Vec<RenditionFacts>,
    /// The thumbnails.
    pub tiles: Tiles,
}

/// How a claim ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum End {
    /// No job was made of it and none ever will be.
    Refused {
        /// Why.
        failure: Failure,
        /// When, in milliseconds since 1970.
        at_ms: i64,
    },
    /// No job was made of it as often as it was tried. Its event may be delivered again by hand.
    GivenUp {
        /// Why.
        failure: Failure,
        /// When, in milliseconds since 1970.
        at_ms: i64,
    },
    /// The job ended so.
    Job {
        /// The document that tells of it.
        status: Box<Status>,
    },
}

/// What is next for a claim that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Someone is at work on it.
    Wait,
    /// Nothing was submitted: probe and plan.
    Begin,
    /// It isn't known whether a job was created: look for it first.
    Reconcile,
    /// Nothing but telling how it stands.
    Tell,
}

/// The id of an object's claim under a policy.
pub fn id(object: &Announced, policy: &VideoPolicy) -> String {
    let mut hash = Sha256::new();
    let planner = PLANNER.to_string();
    for part in [&object.bucket, &object.key, &object.version, &policy.fingerprint(), &planner] {
        // The length keeps parts apart, whatever is in them.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// A `sequencer` in the spelling in which texts compare as AWS says that sequencers do: as hexadecimal numbers that
/// are padded with zeros on the right.
pub fn sequence(sequencer: &str) -> String {
    sequencer.to_ascii_lowercase().trim_end_matches('0').to_owned()
}

impl Claim {
    /// A new claim, taken by who is at work until `busy_until_ms`.
    pub fn new(object: &Announced, policy: &VideoPolicy, now_ms: i64, busy_until_ms: i64) -> Self {
        Self {
            id: id(object, policy),
            asset: asset(&object.key),
            bucket: object.bucket.clone(),
            source: SourceFacts {
                key: object.key.clone(),
                version: object.version.clone(),
                bytes: object.bytes,
                ..SourceFacts::default()
            },
            modified_s: object.modified_s,
            sequencer: sequence(&object.sequencer),
            claimed_ms: now_ms,
            busy_until_ms,
            run: 1,
            intent: None,
            job: None,
            end: None,
            is_announced: false,
        }
    }

    /// What is next, now.
    pub fn next(&self, now_ms: i64) -> Next {
        match &self.end {
            Some(End::Refused { .. } | End::Job { .. }) => return Next::Tell,
            Some(End::GivenUp { .. }) | None => {}
        }
        if self.job.is_some() {
            return Next::Tell;
        }
        if now_ms < self.busy_until_ms {
            return Next::Wait;
        }
        if self.intent.is_some() { Next::Reconcile } else { Next::Begin }
    }

    /// The same claim, taken over by who is at work until `busy_until_ms`. One that was given up begins a new run.
    #[must_use]
    pub fn taken(mut self, busy_until_ms: i64) -> Self {
        self.busy_until_ms = busy_until_ms;
        if let Some(End::GivenUp { .. }) = self.end {
            (self.end, self.is_announced) = (None, false);
            self.run += 1;
        }
        self
    }

    /// The same claim, announced by an event of the same content written later; none where it isn't later.
    pub fn announced_again(&self, object: &Announced) -> Option<Self> {
        let written = (object.modified_s, sequence(&object.sequencer));
        (written > (self.modified_s, self.sequencer.clone())).then(|| Self {
            modified_s: written.0,
            sequencer: written.1,
            ..self.clone()
        })
    }

    /// The same claim, with what is going to be submitted.
    #[must_use]
    pub fn planned(mut self, source: SourceFacts, plan: &Plan, busy_until_ms: i64) -> Self {
        self.source = source;
        self.busy_until_ms = busy_until_ms;
        self.intent = Some(Intent {
            cost: plan.cost.into(),
            renditions: match &plan.renditions {
                Renditions::Ladder(renditions) => renditions.iter().map(RenditionFacts::from).collect(),
                Renditions::Automated(_) => Vec::new(),
            },
            tiles: plan.tiles,
        });
        self
    }

    /// The names of its objects.
    pub fn names(&self) -> Names<'_> {
        Names { asset: &self.asset, claim: &self.id }
    }

    /// The document that says how it stands, in a state that began at a time.
    pub fn status(&self, state: State, at_ms: i64) -> Status {
        let intent = self.intent.as_ref();
        Status {
            schema: SCHEMA,
            id: self.asset.clone(),
            state,
            percent: 0,
            updated: rfc3339(at_ms),
            run: self.names().run(),
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

    /// The document that says how it stands, as far as the claim tells.
    pub fn standing(&self) -> Status {
        match &self.end {
            Some(End::Refused { failure, at_ms } | End::GivenUp { failure, at_ms }) => {
                Status { error: Some(failure.clone()), ..self.status(State::Failed, *at_ms) }
            }
            // The claim may have been announced again since.
            Some(End::Job { status }) => {
                let order = Order { at_ms: status.order.at_ms, ..self.status(State::Ready, 0).order };
                Status { order, ..(**status).clone() }
            }
            None if self.job.is_some() => self.status(State::Transcoding, self.claimed_ms),
            None => self.status(State::Queued, self.claimed_ms),
        }
    }
}

/// A time in RFC 3339 with milliseconds; the beginning of 1970 for one beyond the calendar.
fn rfc3339(ms: i64) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(ms).unwrap_or_default())
}

#[cfg(test)]
mod tests;
