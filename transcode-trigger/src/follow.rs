//! From a job's event to the document that tells of it.

use contract::key::Key;

use crate::claim::Claim;
use crate::job_event::{Change, JobEvent, Outputs, has_extension};
use crate::places::outputs;
use crate::status::{Failure, Playback, RenditionFacts, State, Status};

/// The document of a claim after an event of its job; none where the event changes nothing. Of what is ready,
/// `files` says what was found beside the outputs that the event names.
pub fn status(claim: &Claim, event: &JobEvent, files: &Files) -> Option<Status> {
    let in_state = |state| Status { job: Some(event.job.clone()), ..claim.status(state, event.at_ms) };
    match &event.change {
        Change::Progress(percent) => {
            // The end is told by another event.
            let percent = percent.unwrap_or(0).min(99);
            Some(Status { percent, ..in_state(State::Transcoding) })
        }
        Change::Complete(outputs) => Some(ready(claim, outputs, files, in_state(State::Ready))),
        Change::Failed { code, message } => {
            let error = Failure { code: "transcoding".to_owned(), message: format!("{code}: {message}") };
            Some(Status { error: Some(error), ..in_state(State::Failed) })
        }
        Change::Canceled => Some(in_state(State::Canceled)),
        Change::Other(_) => None,
    }
}

/// The files of a run that no event names, by their keys, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Single frames.
    pub posters: Vec<String>,
    /// Sheets of thumbnails.
    pub sheets: Vec<String>,
}

impl Files {
    /// What is among the keys of a run's folder.
    pub fn among(claim: &Claim, keys: Vec<String>) -> Self {
        let poster = format!("{}poster.", claim.names().folder());
        let mut pictures: Vec<_> = keys.into_iter().filter(|key| has_extension(key, "jpg")).collect();
        pictures.sort();
        let (posters, sheets) = pictures.into_iter().partition(|key| key.starts_with(&poster));
        Self { posters, sheets }
    }

    /// The sheets' names, without their folder: relative to the index beside them.
    pub fn sheet_names(&self) -> Vec<String> {
        let name = |key: &String| key.rsplit('/').next().unwrap_or_default().to_owned();
        self.sheets.iter().map(name).collect()
    }
}

fn ready(claim: &Claim, outputs: &Outputs, files: &Files, status: Status) -> Status {
    let by_extension = |urls: &[String], extension| {
        urls.iter().find(|url| has_extension(url, extension)).and_then(|url| path(url))
    };
    let names = claim.names();
    let playback = Playback {
        hls: by_extension(&outputs.playlists, "m3u8"),
        dash: by_extension(&outputs.playlists, "mpd"),
        mp4: by_extension(&outputs.files, "mp4"),
        poster: (!files.posters.is_empty()).then(|| format!("/{}", names.poster())),
        posters: files.posters.iter().map(|key| format!("/{key}")).collect(),
        tiles: (!files.sheets.is_empty()).then(|| format!("/{}", names.tiles())),
    };
    let renditions = if status.renditions.is_empty() { chosen(outputs) } else { status.renditions.clone() };
    Status {
        percent: 100,
        playback: Some(playback),
        duration_seconds: outputs.duration_ms.map(|ms| ms as f64 / 1000.0),
        renditions,
        warnings: outputs.warnings.clone(),
        ..status
    }
}

/// The renditions that `MediaConvert` chose itself.
fn chosen(outputs: &Outputs) -> Vec<RenditionFacts> {
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

/// The path on the CDN of an `s3://` URL; none for what isn't an output.
fn path(url: &str) -> Option<String> {
    let (_bucket, key) = url.strip_prefix("s3://")?.split_once('/')?;
    let key = Key::parse(key).ok().filter(|key| key.as_str().starts_with(&outputs()))?;
    Some(key.to_path())
}

#[cfg(test)]
mod tests;
