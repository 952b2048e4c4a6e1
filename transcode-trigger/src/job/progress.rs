//! The status of a video after an event of its job.

use contract::key::Key;

use crate::claim::Claim;
use crate::job::event::{JobChange, JobEvent, JobOutputs, has_extension};
use crate::keys::outputs;
use crate::status::{Failure, Playback, RenditionFacts, Status, VideoState};

/// The status document of a claim after an event of its job. `None` if the event changes nothing. `files` are the
/// files that the event does not name; they matter once the job has succeeded.
pub fn status_after(claim: &Claim, event: &JobEvent, files: &RunFiles) -> Option<Status> {
    let in_state = |state| Status { job: Some(event.job.clone()), ..claim.status(state, event.at_ms) };
    match &event.change {
        JobChange::Progress(percent) => {
            // Another event reports the end of the job.
            let percent = percent.unwrap_or(0).min(99);
            Some(Status { percent, ..in_state(VideoState::Transcoding) })
        }
        JobChange::Complete(outputs) => Some(ready(claim, outputs, files, in_state(VideoState::Ready))),
        JobChange::Failed { code, message } => {
            let error = Failure { code: "transcoding".to_owned(), message: format!("{code}: {message}") };
            Some(Status { error: Some(error), ..in_state(VideoState::Failed) })
        }
        JobChange::Canceled => Some(in_state(VideoState::Canceled)),
        JobChange::Other(_) => None,
    }
}

/// The files of a run that no event names: their keys, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFiles {
    /// The posters.
    pub posters: Vec<String>,
    /// The sheets of seek thumbnails.
    pub sheets: Vec<String>,
}

impl RunFiles {
    /// Selects the files from the keys of a run's folder.
    pub fn from_keys(claim: &Claim, keys: Vec<String>) -> Self {
        let poster = format!("{}poster.", claim.keys().folder());
        let mut pictures: Vec<_> = keys.into_iter().filter(|key| has_extension(key, "jpg")).collect();
        pictures.sort();
        let (posters, sheets) = pictures.into_iter().partition(|key| key.starts_with(&poster));
        Self { posters, sheets }
    }

    /// The names of the sheets without their folder. The index lies in the same folder and refers to them by name.
    pub fn sheet_names(&self) -> Vec<String> {
        let name = |key: &String| key.rsplit('/').next().unwrap_or_default().to_owned();
        self.sheets.iter().map(name).collect()
    }
}

fn ready(claim: &Claim, outputs: &JobOutputs, files: &RunFiles, status: Status) -> Status {
    let by_extension = |urls: &[String], extension| {
        urls.iter().find(|url| has_extension(url, extension)).and_then(|url| path(url))
    };
    let keys = claim.keys();
    let playback = Playback {
        hls: by_extension(&outputs.playlists, "m3u8"),
        dash: by_extension(&outputs.playlists, "mpd"),
        mp4: by_extension(&outputs.files, "mp4"),
        audio: by_extension(&outputs.files, "m4a"),
        poster: (!files.posters.is_empty()).then(|| format!("/{}", keys.poster())),
        posters: files.posters.iter().map(|key| format!("/{key}")).collect(),
        tiles: (!files.sheets.is_empty()).then(|| format!("/{}", keys.tiles())),
    };
    let renditions =
        if status.renditions.is_empty() { automated_renditions(outputs) } else { status.renditions.clone() };
    Status {
        percent: 100,
        playback: Some(playback),
        duration_seconds: outputs.duration_ms.map(|ms| ms as f64 / 1000.0),
        renditions,
        warnings: outputs.warnings.clone(),
        ..status
    }
}

/// The renditions that `MediaConvert` chose.
fn automated_renditions(outputs: &JobOutputs) -> Vec<RenditionFacts> {
    let mut sizes = outputs.adaptive_sizes.clone();
    sizes.sort_unstable();
    let facts = |(width, height): (u32, u32)| RenditionFacts {
        name: format!("{}p", width.min(height)),
        width,
        height,
        codec: "h264".to_owned(),
        max_bitrate: None,
    };
    sizes.into_iter().map(facts).collect()
}

/// The path on the CDN of an `s3://` URL. `None` if the object is not an output.
fn path(url: &str) -> Option<String> {
    let (_bucket, key) = url.strip_prefix("s3://")?.split_once('/')?;
    let key =
        Key::parse(key).ok().filter(|key| outputs().iter().any(|prefix| key.as_str().starts_with(prefix)))?;
    Some(key.to_path())
}

#[cfg(test)]
mod tests;
