//! A job's settings as `MediaConvert` takes them, as far as ffmpeg executes them here. Whatever isn't declared in these
//! types is refused by its name, and so is a value that isn't: nothing is passed over in silence.
//!
//! Some settings are taken and change nothing: those that say how AWS bills, queues or signals, or whose value is
//! what ffmpeg does anyway. They are declared with the values for which that is true.

mod audio;
mod coding;
mod error;
mod fixed;
mod group;
mod input;
mod job;
mod video;

use serde_json::Value;

pub(crate) use audio::AudioDescription;
pub(crate) use coding::{
    FrameRateControl, GopUnits, H26xSettings, Profile, RateControl, SceneChange, Tuning,
};
pub(crate) use error::SettingsError;
pub(crate) use group::{
    CmafGroupSettings, Container, FileGroupSettings, GroupSettings, Output, Switch, TrickPlay,
};
pub(crate) use input::{Input, Rotate};
pub(crate) use job::{CreateJob, JobSettings};
pub(crate) use video::{Codec, ColorConversion, Scaling, VideoDescription};

/// The longest token of a request, in characters (the API reference of `CreateJob`).
const MAX_TOKEN: usize = 64;

/// Reads the body of a `CreateJob` request. The error names the first member that is not accepted.
pub(crate) fn read(body: &Value) -> Result<CreateJob, SettingsError> {
    let refused = |path: &str, sentence: String| SettingsError { path: path.to_owned(), sentence };
    let job: CreateJob = serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        refused(&path.trim_matches('.').replace('.', "/"), error.inner().to_string())
    })?;
    let token = job.client_request_token.as_deref().unwrap_or_default();
    if token.len() > MAX_TOKEN || !token.is_ascii() {
        return Err(refused("clientRequestToken", format!("at most {MAX_TOKEN} ASCII characters")));
    }
    if !(-50..=50).contains(&job.priority) {
        return Err(refused("priority", "-50 to 50".to_owned()));
    }
    Ok(job)
}

#[cfg(test)]
mod tests;
