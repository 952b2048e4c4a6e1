//! The audio of an output.

use serde::Deserialize;

use super::fixed::{Off, fixed_values};

/// An audio track of an output.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AudioDescription {
    /// The name of an audio selector of the input. The first selector if it is absent.
    pub(crate) audio_source_name: Option<String>,
    pub(crate) codec_settings: AudioCodecSettings,
    #[serde(default, rename = "audioTypeControl")]
    _audio_type_control: Option<FollowInput>,
    #[serde(default, rename = "audioType")]
    _audio_type: Option<u8>,
    #[serde(default, rename = "languageCodeControl")]
    _language_code_control: Option<FollowInput>,
    #[serde(default, rename = "streamName")]
    _stream_name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AudioCodecSettings {
    pub(crate) aac_settings: AacSettings,
    #[serde(rename = "codec")]
    _codec: Aac,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AacSettings {
    /// Bit rate in bits per second.
    pub(crate) bitrate: u32,
    pub(crate) coding_mode: CodingMode,
    /// Sample rate in hertz.
    pub(crate) sample_rate: u32,
    #[serde(default, rename = "codecProfile")]
    _codec_profile: Option<LowComplexity>,
    #[serde(default, rename = "rateControlMode")]
    _rate_control_mode: Option<Cbr>,
    #[serde(default, rename = "rawFormat")]
    _raw_format: Option<Off>,
    #[serde(default, rename = "specification")]
    _specification: Option<Mpeg4>,
    #[serde(default, rename = "audioDescriptionBroadcasterMix")]
    _broadcaster_mix: Option<Normal>,
}

/// The channel layout. The last digit of `MediaConvert`'s names counts the low-frequency channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum CodingMode {
    #[serde(rename = "CODING_MODE_1_0")]
    Mono,
    #[serde(rename = "CODING_MODE_2_0")]
    Stereo,
    #[serde(rename = "CODING_MODE_5_1")]
    Surround,
}

impl CodingMode {
    /// The number of channels.
    pub(crate) const fn channels(self) -> u8 {
        match self {
            Self::Mono => 1,
            Self::Stereo => 2,
            Self::Surround => 6,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum LowComplexity {
    #[serde(rename = "LC")]
    LowComplexity,
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum Mpeg4 {
    #[serde(rename = "MPEG4")]
    Mpeg4,
}

fixed_values! {
    Aac { Aac }
    Cbr { Cbr }
    FollowInput { FollowInput }
    Normal { Normal }
}
