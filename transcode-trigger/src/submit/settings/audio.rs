//! Audio of outputs: AAC in stereo, whatever the source has.

use aws_sdk_mediaconvert::types::{
    AacCodingMode, AacSettings, AudioCodec, AudioCodecSettings, AudioDescription,
};

use super::{AUDIO_SELECTOR, number};

/// Samples a second.
const SAMPLE_RATE: i32 = 48_000;

pub(super) fn description(bitrate: u32) -> AudioDescription {
    let aac = AacSettings::builder()
        .bitrate(number(bitrate))
        .coding_mode(AacCodingMode::CodingMode20)
        .sample_rate(SAMPLE_RATE)
        .build();
    let settings = AudioCodecSettings::builder().codec(AudioCodec::Aac).aac_settings(aac).build();
    AudioDescription::builder().audio_source_name(AUDIO_SELECTOR).codec_settings(settings).build()
}
