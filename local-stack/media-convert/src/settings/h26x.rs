//! The settings of the H.264 and H.265 encoders.

use serde::Deserialize;

use super::fixed::{Off, fixed_values};

/// Settings of H.264 or H.265. Both codecs have the same names of settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct H26xSettings {
    #[serde(default)]
    pub(crate) rate_control_mode: RateControl,
    /// Average bit rate in bits per second.
    pub(crate) bitrate: Option<u32>,
    /// Maximum bit rate in bits per second.
    pub(crate) max_bitrate: Option<u32>,
    pub(crate) qvbr_settings: Option<QvbrSettings>,
    /// Size of the decoder's buffer in bits.
    pub(crate) hrd_buffer_size: Option<u32>,
    /// Length of a group of pictures, in `gop_size_units`.
    pub(crate) gop_size: Option<f64>,
    #[serde(default)]
    pub(crate) gop_size_units: GopUnits,
    pub(crate) number_b_frames_between_reference_frames: Option<u8>,
    pub(crate) number_reference_frames: Option<u8>,
    #[serde(default)]
    pub(crate) scene_change_detect: SceneChange,
    #[serde(default)]
    pub(crate) quality_tuning_level: Tuning,
    #[serde(default)]
    pub(crate) framerate_control: FrameRateControl,
    pub(crate) framerate_numerator: Option<u32>,
    pub(crate) framerate_denominator: Option<u32>,
    pub(crate) codec_profile: Option<Profile>,
    #[serde(default, rename = "codecLevel")]
    _codec_level: Option<Auto>,
    /// Every group of pictures is closed here.
    #[serde(default, rename = "gopClosedCadence")]
    _gop_closed_cadence: Option<u32>,
    #[serde(default, rename = "gopBReference")]
    _gop_b_reference: Option<String>,
    #[serde(default, rename = "minIInterval")]
    _min_i_interval: Option<u8>,
    #[serde(default, rename = "dynamicSubGop")]
    _dynamic_sub_gop: Option<String>,
    #[serde(default, rename = "framerateConversionAlgorithm")]
    _framerate_conversion: Option<DuplicateDrop>,
    #[serde(default, rename = "interlaceMode")]
    _interlace_mode: Option<Progressive>,
    #[serde(default, rename = "parControl")]
    _par_control: Option<ParControl>,
    #[serde(default, rename = "parNumerator")]
    _par_numerator: Option<One>,
    #[serde(default, rename = "parDenominator")]
    _par_denominator: Option<One>,
    #[serde(default, rename = "entropyEncoding")]
    _entropy_encoding: Option<Cabac>,
    #[serde(default, rename = "writeMp4PackagingType")]
    _packaging: Option<Packaging>,
    #[serde(default, rename = "slices")]
    _slices: Option<u8>,
    #[serde(default, rename = "slowPal")]
    _slow_pal: Option<Off>,
    #[serde(default, rename = "telecine")]
    _telecine: Option<Off>,
    #[serde(default, rename = "softness")]
    _softness: Option<u8>,
    #[serde(default, rename = "syntax")]
    _syntax: Option<String>,
    #[serde(default, rename = "repeatPps")]
    _repeat_pps: Option<Off>,
    #[serde(default, rename = "fieldEncoding")]
    _field_encoding: Option<String>,
    #[serde(default, rename = "tiles")]
    _tiles: Option<Off>,
    #[serde(default, rename = "unregisteredSeiTimecode")]
    _unregistered_sei_timecode: Option<Off>,
    #[serde(default, rename = "hrdBufferInitialFillPercentage")]
    _hrd_buffer_initial_fill: Option<u8>,
    #[serde(default, rename = "hrdBufferFinalFillPercentage")]
    _hrd_buffer_final_fill: Option<u8>,
    #[serde(default, rename = "adaptiveQuantization")]
    _adaptive_quantization: Option<String>,
    #[serde(default, rename = "spatialAdaptiveQuantization")]
    _spatial_adaptive_quantization: Option<String>,
    #[serde(default, rename = "temporalAdaptiveQuantization")]
    _temporal_adaptive_quantization: Option<String>,
    #[serde(default, rename = "flickerAdaptiveQuantization")]
    _flicker_adaptive_quantization: Option<String>,
}

/// The mode of rate control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum RateControl {
    /// A constant quality up to a maximum bit rate.
    Qvbr,
    /// An average bit rate up to a maximum bit rate.
    #[default]
    Vbr,
    /// A constant bit rate.
    Cbr,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct QvbrSettings {
    /// Quality level, 1 to 10.
    pub(crate) qvbr_quality_level: Option<u8>,
    /// Fraction of a level to add, such as 0.33.
    pub(crate) qvbr_quality_level_fine_tune: Option<f64>,
    #[serde(default, rename = "maxAverageBitrate")]
    _max_average_bitrate: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum GopUnits {
    Frames,
    Seconds,
    #[default]
    Auto,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum SceneChange {
    #[default]
    Enabled,
    Disabled,
    TransitionDetection,
}

/// Trade-off between encoding time and quality.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Tuning {
    #[default]
    SinglePass,
    SinglePassHq,
    MultiPassHq,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum FrameRateControl {
    #[default]
    InitializeFromSource,
    Specified,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Profile {
    #[serde(rename = "BASELINE")]
    Baseline,
    #[serde(rename = "MAIN", alias = "MAIN_MAIN")]
    Main,
    #[serde(rename = "HIGH")]
    High,
}

fixed_values! {
    Auto { Auto }
    DuplicateDrop { DuplicateDrop }
    Progressive { Progressive }
    Cabac { Cabac }
    ParControl { InitializeFromSource, Specified }
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum Packaging {
    #[serde(rename = "AVC1")]
    Avc1,
    #[serde(rename = "HVC1")]
    Hvc1,
}

/// The number 1, as a member of a pixel aspect ratio: pixels are square.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u32")]
struct One;

impl TryFrom<u32> for One {
    type Error = &'static str;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        if number == 1 { Ok(Self) } else { Err("pixels are square here: 1 is the only value") }
    }
}
