//! The ffmpeg command, while outputs are added to it.

use std::fmt::Write as _;

use super::arguments::{INPUT_RESTRICTIONS, owned};
use super::error::PlanError;
use super::{clip, frame, pad, video};
use crate::media::{Media, VideoTrack};
use crate::ratio::Ratio;
use crate::settings::{Input, Rotate, VideoDescription};
use crate::size::Size;

/// The audio filter that begins with silence where the source has no sound yet, and fills holes with it. Players place sound by
/// the times of its samples, and few of them read the list of edits that could tell of a late start.
pub(super) const CONTINUOUS: &str = "aresample=async=1:first_pts=0";

/// A filter graph and the arguments of the outputs.
pub(super) struct Command<'a> {
    pub(super) source: &'a Media,
    pub(super) input: &'a Input,
    /// The duration of the transcoded part in seconds; `None` for the whole source.
    clip_s: Option<f64>,
    /// The duration of black frames after the video, in seconds.
    pad_s: Option<f64>,
    /// The branches of the filter graph: filters and output label.
    branches: Vec<(String, String)>,
    /// The chains of the filter graph that join audio tracks, each with its label.
    joins: Vec<String>,
    /// Arguments of the outputs with encoded video and audio. They come first, since ffmpeg reports the frames of its
    /// first output as the progress.
    pub(super) encoded: Vec<String>,
    /// Arguments of the outputs with single pictures.
    pub(super) stills: Vec<String>,
    rate: Option<Ratio>,
}

/// A video output, encoded from a branch of the filter graph.
pub(super) struct VideoOutput {
    pub(super) size: Size,
    /// Frames per second.
    pub(super) rate: Ratio,
    /// The arguments that select the branch and the encoder.
    pub(super) arguments: Vec<String>,
}

impl<'a> Command<'a> {
    pub(super) fn new(source: &'a Media, input: &'a Input) -> Result<Self, PlanError> {
        let (branches, joins, encoded, stills) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let rate = source.video().map_or(video::DEFAULT_RATE, |(_, video)| video::source_rate(video));
        let clip_s = clip::seconds(input, rate)?;
        let pad_s = pad::seconds(source, input, clip_s, rate);
        Ok(Self { source, input, clip_s, pad_s, branches, joins, encoded, stills, rate: None })
    }

    /// Duration of the transcoded part in seconds; 0 if it is unknown.
    pub(super) fn duration_s(&self) -> f64 {
        self.clip_s.map_or(self.source.duration_s, |clip_s| clip_s.min(self.source.duration_s))
    }

    /// The frame rate of the first video output.
    pub(super) const fn frame_rate(&self) -> Option<Ratio> {
        self.rate
    }

    /// The filters that give the video a constant rate of frames. The first frame is at 0: a copy of the first picture stands
    /// where the source has none yet. `options` are more options of the filter `fps`, each after a colon.
    pub(super) fn rate_filters(&self, rate: Ratio, options: &str) -> String {
        let pad = self.pad_s.map(|seconds| format!(",tpad=stop_duration={seconds:.3}:color=black"));
        format!("fps={rate}{options}:start_time=0{}", pad.unwrap_or_default())
    }

    /// Adds a branch to the filter graph. An output maps its label.
    pub(super) fn add_branch(&mut self, filters: String, label: &str) {
        self.branches.push((filters, label.to_owned()));
    }

    /// Adds a chain to the filter graph that joins the channels of tracks. Returns the chain's output, which one output maps.
    pub(super) fn join_audio(&mut self, indexes: &[usize], label: &str) -> String {
        let inputs: String =
            indexes.iter().flat_map(|index| ["[0:".to_owned(), index.to_string(), "]".to_owned()]).collect();
        let output = format!("[{label}a]");
        self.joins.push(format!("{inputs}amerge=inputs={},{CONTINUOUS}{output}", indexes.len()));
        output
    }

    /// Adds a branch to the filter graph and encodes it as the settings say.
    pub(super) fn add_video(
        &mut self,
        video: &VideoDescription,
        label: &str,
        path: &str,
    ) -> Result<VideoOutput, PlanError> {
        let source = self.source_video()?;
        let rate = video::frame_rate(video, source);
        let (size, filters) = frame::filters(video, source, self.input.video_selector.rotate, path)?;
        let filters = format!("{},{filters},format=yuv420p", self.rate_filters(rate, ""));
        let mut arguments = vec!["-map".to_owned(), format!("[{label}]")];
        arguments.extend(video::encoder(video, rate, path)?);
        self.add_branch(filters, label);
        self.rate.get_or_insert(rate);
        Ok(VideoOutput { size, rate, arguments })
    }

    /// The video track of the source.
    pub(super) fn source_video(&self) -> Result<&VideoTrack, PlanError> {
        self.indexed_source_video().map(|(_, video)| video)
    }

    fn indexed_source_video(&self) -> Result<(usize, &VideoTrack), PlanError> {
        self.source.video().ok_or_else(|| PlanError::Source("the input has no video".to_owned()))
    }

    /// The argument list of the command. `input` is the file or URL that ffmpeg reads.
    pub(super) fn into_arguments(self, input: &str) -> Result<Vec<String>, PlanError> {
        let mut arguments =
            owned(&["-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1", "-y"]);
        arguments.extend(owned(&INPUT_RESTRICTIONS));
        if self.input.video_selector.rotate != Rotate::Auto {
            arguments.push("-noautorotate".to_owned());
        }
        if let Some(seconds) = self.clip_s {
            arguments.extend(owned(&["-t", &format!("{seconds:.6}")]));
        }
        arguments.extend(owned(&["-i", input]));
        let mut graph = self.joins.clone();
        if !self.branches.is_empty() {
            let (index, source) = self.indexed_source_video()?;
            // Every output is progressive. Frames that are marked as progressive pass unchanged.
            let deinterlacer =
                if source.is_interlaced { "bwdif=mode=send_frame:deint=interlaced," } else { "" };
            let mut split = format!("[0:{index}]{deinterlacer}split={}", self.branches.len());
            for branch in 0..self.branches.len() {
                let _ = write!(split, "[b{branch}]");
            }
            graph.push(split);
            for (branch, (filters, label)) in self.branches.iter().enumerate() {
                graph.push(format!("[b{branch}]{filters}[{label}]"));
            }
        }
        if !graph.is_empty() {
            arguments.extend(owned(&["-filter_complex", &graph.join(";")]));
        }
        arguments.extend(self.encoded);
        arguments.extend(self.stills);
        Ok(arguments)
    }
}
