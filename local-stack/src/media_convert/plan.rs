//! A job's settings and what is known of its source in, one run of ffmpeg out, with all that will become of it.
//! Arithmetic and text alone: nothing is read or started here.
//!
//! The source is decoded once. Each output has a branch of the filter graph and an encoder of its own; segments and
//! files get short local names, and their own when they are packaged and sent.
//!
//! Reading order: [`plan`] below; `graph` (the run as it grows), `cmaf` and `files` (a group's part of it), `video`,
//! `audio` and `frame` (an output's arguments and size), `names` (where it goes).

mod audio;
mod cmaf;
mod example;
mod files;
mod frame;
mod graph;
mod names;
mod video;

use super::media::Media;
use super::ratio::Ratio;
use super::settings::{GroupSettings, JobSettings};
pub(crate) use example::example;
pub(crate) use frame::Size;
use graph::Graph;
pub(crate) use graph::guards;
pub(crate) use names::{Base, location};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    /// A setting has a value that can't be executed here.
    #[error("/settings/{path}: {sentence}")]
    Setting {
        /// Where it is in the settings.
        path: String,
        /// What is wrong with it.
        sentence: String,
    },
    /// The source doesn't have what the settings ask for.
    #[error("{0}")]
    Source(String),
}

impl PlanError {
    fn at(path: &str, sentence: &str) -> Self {
        Self::Setting { path: path.to_owned(), sentence: sentence.to_owned() }
    }
}

/// What will be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// ffmpeg's arguments, for a folder of its own as the working directory.
    pub(crate) arguments: Vec<String>,
    /// What will be there after it.
    pub(crate) groups: Vec<GroupPlan>,
    /// How long the source is, in seconds; 0 where it doesn't tell.
    pub(crate) duration_s: f64,
    /// The frame rate of the first output that is a video: its frames tell the progress.
    pub(crate) frame_rate: Option<Ratio>,
}

/// A group of outputs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupPlan {
    Cmaf(CmafPlan),
    Files(Vec<FilePlan>),
}

/// Tracks in segments under common manifests.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CmafPlan {
    pub(crate) base: Base,
    pub(crate) has_hls: bool,
    pub(crate) has_dash: bool,
    pub(crate) tracks: Vec<TrackPlan>,
    pub(crate) tiles: Option<TilesPlan>,
}

/// A track: `<local>init.mp4` and segments `<local>_000000001.m4s` and so on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrackPlan {
    pub(crate) local: String,
    pub(crate) modifier: String,
    pub(crate) kind: TrackMedia,
}

/// What a track shows or sounds like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TrackMedia {
    Video { size: Size, rate: Ratio },
    Audio { channels: u8, sample_rate: u32 },
}

/// Sheets of thumbnails: `<local>_000000001.jpg` and so on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TilesPlan {
    pub(crate) local: String,
    /// Of one thumbnail.
    pub(crate) size: Size,
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    /// From one thumbnail to the next, in seconds.
    pub(crate) interval_s: f64,
}

/// A file, or a series of pictures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FilePlan {
    pub(crate) local: String,
    pub(crate) base: Base,
    pub(crate) modifier: String,
    /// Without its dot.
    pub(crate) extension: String,
    pub(crate) size: Option<Size>,
    /// Whether it is pictures, `<local>.0000000.jpg` and so on, instead of `<local>.mp4`.
    pub(crate) is_captures: bool,
}

/// Plans a job. `input` is what ffmpeg reads, a file or a URL.
pub(crate) fn plan(settings: &JobSettings, source: &Media, input: &str) -> Result<Plan, PlanError> {
    let [given] = settings.inputs.as_slice() else {
        return Err(PlanError::at("inputs", "one input is taken here, no more and no fewer"));
    };
    if settings.output_groups.is_empty() {
        return Err(PlanError::at("outputGroups", "at least one is needed"));
    }
    let mut graph = Graph::of(source, given);
    let mut groups = Vec::new();
    for (number, group) in settings.output_groups.iter().enumerate() {
        let path = format!("outputGroups/{number}");
        let settings = group.settings.chosen().ok_or_else(|| {
            PlanError::at(
                &format!("{path}/outputGroupSettings"),
                "exactly the settings that `type` names are needed",
            )
        })?;
        groups.push(match settings {
            GroupSettings::Cmaf(cmaf) => GroupPlan::Cmaf(graph.cmaf(number, cmaf, &group.outputs, &path)?),
            GroupSettings::File(file) => {
                GroupPlan::Files(graph.files(number, file, &group.outputs, &path)?)
            }
        });
    }
    if graph.encoded.is_empty() {
        return Err(PlanError::at(
            "outputGroups",
            "a job of frame captures alone is refused: add an output with video or audio",
        ));
    }
    let (duration_s, frame_rate) = (source.duration_s, graph.frame_rate());
    Ok(Plan { arguments: graph.arguments(input)?, groups, duration_s, frame_rate })
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

#[cfg(test)]
mod tests;
