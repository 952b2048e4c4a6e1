//! A group of files: movies, and single frames.

use super::super::ratio::Ratio;
use super::super::settings::{Codec, Container, FileGroupSettings, Output};
use super::super::size::Size;
use super::arguments::words;
use super::error::PlanError;
use super::graph::Graph;
use super::model::FilePlan;
use super::names::{self, Base};
use super::{audio, frame, video};

impl Graph<'_> {
    /// Adds a group's outputs.
    pub(super) fn files(
        &mut self,
        group: usize,
        settings: &FileGroupSettings,
        outputs: &[Output],
        path: &str,
    ) -> Result<Vec<FilePlan>, PlanError> {
        let base = Base::of(&settings.destination, &self.input.url).map_err(|sentence| {
            PlanError::at(&format!("{path}/outputGroupSettings/fileGroupSettings/destination"), &sentence)
        })?;
        let mut files = Vec::new();
        for (number, output) in outputs.iter().enumerate() {
            let path = format!("{path}/outputs/{number}");
            names::check_modifier(output, outputs, &path)?;
            let local = format!("g{group}f{number}");
            let codec = output.video_description.as_ref().and_then(|video| video.codec_settings.chosen());
            let (size, is_captures) = match (output.container_settings.container, codec) {
                (Container::Raw, Some(Codec::FrameCapture(_))) => {
                    (Some(self.captures(output, &local, &path)?), true)
                }
                (Container::Mp4, None | Some(Codec::H264(_) | Codec::H265(_))) => {
                    (self.movie(output, &local, &path)?, false)
                }
                (Container::Raw | Container::Mp4 | Container::Cmfc, _) => {
                    let sentence = "a file is an MP4 of H_264 or H_265 and AAC, or RAW with FRAME_CAPTURE";
                    return Err(PlanError::at(&path, sentence));
                }
            };
            let extension =
                output.extension.clone().unwrap_or_else(|| if is_captures { "jpg" } else { "mp4" }.into());
            let (base, modifier) = (base.clone(), output.name_modifier.clone());
            files.push(FilePlan { local, base, modifier, extension, size, is_captures });
        }
        Ok(files)
    }

    /// An MP4 whose index comes first.
    fn movie(&mut self, output: &Output, local: &str, path: &str) -> Result<Option<Size>, PlanError> {
        let mut arguments = Vec::new();
        let mut size = None;
        if let Some(video) = &output.video_description {
            let (shown, _, video) = self.video(video, local, path)?;
            size = Some(shown);
            arguments.extend(video);
        }
        for audio in &output.audio_descriptions {
            arguments.extend(audio::arguments(audio, self.source, self.input, path)?);
        }
        if arguments.is_empty() {
            return Err(PlanError::at(path, "an output needs video or audio"));
        }
        arguments.extend(words(&[
            "-map_metadata",
            "-1",
            "-max_muxing_queue_size",
            "4096",
            "-movflags",
            "+faststart",
        ]));
        arguments.extend(words(&["-f", "mp4"]));
        arguments.push(format!("{local}.mp4"));
        self.encoded.extend(arguments);
        Ok(size)
    }

    /// Single frames: the first, and then one after each interval.
    fn captures(&mut self, output: &Output, label: &str, path: &str) -> Result<Size, PlanError> {
        let (Some(video), picture) = (&output.video_description, self.picture()?) else {
            return Err(PlanError::at(path, "an output needs video or audio"));
        };
        let Some(Codec::FrameCapture(settings)) = video.codec_settings.chosen() else {
            return Err(PlanError::at(path, "frameCaptureSettings are missing"));
        };
        let rate = Ratio::new(settings.framerate_numerator, settings.framerate_denominator)
            .ok_or_else(|| PlanError::at(path, "a frame rate is a positive fraction"))?;
        let (size, filters) = frame::filters(video, picture, self.input.video_selector.rotate, path)?;
        self.add_branch(format!("fps={rate}:round=up,{filters},format=yuvj420p"), label);
        self.stills.extend(words(&["-map", &format!("[{label}]")]));
        if let Some(most) = settings.max_captures {
            self.stills.extend(words(&["-frames:v", &most.to_string()]));
        }
        let quality = video::jpeg_scale(settings.quality.unwrap_or(80));
        self.stills.extend(words(&[
            "-c:v",
            "mjpeg",
            "-q:v",
            &quality.to_string(),
            "-f",
            "image2",
            "-start_number",
            "0",
        ]));
        self.stills.push(format!("{label}.%07d.jpg"));
        Ok(size)
    }
}
