//! The audio of outputs: always AAC in stereo, also for sources in mono or with more channels.

use aws_sdk_mediaconvert::types::{
    AacCodingMode, AacSettings, AudioCodec, AudioCodecSettings, AudioDescription,
};

use super::number::number;

/// The name of the input's only audio selector.
pub(super) const SELECTOR: &str = "Audio Selector 1";

/// Sample rate, in samples per second.
const SAMPLE_RATE: i32 = 48_000;

/// Audio of this bit rate, in bits per second.
pub(super) fn description(bitrate: u32) -> AudioDescription {
    let aac = AacSettings::builder()
        .bitrate(number(bitrate))
        .coding_mode(AacCodingMode::CodingMode20)
        .sample_rate(SAMPLE_RATE)
        .build();
    let settings = AudioCodecSettings::builder().codec(AudioCodec::Aac).aac_settings(aac).build();
    AudioDescription::builder().audio_source_name(SELECTOR).codec_settings(settings).build()
}
