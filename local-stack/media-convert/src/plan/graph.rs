//! The run of ffmpeg as it grows: one input, a branch of the filter graph for each picture, the outputs' arguments.

use std::fmt::Write as _;

use super::super::media::{Media, Picture};
use super::super::ratio::Ratio;
use super::super::settings::{Input, Rotate, VideoDescription};
use super::super::size::Size;
use super::arguments::{guards, words};
use super::error::PlanError;
use super::{frame, video};

/// The filter graph and the outputs, as they grow.
pub(super) struct Graph<'a> {
    pub(super) source: &'a Media,
    pub(super) input: &'a Input,
    /// Filters of a branch and its label.
    branches: Vec<(String, String)>,
    /// The arguments of outputs that are encoded all along. They come first: ffmpeg counts the frames of the first.
    pub(super) encoded: Vec<String>,
    /// Those of single pictures.
    pub(super) stills: Vec<String>,
    rate: Option<Ratio>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(source: &'a Media, input: &'a Input) -> Self {
        let (branches, encoded, stills) = (Vec::new(), Vec::new(), Vec::new());
        Self { source, input, branches, encoded, stills, rate: None }
    }

    /// The frame rate of the first output that is a video.
    pub(super) const fn frame_rate(&self) -> Option<Ratio> {
        self.rate
    }

    /// Adds a branch: filters, and the label that an output maps.
    pub(super) fn add_branch(&mut self, filters: String, label: &str) {
        self.branches.push((filters, label.to_owned()));
    }

    /// A branch of the graph with its encoder.
    pub(super) fn video(
        &mut self,
        video: &VideoDescription,
        label: &str,
        path: &str,
    ) -> Result<(Size, Ratio, Vec<String>), PlanError> {
        let picture = self.picture()?;
        let rate = video::frame_rate(video, picture);
        let (size, filters) = frame::filters(video, picture, self.input.video_selector.rotate, path)?;
        let filters = format!("fps={rate},{filters},format=yuv420p");
        let mut arguments = vec!["-map".to_owned(), format!("[{label}]")];
        arguments.extend(video::encoder(video, rate, path)?);
        self.add_branch(filters, label);
        self.rate.get_or_insert(rate);
        Ok((size, rate, arguments))
    }

    /// What the pictures are taken from.
    pub(super) fn picture(&self) -> Result<&Picture, PlanError> {
        let picture = self.source.picture().map(|(_, picture)| picture);
        picture.ok_or_else(|| PlanError::Source("the input has no video".to_owned()))
    }

    /// All of it as ffmpeg takes it.
    pub(super) fn arguments(self, input: &str) -> Result<Vec<String>, PlanError> {
        let mut arguments =
            words(&["-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1", "-y"]);
        arguments.extend(words(&guards()));
        if self.input.video_selector.rotate != Rotate::Auto {
            arguments.push("-noautorotate".to_owned());
        }
        arguments.extend(words(&["-i", input]));
        if !self.branches.is_empty() {
            let (index, _) = self
                .source
                .picture()
                .ok_or_else(|| PlanError::Source("the input has no video".to_owned()))?;
            let mut graph = format!("[0:{index}]split={}", self.branches.len());
            for branch in 0..self.branches.len() {
                let _ = write!(graph, "[b{branch}]");
            }
            for (branch, (filters, label)) in self.branches.iter().enumerate() {
                let _ = write!(graph, ";[b{branch}]{filters}[{label}]");
            }
            arguments.extend(words(&["-filter_complex", &graph]));
        }
        arguments.extend(self.encoded);
        arguments.extend(self.stills);
        Ok(arguments)
    }
}
