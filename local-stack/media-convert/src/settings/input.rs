//! The input of a job and the selectors that choose its tracks.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::captions::CaptionSelector;
use super::clipping::InputClipping;
use super::fixed::Off;

/// An input of a job.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Input {
    #[serde(rename = "fileInput")]
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) video_selector: VideoSelector,
    #[serde(default)]
    pub(crate) audio_selectors: BTreeMap<String, AudioSelector>,
    #[serde(default)]
    pub(crate) caption_selectors: BTreeMap<String, CaptionSelector>,
    /// The parts to transcode; the whole input if there is none.
    #[serde(default, rename = "inputClippings")]
    pub(crate) clippings: Vec<InputClipping>,
    #[serde(default)]
    pub(crate) timecode_source: TimecodeSource,
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

/// Selects and prepares the input's video.
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
    #[serde(default)]
    pub(crate) pad_video: PadVideo,
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

/// The picture where the input has sound and no video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum PadVideo {
    /// The video ends.
    #[default]
    Disabled,
    /// Black frames.
    Black,
}

/// Clockwise rotation of the video before all other steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Rotate {
    /// No rotation, even if the file has one. The default of `MediaConvert`.
    #[default]
    #[serde(rename = "DEGREE_0")]
    None,
    #[serde(rename = "DEGREES_90")]
    Clockwise90,
    #[serde(rename = "DEGREES_180")]
    Clockwise180,
    #[serde(rename = "DEGREES_270")]
    Clockwise270,
    /// The rotation of the file.
    #[serde(rename = "AUTO")]
    Auto,
}

/// Selects an audio track of the input.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AudioSelector {
    /// Numbers of audio tracks, from 1. The first track if the list is empty.
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

/// The source of timecodes, by which parts of an input are named. No output has timecodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum TimecodeSource {
    /// The timecodes in the file. The default of `MediaConvert`.
    #[default]
    Embedded,
    /// The first frame has the timecode 0.
    Zerobased,
}
