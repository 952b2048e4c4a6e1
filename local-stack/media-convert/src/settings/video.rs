//! The video of an output.

use serde::Deserialize;

use super::fixed::Off;
use super::h26x::H26xSettings;

/// The video of an output.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct VideoDescription {
    /// Width in pixels. If it is absent, the height and the source's aspect ratio determine it, or the source's width.
    pub(crate) width: Option<u32>,
    /// Height in pixels. If it is absent, the width and the source's aspect ratio determine it, or the source's height.
    pub(crate) height: Option<u32>,
    #[serde(default)]
    pub(crate) scaling_behavior: Scaling,
    pub(crate) codec_settings: VideoCodecSettings,
    #[serde(default)]
    pub(crate) video_preprocessors: VideoPreprocessors,
    /// Sharpness of the scaler. ffmpeg's bicubic filter corresponds to about 50.
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

/// Steps before the encoder.
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

/// The conversion of the colour space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum ColorConversion {
    /// The output has the source's colour space.
    #[default]
    #[serde(rename = "NONE")]
    None,
    /// HDR is tone-mapped to BT.709, the colour space of SDR television.
    #[serde(rename = "FORCE_709")]
    Force709,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Enabled {
    Enabled,
}

/// The method of fitting the source into an output with another aspect ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Scaling {
    /// Black bars fill the output.
    #[default]
    Default,
    /// The video is stretched.
    StretchToOutput,
    /// The output becomes smaller than requested.
    Fit,
    /// Like `Fit`, and never larger than the source.
    FitNoUpscale,
    /// The edges of the video are cropped.
    Fill,
}

/// The codec of an output. A request names it twice: in `codec` and by the settings that it contains.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct VideoCodecSettings {
    #[serde(rename = "codec")]
    name: CodecName,
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

/// A codec with its settings.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Codec<'a> {
    H264(&'a H26xSettings),
    H265(&'a H26xSettings),
    FrameCapture(&'a FrameCaptureSettings),
}

impl VideoCodecSettings {
    /// The codec with its settings. `None` if the request contains no settings, or settings of another codec.
    pub(crate) fn codec(&self) -> Option<Codec<'_>> {
        match (self.name, &self.h264_settings, &self.h265_settings, &self.frame_capture_settings) {
            (CodecName::H264, Some(settings), None, None) => Some(Codec::H264(settings)),
            (CodecName::H265, None, Some(settings), None) => Some(Codec::H265(settings)),
            (CodecName::FrameCapture, None, None, Some(settings)) => Some(Codec::FrameCapture(settings)),
            (CodecName::H264 | CodecName::H265 | CodecName::FrameCapture, ..) => None,
        }
    }
}

/// The capture of single frames as JPEGs.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FrameCaptureSettings {
    #[serde(default = "one")]
    pub(crate) framerate_numerator: u32,
    #[serde(default = "one")]
    pub(crate) framerate_denominator: u32,
    pub(crate) max_captures: Option<u32>,
    /// JPEG quality, 1 to 100.
    pub(crate) quality: Option<u8>,
}

const fn one() -> u32 {
    1
}
