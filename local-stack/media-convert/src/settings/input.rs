//! The input of a job and the selectors that choose its tracks.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::fixed::Off;

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

/// No output carries timecodes, so that it doesn't matter where they would come from.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum TimecodeSource {
    Embedded,
    Zerobased,
}
