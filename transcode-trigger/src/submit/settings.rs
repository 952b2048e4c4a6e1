//! A plan in `MediaConvert`'s words. Nothing is decided here.

mod audio;

mod groups;

mod video;

use aws_sdk_mediaconvert::types::{
    AudioDefaultSelection, AudioSelector, Input, InputRotate, InputTimecodeSource, JobSettings,
    TimecodeConfig, TimecodeSource, VideoSelector,
};

use crate::plan::Plan;

/// The one selection of audio.
const AUDIO_SELECTOR: &str = "Audio Selector 1";

/// The settings of a job that reads `input` and writes into `folder`, both `s3://` URLs, the latter with a slash at
/// its end.
pub(super) fn settings(plan: &Plan, input: &str, folder: &str) -> JobSettings {
    let mut groups = vec![groups::adaptive(plan, folder)];
    groups.extend(groups::download(plan, folder));
    groups.push(groups::posters(plan, folder));
    JobSettings::builder()
        .timecode_config(TimecodeConfig::builder().source(TimecodeSource::Zerobased).build())
        .inputs(self::input(plan, input))
        .set_output_groups(Some(groups))
        .build()
}

fn input(plan: &Plan, url: &str) -> Input {
    let input = Input::builder()
        .file_input(url)
        .timecode_source(InputTimecodeSource::Zerobased)
        .video_selector(VideoSelector::builder().rotate(InputRotate::Auto).build());
    if plan.audio_bitrate.is_none() {
        return input.build();
    }
    let selector = AudioSelector::builder().default_selection(AudioDefaultSelection::Default).build();
    input.audio_selectors(AUDIO_SELECTOR, selector).build()
}

/// A number as the service takes it. The plan's are within its bounds.
fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
