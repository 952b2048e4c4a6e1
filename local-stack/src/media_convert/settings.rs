//! A job's settings as `MediaConvert` takes them, as far as ffmpeg executes them here. Whatever isn't declared in these
//! types is refused by its name, and so is a value that isn't: nothing is passed over in silence.
//!
//! Some settings are taken and change nothing: those that say how AWS bills, queues or signals, or whose value is
//! what ffmpeg does anyway. They are declared with the values for which that is true.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::problem::ApiError;

/// Enumerations of one idea each: what the endpoint does anyway.
macro_rules! as_done {
    ($($name:ident { $($variant:ident),* })*) => {
        $(#[derive(Clone, Copy, Debug, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        enum $name { $($variant),* })*
    };
}

mod audio;
mod coding;
mod group;
mod video;

pub(crate) use audio::AudioDescription;
pub(crate) use coding::{
    FrameRateControl, GopUnits, H26xSettings, Profile, RateControl, SceneChange, Tuning,
};
pub(crate) use group::{
    CmafGroupSettings, Container, FileGroupSettings, GroupSettings, Output, OutputGroup, Switch, TrickPlay,
};
pub(crate) use video::{Codec, ColorConversion, Scaling, VideoDescription};

/// The longest token of a request, in characters (the API reference of `CreateJob`).
const MAX_TOKEN: usize = 64;

/// The body of `CreateJob`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CreateJob {
    /// Who reads and writes on AWS; here the store's owner does.
    #[serde(rename = "role")]
    _role: String,
    pub(crate) settings: JobSettings,
    pub(crate) client_request_token: Option<String>,
    /// Goes as it came into every event.
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

/// How often the job's events tell of its progress.
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
    /// In seconds. Those above a minute are one.
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

/// A setting that must be left off.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Off {
    #[serde(alias = "NONE")]
    Disabled,
}

/// What a job does.
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

/// No output carries timecodes, so that it doesn't matter where they would come from.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum TimecodeSource {
    Embedded,
    Zerobased,
}

/// Where the media come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Input {
    #[serde(rename = "fileInput")]
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) video_selector: VideoSelector,
    #[serde(default)]
    pub(crate) audio_selectors: BTreeMap<String, AudioSelector>,
    #[serde(default, rename = "timecodeSource")]
    _timecode_source: Option<TimecodeSource>,
    #[serde(default, rename = "filterEnable")]
    _filter_enable: Option<AutoOrOff>,
    #[serde(default, rename = "filterStrength")]
    _filter_strength: Option<i8>,
    #[serde(default, rename = "deblockFilter")]
    _deblock_filter: Option<Off>,
    #[serde(default, rename = "denoiseFilter")]
    _denoise_filter: Option<Off>,
    #[serde(default, rename = "inputScanType")]
    _input_scan_type: Option<AutoOrOff>,
    #[serde(default, rename = "psiControl")]
    _psi_control: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AutoOrOff {
    Auto,
    #[serde(alias = "DISABLE")]
    Disabled,
}

/// What is taken of the input's picture.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct VideoSelector {
    #[serde(default)]
    pub(crate) rotate: Rotate,
    #[serde(default, rename = "colorSpace")]
    _color_space: Option<Follow>,
    #[serde(default, rename = "colorSpaceUsage")]
    _color_space_usage: Option<String>,
    #[serde(default, rename = "sampleRange")]
    _sample_range: Option<Follow>,
    #[serde(default, rename = "alphaBehavior")]
    _alpha_behavior: Option<Discard>,
    #[serde(default, rename = "padVideo")]
    _pad_video: Option<Off>,
    #[serde(default, rename = "embeddedTimecodeOverride")]
    _embedded_timecode_override: Option<Off>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Follow {
    Follow,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Discard {
    Discard,
}

/// How the picture is turned before anything else, clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Rotate {
    /// Not at all, whatever the file says: the default of `MediaConvert`.
    #[default]
    #[serde(rename = "DEGREE_0")]
    No,
    #[serde(rename = "DEGREES_90")]
    Quarter,
    #[serde(rename = "DEGREES_180")]
    Half,
    #[serde(rename = "DEGREES_270")]
    ThreeQuarters,
    /// As the file says.
    #[serde(rename = "AUTO")]
    Auto,
}

/// What is taken of the input's sound.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AudioSelector {
    /// Counted from 1; the first where none is named.
    #[serde(default)]
    pub(crate) tracks: Vec<usize>,
    #[serde(default, rename = "defaultSelection")]
    _default_selection: Option<DefaultSelection>,
    #[serde(default, rename = "selectorType")]
    _selector_type: Option<SelectorType>,
    #[serde(default, rename = "programSelection")]
    _program_selection: Option<u8>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum DefaultSelection {
    Default,
    NotDefault,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum SelectorType {
    Track,
}

/// Reads the body of a `CreateJob`. What isn't understood is named by its path in the body.
pub(crate) fn read(body: &Value) -> Result<CreateJob, ApiError> {
    let job: CreateJob = serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        ApiError::BadRequest(format!("/{}: {}", path.trim_matches('.').replace('.', "/"), error.inner()))
    })?;
    let token = job.client_request_token.as_deref().unwrap_or_default();
    if token.len() > MAX_TOKEN || !token.is_ascii() {
        return Err(ApiError::BadRequest(format!(
            "/clientRequestToken: at most {MAX_TOKEN} ASCII characters"
        )));
    }
    if !(-50..=50).contains(&job.priority) {
        return Err(ApiError::BadRequest("/priority: -50 to 50".to_owned()));
    }
    Ok(job)
}

#[cfg(test)]
mod tests;
