//! The body of `CreateJob`: the job as a whole.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::fixed::Off;
use super::group::OutputGroup;
use super::input::{Input, TimecodeSource};

/// The body of `CreateJob`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CreateJob {
    /// The role that reads inputs and writes outputs on AWS. Here the owner of the local S3 does.
    #[serde(rename = "role")]
    _role: String,
    pub(crate) settings: JobSettings,
    pub(crate) client_request_token: Option<String>,
    /// Every event contains it unchanged. The queue takes it from the raw request.
    #[serde(default, rename = "userMetadata")]
    _user_metadata: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) priority: i8,
    #[serde(default)]
    pub(crate) status_update_interval: UpdateInterval,
    #[serde(default, rename = "queue")]
    _queue: Option<String>,
    #[serde(default, rename = "tags")]
    _tags: BTreeMap<String, String>,
    #[serde(default, rename = "billingTagsSource")]
    _billing_tags_source: Option<String>,
    #[serde(default, rename = "accelerationSettings")]
    _acceleration: Option<Acceleration>,
    #[serde(default, rename = "simulateReservedQueue")]
    _simulate_reserved_queue: Option<Off>,
}

/// The interval between two progress events of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum UpdateInterval {
    #[serde(rename = "SECONDS_10")]
    Seconds10,
    #[serde(rename = "SECONDS_12")]
    Seconds12,
    #[serde(rename = "SECONDS_15")]
    Seconds15,
    #[serde(rename = "SECONDS_20")]
    Seconds20,
    #[serde(rename = "SECONDS_30")]
    Seconds30,
    #[default]
    #[serde(
        rename = "SECONDS_60",
        alias = "SECONDS_120",
        alias = "SECONDS_180",
        alias = "SECONDS_240",
        alias = "SECONDS_300",
        alias = "SECONDS_360",
        alias = "SECONDS_420",
        alias = "SECONDS_480",
        alias = "SECONDS_540",
        alias = "SECONDS_600"
    )]
    Seconds60,
}

impl UpdateInterval {
    /// The interval in seconds. Intervals of more than a minute count as one minute.
    pub(crate) const fn seconds(self) -> u64 {
        match self {
            Self::Seconds10 => 10,
            Self::Seconds12 => 12,
            Self::Seconds15 => 15,
            Self::Seconds20 => 20,
            Self::Seconds30 => 30,
            Self::Seconds60 => 60,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Acceleration {
    #[serde(rename = "mode")]
    _mode: OffOrPreferred,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum OffOrPreferred {
    Disabled,
    Preferred,
}

/// The inputs and outputs of a job.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct JobSettings {
    pub(crate) inputs: Vec<Input>,
    pub(crate) output_groups: Vec<OutputGroup>,
    #[serde(default, rename = "timecodeConfig")]
    _timecode_config: Option<TimecodeConfig>,
    #[serde(default, rename = "followSource")]
    _follow_source: Option<u32>,
    #[serde(default, rename = "adAvailOffset")]
    _ad_avail_offset: Option<i32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TimecodeConfig {
    #[serde(default, rename = "source")]
    _source: Option<TimecodeSource>,
}
