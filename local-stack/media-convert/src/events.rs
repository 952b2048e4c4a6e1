//! What a job tells of itself: the events of `MediaConvert` as EventBridge hands them on, written to the stack's
//! outbox.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::job::{Job, Status, queue};
use super::json::without_nulls;
use super::media::{Media, Picture, Sound, TrackKind};
use local_s3::{ACCOUNT, Store, StoreError};

/// How events come. EventBridge promises that each comes, and neither that it comes once nor in which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// Each once and in order.
    #[default]
    Orderly,
    /// Each so many times.
    Repeated(u8),
    /// At the end of the job, the last first.
    Reversed,
}

/// Writes events.
#[derive(Debug)]
pub(crate) struct Herald {
    outbox: Store,
    region: String,
    manner: Manner,
    /// By job, where they come reversed.
    held_back: Mutex<HashMap<String, Vec<Value>>>,
}

/// Which part of a job is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Probing,
    Transcoding,
    Uploading,
}

impl Phase {
    /// In order.
    pub(crate) const ALL: [Self; 3] = [Self::Probing, Self::Transcoding, Self::Uploading];

    const fn name(self) -> &'static str {
        match self {
            Self::Probing => "PROBING",
            Self::Transcoding => "TRANSCODING",
            Self::Uploading => "UPLOADING",
        }
    }
}

impl Herald {
    pub(crate) fn new(outbox: Store, region: &str, manner: Manner) -> Self {
        Self { outbox, region: region.to_owned(), manner, held_back: Mutex::default() }
    }

    /// Tells where a job stands. Nothing is told of one that only waits.
    pub(crate) async fn tell(&self, job: &Job, now: Timestamp) -> Result<(), StoreError> {
        let extra = match job.status {
            Status::Submitted => return Ok(()),
            Status::Progressing | Status::Canceled => json!({}),
            Status::Complete => json!({ "outputGroupDetails": job.group_details }),
            Status::Error => json!({
                "errorCode": job.failure.as_ref().map(|failure| failure.code),
                "errorMessage": job.failure.as_ref().map(|failure| &failure.message),
            }),
        };
        self.send(job, job.status.name(), extra, now).await
    }

    /// Tells how far a job is.
    pub(crate) async fn tell_progress(
        &self,
        job: &Job,
        phase: Phase,
        percent: u8,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let of = |at: Phase| {
            let (status, percent) = match (at as u8).cmp(&(phase as u8)) {
                std::cmp::Ordering::Less => ("COMPLETE", 100),
                std::cmp::Ordering::Equal => ("PROGRESSING", percent),
                std::cmp::Ordering::Greater => ("PENDING", 0),
            };
            (at.name().to_owned(), json!({ "status": status, "percentComplete": percent }))
        };
        let phases: serde_json::Map<_, _> = Phase::ALL.into_iter().map(of).collect();
        let extra = json!({ "jobProgress": {
            "phaseProgress": phases,
            "jobPercentComplete": percent,
            "currentPhase": phase.name(),
            "retryCount": job.retries,
        }});
        self.send(job, "STATUS_UPDATE", extra, now).await
    }

    /// Tells what the input is.
    pub(crate) async fn tell_input(
        &self,
        job: &Job,
        media: &Media,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let streams = |of: fn(usize, &str, &TrackKind) -> Option<Value>| -> Vec<Value> {
            media.tracks.iter().filter_map(|track| of(track.index + 1, &track.codec, &track.kind)).collect()
        };
        let details = json!({
            "id": 1,
            "uri": job.input(),
            "video": streams(|id, codec, kind| match kind {
                TrackKind::Video(picture) => Some(video(id, codec, picture)),
                TrackKind::Audio(_) | TrackKind::Other => None,
            }),
            "audio": streams(|id, codec, kind| match kind {
                TrackKind::Audio(sound) => Some(audio(id, codec, sound)),
                TrackKind::Video(_) | TrackKind::Other => None,
            }),
        });
        self.send(job, "INPUT_INFORMATION", json!({ "inputDetails": [details] }), now).await
    }

    async fn send(&self, job: &Job, status: &str, extra: Value, now: Timestamp) -> Result<(), StoreError> {
        let event = self.event(job, status, extra, now);
        let events = match self.manner {
            Manner::Orderly => vec![event],
            Manner::Repeated(times) => vec![event; times.into()],
            Manner::Reversed => self.hold_back(job, event),
        };
        self.outbox.publish(events).await
    }

    /// Keeps an event until the job's end, then gives all of them.
    fn hold_back(&self, job: &Job, event: Value) -> Vec<Value> {
        let mut held_back = self.held_back.lock().unwrap_or_else(PoisonError::into_inner);
        held_back.entry(job.id.clone()).or_default().push(event);
        if !job.status.is_final() {
            return Vec::new();
        }
        let mut events = held_back.remove(&job.id).unwrap_or_default();
        events.reverse();
        events
    }

    fn event(&self, job: &Job, status: &str, extra: Value, now: Timestamp) -> Value {
        let mut detail = json!({
            "timestamp": now.as_millisecond(),
            "accountId": ACCOUNT,
            "queue": queue(&self.region),
            "jobId": job.id,
            "status": status,
            "userMetadata": job.user_metadata(),
        });
        if let (Value::Object(detail), Value::Object(extra)) = (&mut detail, extra) {
            detail.extend(extra);
        }
        json!({
            "version": "0",
            "id": Uuid::new_v4().to_string(),
            "detail-type": "MediaConvert Job State Change",
            "source": "aws.mediaconvert",
            "account": ACCOUNT,
            "time": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "region": self.region,
            "resources": [job.arn(&self.region)],
            "detail": detail,
        })
    }
}

fn video(id: usize, codec: &str, picture: &Picture) -> Value {
    without_nulls(json!({
        "streamId": id,
        "codec": match codec { "h264" => "H_264", "hevc" => "H_265", other => other },
        "width": picture.width,
        "height": picture.height,
        "frameRate": picture.frame_rate.map(super::ratio::Ratio::value),
        "bitDepth": picture.bit_depth,
        "sar": format!("{}:{}", picture.pixel_aspect.numerator, picture.pixel_aspect.denominator),
    }))
}

fn audio(id: usize, codec: &str, sound: &Sound) -> Value {
    let language = sound.language.as_deref().unwrap_or("und").to_uppercase();
    json!({
        "streamId": id,
        "codec": codec.to_uppercase(),
        "channels": sound.channels,
        "sampleRate": sound.sample_rate,
        "language": language,
    })
}
