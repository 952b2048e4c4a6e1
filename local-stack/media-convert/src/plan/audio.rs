//! The arguments of an audio encoder.

use super::arguments::owned;
use super::command::{CONTINUOUS, Command};
use super::error::PlanError;
use crate::settings::AudioDescription;

/// The arguments that select tracks of the source and encode them. The channels of several tracks become those of one, in
/// their order; the filter that joins them gets the label.
pub(super) fn arguments(
    audio: &AudioDescription,
    command: &mut Command<'_>,
    label: &str,
    path: &str,
) -> Result<Vec<String>, PlanError> {
    let input = command.input;
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
    let numbers = if selector.tracks.is_empty() { &[1][..] } else { &selector.tracks };
    let index = |number: &usize| {
        let index = command.source.audio(*number);
        index.ok_or_else(|| PlanError::Source(format!("the input has no audio track {number}")))
    };
    let indexes: Vec<usize> = numbers.iter().map(index).collect::<Result<_, _>>()?;
    let settings = &audio.codec_settings.aac_settings;
    if !(6_000..=1_024_000).contains(&settings.bitrate) || !(8_000..=96_000).contains(&settings.sample_rate) {
        return Err(PlanError::at(
            path,
            "aacSettings: bitrate must be 6000 to 1024000, and sampleRate 8000 to 96000",
        ));
    }
    let (bitrate, rate) = (settings.bitrate.to_string(), settings.sample_rate.to_string());
    let channels = settings.coding_mode.channels().to_string();
    let mut arguments = match indexes.as_slice() {
        [index] => owned(&["-map", &format!("0:{index}"), "-af", CONTINUOUS]),
        _ => owned(&["-map", &command.join_audio(&indexes, label)]),
    };
    arguments.extend(owned(&["-c:a", "aac"]));
    arguments.extend(owned(&["-b:a", &bitrate, "-ar", &rate, "-ac", &channels]));
    Ok(arguments)
}
