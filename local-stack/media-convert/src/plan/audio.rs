//! The arguments of an audio encoder.

use super::arguments::owned;
use super::error::PlanError;
use crate::media::Media;
use crate::settings::{AudioDescription, Input};

/// The arguments that select a track of the source and encode it.
pub(super) fn arguments(
    audio: &AudioDescription,
    source: &Media,
    input: &Input,
    path: &str,
) -> Result<Vec<String>, PlanError> {
    let selector = match &audio.audio_source_name {
        Some(name) => input.audio_selectors.get(name).ok_or_else(|| {
            PlanError::at(path, &format!("audioSourceName: the input has no audio selector '{name}'"))
        })?,
        None => input
            .audio_selectors
            .values()
            .next()
            .ok_or_else(|| PlanError::at(path, "audioSourceName: the input has no audio selector"))?,
    };
    let number = selector.tracks.first().copied().unwrap_or(1);
    let index = source
        .audio(number)
        .ok_or_else(|| PlanError::Source(format!("the input has no audio track {number}")))?;
    let settings = &audio.codec_settings.aac_settings;
    if !(6_000..=1_024_000).contains(&settings.bitrate) || !(8_000..=96_000).contains(&settings.sample_rate) {
        return Err(PlanError::at(
            path,
            "aacSettings: bitrate must be 6000 to 1024000, and sampleRate 8000 to 96000",
        ));
    }
    let (bitrate, rate) = (settings.bitrate.to_string(), settings.sample_rate.to_string());
    let channels = settings.coding_mode.channels().to_string();
    let mut arguments = owned(&["-map", &format!("0:{index}"), "-c:a", "aac"]);
    arguments.extend(owned(&["-b:a", &bitrate, "-ar", &rate, "-ac", &channels]));
    Ok(arguments)
}
