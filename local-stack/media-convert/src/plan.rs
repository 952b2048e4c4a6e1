//! Plans a job: from its settings and the properties of its source to one run of ffmpeg and the files that it leaves. Pure
//! functions without I/O.
//!
//! ffmpeg decodes the source once. Each output has a branch of the filter graph and its own encoder. Files have short
//! local names; packaging gives them their final names.
//!
//! Reading order: [`plan`] below; `model` (the plan), `command` (the ffmpeg command while outputs are added), `cmaf` and
//! `files` (the outputs of a group), `video`, `audio` and `frame` (arguments and size of an output), `destination` (keys).

mod arguments;
mod audio;
mod captions;
mod clip;
mod cmaf;
mod command;
mod destination;
mod error;
mod files;
mod frame;
mod model;
mod pad;
mod sample_source;
mod video;

use crate::media::Media;
use crate::settings::{GroupSettings, JobSettings};

pub(crate) use arguments::INPUT_RESTRICTIONS;
pub(crate) use destination::Destination;
pub(crate) use error::PlanError;
pub(crate) use model::{
    CaptionPlan, CmafPlan, FileKind, FilePlan, GroupPlan, Plan, ThumbnailPlan, TrackMedia, TrackPlan,
};
pub(crate) use sample_source::sample_source;

use command::Command;

/// Plans a job. `input` is the file or URL that ffmpeg reads.
pub(crate) fn plan(settings: &JobSettings, source: &Media, input: &str) -> Result<Plan, PlanError> {
    let [job_input] = settings.inputs.as_slice() else {
        return Err(PlanError::at("inputs", "a job must have exactly one input"));
    };
    if settings.output_groups.is_empty() {
        return Err(PlanError::at("outputGroups", "a job needs at least one output group"));
    }
    let mut command = Command::new(source, job_input)?;
    let mut groups = Vec::new();
    for (number, group) in settings.output_groups.iter().enumerate() {
        let path = format!("outputGroups/{number}");
        let kind = group.settings.kind().ok_or_else(|| {
            PlanError::at(
                &format!("{path}/outputGroupSettings"),
                "exactly the settings that `type` names are needed",
            )
        })?;
        groups.push(match kind {
            GroupSettings::Cmaf(cmaf) => {
                GroupPlan::Cmaf(cmaf::add(&mut command, number, cmaf, &group.outputs, &path)?)
            }
            GroupSettings::File(file) => {
                GroupPlan::Files(files::add(&mut command, number, file, &group.outputs, &path)?)
            }
        });
    }
    if command.encoded.is_empty() {
        return Err(PlanError::at(
            "outputGroups",
            "a job with only frame captures is refused: add an output with video or audio",
        ));
    }
    let (duration_s, frame_rate) = (command.duration_s(), command.frame_rate());
    Ok(Plan { arguments: command.into_arguments(input)?, groups, duration_s, frame_rate })
}

#[cfg(test)]
mod tests;
