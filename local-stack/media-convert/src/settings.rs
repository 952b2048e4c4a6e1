//! The settings of a job, as far as this endpoint implements `MediaConvert`'s. A setting or value that these types do not
//! declare is refused by its name; no setting is ignored silently.
//!
//! Some settings have no effect here: settings of billing, queues and signalling, and settings whose accepted values
//! describe what ffmpeg does anyway. Their fields begin with an underscore, and their types list the values for which
//! having no effect is correct.

mod audio;
mod captions;
mod clipping;
mod error;
mod fixed;
mod group;
mod h26x;
mod input;
mod job;
mod output;
mod video;

use serde_json::Value;

pub(crate) use audio::AudioDescription;
pub(crate) use captions::CaptionDescription;
pub(crate) use error::SettingsError;
pub(crate) use group::{CmafGroupSettings, FileGroupSettings, GroupSettings, Switch, TrickPlay};
pub(crate) use h26x::{FrameRateControl, GopUnits, H26xSettings, Profile, RateControl, SceneChange, Tuning};
pub(crate) use input::{Input, PadVideo, Rotate, TimecodeSource};
pub(crate) use job::{CreateJob, JobSettings};
pub(crate) use output::{Container, Output};
pub(crate) use video::{Codec, ColorConversion, FrameCaptureSettings, Scaling, VideoDescription};

/// Maximum length of `clientRequestToken` in characters (API reference of `CreateJob`).
const MAX_TOKEN_LENGTH: usize = 64;

/// Reads the body of a `CreateJob` request. The error names a member that is not accepted.
pub(crate) fn read(body: &Value) -> Result<CreateJob, SettingsError> {
    let refused = |path: &str, sentence: String| SettingsError { path: path.to_owned(), sentence };
    let job: CreateJob = serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        refused(&path.trim_matches('.').replace('.', "/"), error.inner().to_string())
    })?;
    let token = job.client_request_token.as_deref().unwrap_or_default();
    if token.len() > MAX_TOKEN_LENGTH || !token.is_ascii() {
        return Err(refused("clientRequestToken", format!("at most {MAX_TOKEN_LENGTH} ASCII characters")));
    }
    if !(-50..=50).contains(&job.priority) {
        return Err(refused("priority", "-50 to 50".to_owned()));
    }
    Ok(job)
}

#[cfg(test)]
mod tests;
