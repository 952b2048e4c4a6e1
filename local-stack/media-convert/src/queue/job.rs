//! A job: its request, its status and its result.

use local_s3::ACCOUNT;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::json::without_nulls;

/// The code of the warning that ffmpeg reported errors in the input and went on. `MediaConvert` has no code below 100,000.
const DECODING_ERRORS: u32 = 1000;

/// A job, as the journal stores it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    /// The unchanged body of `CreateJob`.
    pub(crate) request: Value,
    pub(crate) status: Status,
    /// Time of creation in milliseconds since 1970.
    pub(crate) created_ms: i64,
    /// Time of the last start in milliseconds since 1970.
    pub(crate) started_ms: Option<i64>,
    /// Time of the end in milliseconds since 1970.
    pub(crate) finished_ms: Option<i64>,
    /// The number of restarts.
    pub(crate) retries: u32,
    /// `jobPercentComplete`, 0 to 100.
    pub(crate) percent: u8,
    pub(crate) failure: Option<Failure>,
    /// `outputGroupDetails` of a complete job.
    pub(crate) group_details: Vec<Value>,
    /// The number of errors in the input that ffmpeg reported, and went on.
    #[serde(default)]
    pub(crate) decoding_errors: u64,
    /// `true` if the event of the job's end is in the outbox.
    #[serde(rename = "is_told")]
    pub(crate) is_end_published: bool,
}

/// The status of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    Submitted,
    Progressing,
    Complete,
    Canceled,
    Error,
}

impl Status {
    const ALL: [Self; 5] = [Self::Submitted, Self::Progressing, Self::Complete, Self::Canceled, Self::Error];

    /// `true` if the job has ended.
    pub(crate) const fn is_final(self) -> bool {
        match self {
            Self::Submitted | Self::Progressing => false,
            Self::Complete | Self::Canceled | Self::Error => true,
        }
    }

    /// The name in the protocol.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::Progressing => "PROGRESSING",
            Self::Complete => "COMPLETE",
            Self::Canceled => "CANCELED",
            Self::Error => "ERROR",
        }
    }

    /// The status with a name in the protocol.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// The reason why a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// An error code of `MediaConvert`.
    pub(crate) code: u16,
    pub(crate) message: String,
}

impl Job {
    /// A job that waits for its start.
    pub(crate) fn new(request: Value, now_ms: i64) -> Self {
        let random = Uuid::new_v4().simple().to_string();
        Self {
            // The format of MediaConvert: the time and six characters.
            id: format!("{now_ms}-{}", random.get(..6).unwrap_or_default()),
            request,
            status: Status::Submitted,
            created_ms: now_ms,
            started_ms: None,
            finished_ms: None,
            retries: 0,
            percent: 0,
            failure: None,
            group_details: Vec::new(),
            decoding_errors: 0,
            is_end_published: false,
        }
    }

    /// A text member of the request.
    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.request.get(member)?.as_str()
    }

    /// The priority, -50 to 50. Jobs with a higher priority start first.
    pub(crate) fn priority(&self) -> i64 {
        self.request.get("priority").and_then(Value::as_i64).unwrap_or(0)
    }

    /// The S3 URL of the input.
    pub(crate) fn input(&self) -> &str {
        self.request.pointer("/settings/inputs/0/fileInput").and_then(Value::as_str).unwrap_or_default()
    }

    /// The `userMetadata` of the request, which every event contains.
    pub(crate) fn user_metadata(&self) -> Value {
        self.request.get("userMetadata").cloned().unwrap_or_else(|| Value::Object(Map::new()))
    }

    /// The ARN of the job.
    pub(crate) fn arn(&self, region: &str) -> String {
        format!("arn:aws:mediaconvert:{region}:{ACCOUNT}:jobs/{}", self.id)
    }

    /// The `warnings` of a complete job; null if there are none.
    pub(crate) fn warnings(&self) -> Value {
        match (self.status, self.decoding_errors) {
            (Status::Complete, 1..) => json!([{ "code": DECODING_ERRORS, "count": self.decoding_errors }]),
            (
                Status::Submitted | Status::Progressing | Status::Complete | Status::Canceled | Status::Error,
                _,
            ) => Value::Null,
        }
    }

    /// Changes the status to a final one. Returns `None` if the job has ended already.
    pub(crate) fn finish(&mut self, status: Status, now_ms: i64) -> Option<()> {
        if self.status.is_final() {
            return None;
        }
        self.status = status;
        self.finished_ms = Some(now_ms);
        Some(())
    }

    /// The job in the protocol's shape `Job`.
    pub(crate) fn to_json(&self, region: &str) -> Value {
        let seconds = |milliseconds: i64| milliseconds.div_euclid(1000);
        let details: Vec<Value> = self.group_details.iter().map(output_group_detail).collect();
        let phase = match self.status {
            Status::Submitted => "PROBING",
            Status::Progressing | Status::Complete | Status::Canceled | Status::Error => "TRANSCODING",
        };
        without_nulls(json!({
            "id": self.id,
            "arn": self.arn(region),
            "status": self.status.name(),
            "currentPhase": phase,
            "jobPercentComplete": self.percent,
            "createdAt": seconds(self.created_ms),
            "timing": {
                "submitTime": seconds(self.created_ms),
                "startTime": self.started_ms.map(seconds),
                "finishTime": self.finished_ms.map(seconds),
            },
            "clientRequestToken": self.text("clientRequestToken"),
            "role": self.text("role"),
            "queue": self.text("queue").map_or_else(|| default_queue_arn(region), str::to_owned),
            "priority": self.priority(),
            "retryCount": self.retries,
            "settings": self.request.get("settings"),
            "userMetadata": self.user_metadata(),
            "statusUpdateInterval": self.text("statusUpdateInterval").unwrap_or("SECONDS_60"),
            "errorCode": self.failure.as_ref().map(|failure| failure.code),
            "errorMessage": self.failure.as_ref().map(|failure| &failure.message),
            "outputGroupDetails": (self.status == Status::Complete).then_some(details),
            "warnings": self.warnings(),
        }))
    }
}

/// The ARN of the default queue, which every account has.
pub fn default_queue_arn(region: &str) -> String {
    format!("arn:aws:mediaconvert:{region}:{ACCOUNT}:queues/Default")
}

/// An output group in the protocol's shape `OutputGroupDetail`, which has fewer members than the group in an event.
fn output_group_detail(group: &Value) -> Value {
    let outputs = group.get("outputDetails").and_then(Value::as_array).into_iter().flatten();
    let outputs = outputs.map(|output| {
        json!({ "durationInMs": output.get("durationInMs"), "videoDetails": output.get("videoDetails") })
    });
    json!({ "outputDetails": outputs.collect::<Vec<_>>() })
}
