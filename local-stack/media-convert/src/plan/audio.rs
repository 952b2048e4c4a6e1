//! The arguments of an encoder of sound.

use super::super::media::Media;
use super::super::settings::{AudioDescription, Input};
use super::arguments::words;
use super::error::PlanError;

/// The track that a description takes, and its encoder.
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
        .sound(number)
        .ok_or_else(|| PlanError::Source(format!("the input has no audio track {number}")))?;
    let settings = &audio.codec_settings.aac_settings;
    if !(6_000..=1_024_000).contains(&settings.bitrate) || !(8_000..=96_000).contains(&settings.sample_rate) {
        return Err(PlanError::at(
            path,
            "aacSettings: a bitrate from 6000 to 1024000 and a rate from 8000 to 96000",
        ));
    }
    let mut arguments = words(&["-map", &format!("0:{index}"), "-c:a", "aac"]);
    arguments.extend(words(&[
        "-b:a",
        &settings.bitrate.to_string(),
        "-ar",
        &settings.sample_rate.to_string(),
    ]));
    arguments.extend(words(&["-ac", &settings.coding_mode.channels().to_string()]));
    Ok(arguments)
}
