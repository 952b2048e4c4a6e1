//! Plans a CMAF group: tracks of segments, and sheets of thumbnails.

use super::arguments::owned;
use super::command::Command;
use super::destination::{self, Destination};
use super::error::PlanError;
use super::frame::JPEG_COLORS;
use super::model::{CmafPlan, ThumbnailPlan, TrackMedia, TrackPlan};
use super::{audio, captions, frame};
use crate::ratio::Ratio;
use crate::settings::{CmafGroupSettings, Container, Output, Switch, TrickPlay, VideoDescription};

/// Adds the outputs of a group to a command. `group` is the number of the group, `path` its path in the settings.
pub(super) fn add(
    command: &mut Command<'_>,
    group: usize,
    settings: &CmafGroupSettings,
    outputs: &[Output],
    path: &str,
) -> Result<CmafPlan, PlanError> {
    let settings_path = format!("{path}/outputGroupSettings/cmafGroupSettings");
    let destination = Destination::parse(&settings.destination, &command.input.url)
        .map_err(|sentence| PlanError::at(&format!("{settings_path}/destination"), &sentence))?;
    if settings.segment_length == 0 {
        return Err(PlanError::at(&format!("{settings_path}/segmentLength"), "must be at least 1 second"));
    }
    let (mut tracks, mut captions) = (Vec::new(), Vec::new());
    for (number, output) in outputs.iter().enumerate() {
        let path = format!("{path}/outputs/{number}");
        destination::check_modifier(output, outputs, &path)?;
        let local = format!("g{group}t{number}");
        check_container(output, &path)?;
        if let Some(planned) = captions::plan(command.input, output, &local, &path)? {
            captions.push(planned);
            continue;
        }
        let (media, arguments) = track(command, output, &local, &path)?;
        command.encoded.extend(arguments);
        command.encoded.extend(segment_muxer(&local, settings.segment_length));
        tracks.push(TrackPlan { local, modifier: output.name_modifier.clone(), media });
    }
    let video = outputs.iter().find_map(|output| output.video_description.as_ref());
    let thumbnails = add_thumbnails(command, group, settings, video, &settings_path)?;
    let (has_hls, has_dash) = (is_on(settings.write_hls_manifest), is_on(settings.write_dash_manifest));
    Ok(CmafPlan { destination, has_hls, has_dash, tracks, captions, thumbnails })
}

fn check_container(output: &Output, path: &str) -> Result<(), PlanError> {
    if output.container_settings.container != Container::Cmfc || output.extension.is_some() {
        let sentence = "a CMAF output has the container CMFC and no extension of its own";
        return Err(PlanError::at(path, sentence));
    }
    Ok(())
}

/// The media of a track, and the arguments of its encoder.
fn track(
    command: &mut Command<'_>,
    output: &Output,
    local: &str,
    path: &str,
) -> Result<(TrackMedia, Vec<String>), PlanError> {
    match (&output.video_description, output.audio_descriptions.as_slice()) {
        (Some(video), []) => {
            let video = command.add_video(video, local, path)?;
            Ok((TrackMedia::Video { size: video.size, rate: video.rate }, video.arguments))
        }
        (None, [audio]) => {
            let arguments = audio::arguments(audio, command, local, path)?;
            let settings = &audio.codec_settings.aac_settings;
            let (channels, sample_rate) = (settings.coding_mode.channels(), settings.sample_rate);
            Ok((TrackMedia::Audio { channels, sample_rate }, arguments))
        }
        (None, _) | (Some(_), [_, ..]) => {
            Err(PlanError::at(path, "a CMAF output has either video or one audio"))
        }
    }
}

fn is_on(switch: Switch) -> bool {
    switch == Switch::Enabled
}

/// Adds sheets of thumbnails to the command, if the settings ask for them. Their colours are those of `video`, a video of the
/// group. `path` is the path of the settings.
fn add_thumbnails(
    command: &mut Command<'_>,
    group: usize,
    settings: &CmafGroupSettings,
    video: Option<&VideoDescription>,
    path: &str,
) -> Result<Option<ThumbnailPlan>, PlanError> {
    let custom = match settings.image_based_trick_play {
        TrickPlay::None => return Ok(None),
        TrickPlay::Thumbnail => None,
        TrickPlay::Advanced => settings.image_based_trick_play_settings.as_ref(),
    };
    // MediaConvert's defaults are thumbnails 312 pixels wide and sheets of ten by ten.
    let width = custom.and_then(|custom| custom.thumbnail_width).unwrap_or(312);
    let height = custom.and_then(|custom| custom.thumbnail_height);
    let rotate = command.input.video_selector.rotate;
    let source = command.source_video()?;
    let size = frame::thumbnail(width, height, source, rotate);
    let color = video.map_or_else(String::new, |video| frame::color_filters(video, source));
    let columns = custom.and_then(|custom| custom.tile_width).unwrap_or(10);
    let rows = custom.and_then(|custom| custom.tile_height).unwrap_or(10);
    let interval_s =
        custom.and_then(|custom| custom.thumbnail_interval).unwrap_or(settings.segment_length.into());
    let is_size_valid = (8..=4096).contains(&size.width) && (2..=4096).contains(&size.height);
    if !(is_size_valid && (1..=512).contains(&columns) && (1..=2048).contains(&rows) && interval_s > 0.0) {
        let path = format!("{path}/imageBasedTrickPlaySettings");
        return Err(PlanError::at(&path, "a number is out of the service's range"));
    }
    let milliseconds = (interval_s * 1000.0).round().max(1.0) as u32;
    let rate = Ratio::new(1000, milliseconds).unwrap_or(Ratio::ONE);
    let local = format!("g{group}s");
    let filters = format!(
        "{},{}scale={}:{},setsar=1{color},{JPEG_COLORS},tile={columns}x{rows}",
        command.rate_filters(rate, ":round=up"),
        frame::rotation_filters(rotate),
        size.width,
        size.height
    );
    command.add_branch(filters, &local);
    command.stills.extend(owned(&[
        "-map",
        &format!("[{local}]"),
        "-c:v",
        "mjpeg",
        "-q:v",
        "5",
        "-f",
        "image2",
    ]));
    command.stills.extend(owned(&["-start_number", "1", &format!("{local}_%09d.jpg")]));
    Ok(Some(ThumbnailPlan { local, size, columns, rows, interval_s }))
}

/// The arguments of a muxer of fragmented MP4 segments. Each segment ends at the first key frame after `seconds`.
fn segment_muxer(local: &str, seconds: u32) -> Vec<String> {
    let mut arguments = owned(&["-map_metadata", "-1", "-max_muxing_queue_size", "4096", "-f", "hls"]);
    arguments.extend(owned(&["-hls_time", &seconds.to_string(), "-hls_playlist_type", "vod"]));
    arguments.extend(owned(&["-hls_segment_type", "fmp4"]));
    arguments.extend(owned(&["-hls_segment_options", "movflags=+negative_cts_offsets"]));
    arguments.extend(owned(&["-start_number", "1", "-hls_fmp4_init_filename", &format!("{local}init.mp4")]));
    arguments.extend(owned(&["-hls_segment_filename", &format!("{local}_%09d.m4s")]));
    arguments.push(format!("{local}.m3u8"));
    arguments
}
