//! Plans a file group: MP4 files and captured frames.

use super::arguments::owned;
use super::command::Command;
use super::destination::{self, Destination};
use super::error::PlanError;
use super::frame::JPEG_COLORS;
use super::model::{FileKind, FilePlan};
use super::{audio, frame, video};
use crate::ratio::Ratio;
use crate::settings::{Codec, Container, FileGroupSettings, FrameCaptureSettings, Output, VideoDescription};
use crate::size::Size;

/// Adds the outputs of a group to a command. `group` is the number of the group, `path` its path in the settings.
pub(super) fn add(
    command: &mut Command<'_>,
    group: usize,
    settings: &FileGroupSettings,
    outputs: &[Output],
    path: &str,
) -> Result<Vec<FilePlan>, PlanError> {
    let destination = Destination::parse(&settings.destination, &command.input.url).map_err(|sentence| {
        PlanError::at(&format!("{path}/outputGroupSettings/fileGroupSettings/destination"), &sentence)
    })?;
    let mut files = Vec::new();
    for (number, output) in outputs.iter().enumerate() {
        let path = format!("{path}/outputs/{number}");
        destination::check_modifier(output, outputs, &path)?;
        if !output.caption_descriptions.is_empty() {
            return Err(PlanError::at(&path, "captions are implemented in a CMAF group only"));
        }
        let local = format!("g{group}f{number}");
        let codec = output.video_description.as_ref().map(|video| (video, video.codec_settings.codec()));
        let (size, kind) = match (output.container_settings.container, codec) {
            (Container::Raw, Some((video, Some(Codec::FrameCapture(settings))))) => {
                let interval_ms = 1000 * u64::from(settings.framerate_denominator)
                    / u64::from(settings.framerate_numerator.max(1));
                let size = add_captures(command, video, settings, &local, &path)?;
                (Some(size), FileKind::Captures { interval_ms })
            }
            (Container::Mp4, None | Some((_, None | Some(Codec::H264(_) | Codec::H265(_))))) => {
                (add_movie(command, output, &local, &path)?, FileKind::Movie)
            }
            (Container::Raw | Container::Mp4 | Container::Cmfc, _) => {
                let sentence = "a file is an MP4 of H_264 or H_265 and AAC, or RAW with FRAME_CAPTURE";
                return Err(PlanError::at(&path, sentence));
            }
        };
        let extension = match kind {
            FileKind::Captures { .. } => "jpg",
            FileKind::Movie => "mp4",
        };
        let extension = output.extension.clone().unwrap_or_else(|| extension.to_owned());
        let (destination, modifier) = (destination.clone(), output.name_modifier.clone());
        files.push(FilePlan { local, destination, modifier, extension, size, kind });
    }
    Ok(files)
}

/// Adds an MP4 file whose index precedes the media. Returns the size of its video.
fn add_movie(
    command: &mut Command<'_>,
    output: &Output,
    local: &str,
    path: &str,
) -> Result<Option<Size>, PlanError> {
    let mut arguments = Vec::new();
    let mut size = None;
    if let Some(video) = &output.video_description {
        let video = command.add_video(video, local, path)?;
        size = Some(video.size);
        arguments.extend(video.arguments);
    }
    for (number, audio) in output.audio_descriptions.iter().enumerate() {
        let label = format!("{local}n{number}");
        arguments.extend(audio::arguments(audio, command, &label, path)?);
    }
    if arguments.is_empty() {
        return Err(PlanError::at(path, "an output needs video or audio"));
    }
    arguments.extend(owned(&["-map_metadata", "-1", "-max_muxing_queue_size", "4096"]));
    arguments.extend(owned(&["-movflags", "+faststart", "-f", "mp4", &format!("{local}.mp4")]));
    command.encoded.extend(arguments);
    Ok(size)
}

/// Adds captures of single frames: the first frame, then one after each interval. Returns their size.
fn add_captures(
    command: &mut Command<'_>,
    video: &VideoDescription,
    settings: &FrameCaptureSettings,
    local: &str,
    path: &str,
) -> Result<Size, PlanError> {
    let source = command.source_video()?;
    let rate = Ratio::new(settings.framerate_numerator, settings.framerate_denominator)
        .ok_or_else(|| PlanError::at(path, "a frame rate is a positive fraction"))?;
    let (size, filters) = frame::filters(video, source, command.input.video_selector.rotate, path)?;
    let rate_filters = command.rate_filters(rate, ":round=up");
    command.add_branch(format!("{rate_filters},{filters},{JPEG_COLORS}"), local);
    command.stills.extend(owned(&["-map", &format!("[{local}]")]));
    if let Some(max) = settings.max_captures {
        command.stills.extend(owned(&["-frames:v", &max.to_string()]));
    }
    let quantizer = video::jpeg_quantizer(settings.quality.unwrap_or(80)).to_string();
    command.stills.extend(owned(&["-c:v", "mjpeg", "-q:v", &quantizer, "-f", "image2"]));
    command.stills.extend(owned(&["-start_number", "0", &format!("{local}.%07d.jpg")]));
    Ok(size)
}
