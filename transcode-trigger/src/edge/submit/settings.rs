//! The job settings of a plan. All decisions are in the plan.

mod audio;

mod captions;

mod groups;

mod number;

mod video;

use aws_sdk_mediaconvert::types::{
    AudioDefaultSelection, AudioSelector, Input, InputClipping, InputRotate, InputTimecodeSource,
    JobSettings, PadVideo, TimecodeConfig, TimecodeSource, VideoSelector,
};

use crate::plan::Plan;

/// The settings of a job that reads `input` and writes into `folder`. Both are `s3://` URLs; `folder` ends with a
/// slash. Captions are read from `bucket`.
pub(super) fn settings(plan: &Plan, bucket: &str, input: &str, folder: &str) -> JobSettings {
    let mut groups = vec![groups::adaptive(plan, folder)];
    match &plan.video {
        Some(video) => {
            groups.extend(groups::download(video, plan.sound, folder));
            groups.push(groups::posters(video, folder));
        }
        None => groups.extend(plan.sound.map(|sound| groups::sound_file(sound, folder))),
    }
    JobSettings::builder()
        .timecode_config(TimecodeConfig::builder().source(TimecodeSource::Zerobased).build())
        .inputs(self::input(plan, bucket, input))
        .set_output_groups(Some(groups))
        .build()
}

fn input(plan: &Plan, bucket: &str, url: &str) -> Input {
    let mut input = Input::builder()
        .file_input(url)
        .timecode_source(InputTimecodeSource::Zerobased)
        .set_input_clippings(plan.clip_end_s.map(|end_s| vec![clip(end_s)]))
        .set_video_selector(plan.video.as_ref().map(|_| video_selector()));
    for (name, selector) in plan.captions.iter().map(|captions| captions::selector(captions, bucket)) {
        input = input.caption_selectors(name, selector);
    }
    let Some(sound) = plan.sound else { return input.build() };
    let selector = AudioSelector::builder()
        .default_selection(AudioDefaultSelection::Default)
        // The channels of the tracks become those of the output, in this order.
        .set_tracks(sound.joins_tracks.then(|| vec![1, 2]));
    input.audio_selectors(audio::SELECTOR, selector.build()).build()
}

/// Sound that is longer than the picture has black frames: some players stop where one of both ends.
fn video_selector() -> VideoSelector {
    VideoSelector::builder().rotate(InputRotate::Auto).pad_video(PadVideo::Black).build()
}

/// The part of the input from its beginning to the frame at `end_s` seconds, which is less than a day. Timecodes begin at
/// zero, as `ZEROBASED` says, and frames are counted within a second: the frame number 0 exists at every frame rate.
fn clip(end_s: u32) -> InputClipping {
    let (hours, minutes, seconds) = (end_s / 3600, end_s / 60 % 60, end_s % 60);
    InputClipping::builder().end_timecode(format!("{hours:02}:{minutes:02}:{seconds:02}:00")).build()
}
