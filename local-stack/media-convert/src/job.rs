//! A job: what was asked, how far it is, what became of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::json::without_nulls;
use local_s3::ACCOUNT;

/// A job, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    /// The body of `CreateJob` as it came.
    pub(crate) request: Value,
    pub(crate) status: Status,
    /// In milliseconds since 1970.
    pub(crate) created_ms: i64,
    pub(crate) started_ms: Option<i64>,
    pub(crate) finished_ms: Option<i64>,
    /// How often it was started again.
    pub(crate) retries: u32,
    /// `jobPercentComplete`, 0 to 100.
    pub(crate) percent: u8,
    pub(crate) failure: Option<Failure>,
    /// `outputGroupDetails`, when it is complete.
    pub(crate) group_details: Vec<Value>,
    /// Whether the event of its end is in the outbox.
    pub(crate) is_told: bool,
}

/// Where a job stands.
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
    /// Whether nothing will happen any more.
    pub(crate) const fn is_final(self) -> bool {
        match self {
            Self::Submitted | Self::Progressing => false,
            Self::Complete | Self::Canceled | Self::Error => true,
        }
    }

    /// As the protocol spells it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::Progressing => "PROGRESSING",
            Self::Complete => "COMPLETE",
            Self::Canceled => "CANCELED",
            Self::Error => "ERROR",
        }
    }

    /// The status of a name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let all = [Self::Submitted, Self::Progressing, Self::Complete, Self::Canceled, Self::Error];
        all.into_iter().find(|status| status.name() == name)
    }
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// One of the service's.
    pub(crate) code: u16,
    pub(crate) message: String,
}

impl Job {
    /// A new one.
    pub(crate) fn new(request: Value, now_ms: i64) -> Self {
        let random = Uuid::new_v4().simple().to_string();
        Self {
            // As the service makes them: the time and six characters.
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
            is_told: false,
        }
    }

    /// A member of its request, as text.
    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.request.get(member)?.as_str()
    }

    /// The larger goes first.
    pub(crate) fn priority(&self) -> i64 {
        self.request.get("priority").and_then(Value::as_i64).unwrap_or(0)
    }

    /// What it reads.
    pub(crate) fn input(&self) -> &str {
        self.request.pointer("/settings/inputs/0/fileInput").and_then(Value::as_str).unwrap_or_default()
    }

    /// What its creator wants to hear again with each event.
    pub(crate) fn user_metadata(&self) -> Value {
        self.request.get("userMetadata").cloned().unwrap_or_else(|| Value::Object(Map::new()))
    }

    /// Its name in the region.
    pub(crate) fn arn(&self, region: &str) -> String {
        format!("arn:aws:mediaconvert:{region}:{ACCOUNT}:jobs/{}", self.id)
    }

    /// As the protocol's shape `Job` has it.
    pub(crate) fn described(&self, region: &str) -> Value {
        let seconds = |milliseconds: i64| milliseconds.div_euclid(1000);
        let details: Vec<Value> = self.group_details.iter().map(described_group).collect();
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
            "queue": self.text("queue").map_or_else(|| queue(region), str::to_owned),
            "priority": self.priority(),
            "retryCount": self.retries,
            "settings": self.request.get("settings"),
            "userMetadata": self.user_metadata(),
            "statusUpdateInterval": self.text("statusUpdateInterval").unwrap_or("SECONDS_60"),
            "errorCode": self.failure.as_ref().map(|failure| failure.code),
            "errorMessage": self.failure.as_ref().map(|failure| &failure.message),
            "outputGroupDetails": (self.status == Status::Complete).then_some(details),
        }))
    }
}

/// The queue that every account has.
pub(crate) fn queue(region: &str) -> String {
    format!("arn:aws:mediaconvert:{region}:{ACCOUNT}:queues/Default")
}

/// The shape `OutputGroupDetail` knows less than the event does.
fn described_group(group: &Value) -> Value {
    let outputs = group.get("outputDetails").and_then(Value::as_array).into_iter().flatten();
    let outputs = outputs.map(|output| {
        json!({ "durationInMs": output.get("durationInMs"), "videoDetails": output.get("videoDetails") })
    });
    json!({ "outputDetails": outputs.collect::<Vec<_>>() })
}
