//! The events of jobs, as EventBridge delivers `MediaConvert`'s. They go to the outbox of the local S3.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use local_s3::{ACCOUNT, Store, StoreError};
use serde_json::{Value, json};
use uuid::Uuid;

use super::job::{Job, Status, default_queue_arn};
use crate::json::without_nulls;
use crate::media::{AudioTrack, Media, TrackKind, VideoTrack};
use crate::ratio::Ratio;
use crate::run::Phase;

/// The order and number of a job's events. EventBridge guarantees delivery, but neither the order nor that an event arrives
/// once; tests can choose the worse cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventDelivery {
    /// Each event once and in order.
    #[default]
    InOrder,
    /// Each event this many times, in order.
    Repeated(u8),
    /// All events at the end of the job, last event first.
    Reversed,
}

/// Writes the events of jobs to the outbox.
#[derive(Debug)]
pub(crate) struct EventWriter {
    outbox: Store,
    region: String,
    delivery: EventDelivery,
    /// Events by job id that wait for the end of the job, for reversed delivery.
    delayed: Mutex<HashMap<String, Vec<Value>>>,
}

impl EventWriter {
    pub(crate) fn new(outbox: Store, region: &str, delivery: EventDelivery) -> Self {
        Self { outbox, region: region.to_owned(), delivery, delayed: Mutex::default() }
    }

    /// Writes the event of a job's current status. A submitted job has none.
    pub(super) async fn write_status(&self, job: &Job, now: Timestamp) -> Result<(), StoreError> {
        let details = match job.status {
            Status::Submitted => return Ok(()),
            Status::Progressing | Status::Canceled => json!({}),
            Status::Complete => {
                without_nulls(json!({ "outputGroupDetails": job.group_details, "warnings": job.warnings() }))
            }
            Status::Error => json!({
                "errorCode": job.failure.as_ref().map(|failure| failure.code),
                "errorMessage": job.failure.as_ref().map(|failure| &failure.message),
            }),
        };
        self.write(job, job.status.name(), details, now).await
    }

    /// Writes an event of a job's progress. `percent` is that of the whole job.
    pub(super) async fn write_progress(
        &self,
        job: &Job,
        phase: Phase,
        percent: u8,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let phase_progress = |other: Phase| {
            let (status, percent) = match (other as u8).cmp(&(phase as u8)) {
                Ordering::Less => ("COMPLETE", 100),
                Ordering::Equal => ("PROGRESSING", percent),
                Ordering::Greater => ("PENDING", 0),
            };
            (other.name().to_owned(), json!({ "status": status, "percentComplete": percent }))
        };
        let phases: serde_json::Map<_, _> = Phase::ALL.into_iter().map(phase_progress).collect();
        let details = json!({ "jobProgress": {
            "phaseProgress": phases,
            "jobPercentComplete": percent,
            "currentPhase": phase.name(),
            "retryCount": job.retries,
        }});
        self.write(job, "STATUS_UPDATE", details, now).await
    }

    /// Writes the event that describes a job's input.
    pub(super) async fn write_input(
        &self,
        job: &Job,
        media: &Media,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (mut video, mut audio) = (Vec::new(), Vec::new());
        for track in &media.tracks {
            let id = track.index + 1;
            match &track.kind {
                TrackKind::Video(properties) => video.push(video_stream(id, &track.codec, properties)),
                TrackKind::Audio(properties) => audio.push(audio_stream(id, &track.codec, properties)),
                TrackKind::Other => {}
            }
        }
        let input = json!({ "id": 1, "uri": job.input(), "video": video, "audio": audio });
        self.write(job, "INPUT_INFORMATION", json!({ "inputDetails": [input] }), now).await
    }

    async fn write(&self, job: &Job, status: &str, details: Value, now: Timestamp) -> Result<(), StoreError> {
        let event = self.event(job, status, details, now);
        let events = match self.delivery {
            EventDelivery::InOrder => vec![event],
            EventDelivery::Repeated(times) => vec![event; times.into()],
            EventDelivery::Reversed => self.delay(job, event),
        };
        self.outbox.publish(events).await
    }

    /// Keeps an event until the job's end, then returns all events of the job.
    fn delay(&self, job: &Job, event: Value) -> Vec<Value> {
        let mut delayed = self.delayed.lock().unwrap_or_else(PoisonError::into_inner);
        delayed.entry(job.id.clone()).or_default().push(event);
        if !job.status.is_final() {
            return Vec::new();
        }
        let mut events = delayed.remove(&job.id).unwrap_or_default();
        events.reverse();
        events
    }

    fn event(&self, job: &Job, status: &str, details: Value, now: Timestamp) -> Value {
        let mut detail = json!({
            "timestamp": now.as_millisecond(),
            "accountId": ACCOUNT,
            "queue": default_queue_arn(&self.region),
            "jobId": job.id,
            "status": status,
            "userMetadata": job.user_metadata(),
        });
        if let (Value::Object(detail), Value::Object(details)) = (&mut detail, details) {
            detail.extend(details);
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

fn video_stream(id: usize, codec: &str, video: &VideoTrack) -> Value {
    without_nulls(json!({
        "streamId": id,
        "codec": match codec { "h264" => "H_264", "hevc" => "H_265", other => other },
        "width": video.width,
        "height": video.height,
        "frameRate": video.frame_rate.map(Ratio::value),
        "bitDepth": video.bit_depth,
        "sar": format!("{}:{}", video.pixel_aspect.numerator, video.pixel_aspect.denominator),
    }))
}

fn audio_stream(id: usize, codec: &str, audio: &AudioTrack) -> Value {
    let language = audio.language.as_deref().unwrap_or("und").to_uppercase();
    json!({
        "streamId": id,
        "codec": codec.to_uppercase(),
        "channels": audio.channels,
        "sampleRate": audio.sample_rate,
        "language": language,
    })
}
