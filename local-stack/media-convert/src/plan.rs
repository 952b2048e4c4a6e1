//! A job's settings and what is known of its source in, one run of ffmpeg out, with all that will become of it.
//! Arithmetic and text alone: nothing is read or started here.
//!
//! The source is decoded once. Each output has a branch of the filter graph and an encoder of its own; segments and
//! files get short local names, and their own when they are packaged and sent.
//!
//! Reading order: [`plan`] below; `graph` (the run as it grows), `cmaf` and `files` (a group's part of it), `video`,
//! `audio` and `frame` (an output's arguments and size), `names` (where it goes).

mod arguments;
mod audio;
mod cmaf;
mod error;
mod example;
mod files;
mod frame;
mod graph;
mod model;
mod names;
mod video;

use super::media::Media;
use super::settings::{GroupSettings, JobSettings};
pub(crate) use arguments::guards;
pub(crate) use error::PlanError;
pub(crate) use example::example;
use graph::Graph;
pub(crate) use model::{CmafPlan, FilePlan, GroupPlan, Plan, TilesPlan, TrackMedia, TrackPlan};
pub(crate) use names::Base;

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

#[cfg(test)]
mod tests;
