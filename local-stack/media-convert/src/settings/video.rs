//! What becomes of the picture.

use serde::Deserialize;

use super::coding::H26xSettings;
use super::fixed::Off;

/// The picture of an output.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct VideoDescription {
    /// In pixels; the source's, or by its aspect, where it isn't given.
    pub(crate) width: Option<u32>,
    /// In pixels; the source's, or by its aspect, where it isn't given.
    pub(crate) height: Option<u32>,
    #[serde(default)]
    pub(crate) scaling_behavior: Scaling,
    pub(crate) codec_settings: VideoCodecSettings,
    #[serde(default)]
    pub(crate) video_preprocessors: VideoPreprocessors,
    /// How the scaler softens; ffmpeg's bicubic filter stands at about 50.
    #[serde(default, rename = "sharpness")]
    _sharpness: Option<u8>,
    #[serde(default, rename = "antiAlias")]
    _anti_alias: Option<Enabled>,
    #[serde(default, rename = "afdSignaling")]
    _afd_signaling: Option<Off>,
    #[serde(default, rename = "respondToAfd")]
    _respond_to_afd: Option<Off>,
    #[serde(default, rename = "timecodeInsertion")]
    _timecode_insertion: Option<Off>,
    #[serde(default, rename = "timecodeTrack")]
    _timecode_track: Option<Off>,
    #[serde(default, rename = "dropFrameTimecode")]
    _drop_frame_timecode: Option<String>,
    #[serde(default, rename = "colorMetadata")]
    _color_metadata: Option<String>,
}

/// What is done to the picture before it is coded.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct VideoPreprocessors {
    pub(crate) color_corrector: Option<ColorCorrector>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ColorCorrector {
    #[serde(default)]
    pub(crate) color_space_conversion: ColorConversion,
}

/// The colours of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum ColorConversion {
    /// The source's.
    #[default]
    #[serde(rename = "NONE")]
    None,
    /// Those of SDR television.
    #[serde(rename = "FORCE_709")]
    Force709,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Enabled {
    Enabled,
}

/// What happens where the source has another aspect than the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Scaling {
    /// Black bars.
    #[default]
    Default,
    /// The picture is distorted.
    StretchToOutput,
    /// The output is smaller than asked.
    Fit,
    /// The same, and never larger than the source.
    FitNoUpscale,
    /// The picture is cut at its edges.
    Fill,
}

/// A codec, named twice: by `codec` and by which settings are there.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct VideoCodecSettings {
    codec: CodecName,
    h264_settings: Option<H26xSettings>,
    h265_settings: Option<H26xSettings>,
    frame_capture_settings: Option<FrameCaptureSettings>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum CodecName {
    #[serde(rename = "H_264")]
    H264,
    #[serde(rename = "H_265")]
    H265,
    #[serde(rename = "FRAME_CAPTURE")]
    FrameCapture,
}

/// How the picture is coded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Codec<'a> {
    H264(&'a H26xSettings),
    H265(&'a H26xSettings),
    FrameCapture(&'a FrameCaptureSettings),
}

impl VideoCodecSettings {
    /// The settings that `codec` names, if they alone are there.
    pub(crate) fn chosen(&self) -> Option<Codec<'_>> {
        match (self.codec, &self.h264_settings, &self.h265_settings, &self.frame_capture_settings) {
            (CodecName::H264, Some(settings), None, None) => Some(Codec::H264(settings)),
            (CodecName::H265, None, Some(settings), None) => Some(Codec::H265(settings)),
            (CodecName::FrameCapture, None, None, Some(settings)) => Some(Codec::FrameCapture(settings)),
            (CodecName::H264 | CodecName::H265 | CodecName::FrameCapture, ..) => None,
        }
    }
}

/// Single frames as JPEGs.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FrameCaptureSettings {
    #[serde(default = "one")]
    pub(crate) framerate_numerator: u32,
    #[serde(default = "one")]
    pub(crate) framerate_denominator: u32,
    pub(crate) max_captures: Option<u32>,
    /// 1 to 100.
    pub(crate) quality: Option<u8>,
}

const fn one() -> u32 {
    1
}
