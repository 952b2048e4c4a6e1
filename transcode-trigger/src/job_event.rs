//! What `MediaConvert` says of a job: `MediaConvert Job State Change` of EventBridge. See
//! <https://docs.aws.amazon.com/mediaconvert/latest/ug/ev_status_complete.html> and its neighbours.

use serde::Deserialize;
use serde_json::Value;

use crate::status::Warning;

/// The event's `detail-type`.
pub const DETAIL_TYPE: &str = "MediaConvert Job State Change";

/// The member of `userMetadata` that holds the claim's id.
pub const CLAIM: &str = "claim";

/// A job's event.
#[derive(Clone, Debug, PartialEq)]
pub struct JobEvent {
    /// The claim that the job was made for; none for a job of someone else's.
    pub claim: Option<String>,
    /// The job's id.
    pub job: String,
    /// When it happened, in milliseconds since 1970.
    pub at_ms: i64,
    /// What happened.
    pub change: Change,
}

/// What happened to a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It goes on, and is so many percent done, where that is said.
    Progress(Option<u8>),
    /// It is done.
    Complete(Outputs),
    /// It failed.
    Failed {
        /// `MediaConvert`'s number.
        code: i64,
        /// Its message.
        message: String,
    },
    /// Someone canceled it.
    Canceled,
    /// Something that changes no state.
    Other(String),
}

/// What a job wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outputs {
    /// `s3://` URLs of playlists and manifests, in any order.
    pub playlists: Vec<String>,
    /// `s3://` URLs of whole files.
    pub files: Vec<String>,
    /// Width and height in pixels of the outputs of groups with playlists.
    pub adaptive_sizes: Vec<(u32, u32)>,
    /// The longest of the outputs, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Warnings.
    pub warnings: Vec<Warning>,
}

impl JobEvent {
    /// The event whose `detail` this is. What isn't needed may be absent or of any type.
    pub fn parse(detail: &Value) -> Result<Self, serde_json::Error> {
        let detail = Detail::deserialize(detail)?;
        let progress = detail.job_progress.and_then(|progress| progress.job_percent_complete);
        let change = match detail.status.as_str() {
            "PROGRESSING" | "STATUS_UPDATE" => {
                Change::Progress(progress.map(|percent| percent.clamp(0.0, 100.0) as u8))
            }
            "COMPLETE" => Change::Complete(outputs(detail.output_group_details, detail.warnings)),
            "ERROR" => Change::Failed {
                code: detail.error_code.unwrap_or_default(),
                message: detail.error_message.unwrap_or_default(),
            },
            "CANCELED" => Change::Canceled,
            _ => Change::Other(detail.status),
        };
        let claim = detail.user_metadata.and_then(|metadata| Some(metadata.get(CLAIM)?.as_str()?.to_owned()));
        let claim = claim.filter(|claim| is_claim(claim));
        Ok(Self { claim, job: detail.job_id, at_ms: detail.timestamp, change })
    }
}

/// Whether a text is a claim's id, so that nothing else gets into a key.
fn is_claim(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    #[serde(default)]
    timestamp: i64,
    job_id: String,
    status: String,
    #[serde(default)]
    user_metadata: Option<Value>,
    #[serde(default)]
    job_progress: Option<Progress>,
    #[serde(default)]
    error_code: Option<i64>,
    #[serde(default)]
    error_message: Option<String>,
    #[serde(default)]
    output_group_details: Vec<Group>,
    #[serde(default)]
    warnings: Vec<Warning>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    job_percent_complete: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    #[serde(default)]
    playlist_file_paths: Vec<String>,
    #[serde(default)]
    output_details: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default)]
    output_file_paths: Vec<String>,
    #[serde(default)]
    duration_in_ms: Option<u64>,
    #[serde(default)]
    video_details: Option<Video>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Video {
    width_in_px: Option<u32>,
    height_in_px: Option<u32>,
}

fn outputs(groups: Vec<Group>, warnings: Vec<Warning>) -> Outputs {
    let mut found = Outputs { warnings, ..Outputs::default() };
    for group in groups {
        let is_adaptive = !group.playlist_file_paths.is_empty();
        found.playlists.extend(group.playlist_file_paths);
        for output in group.output_details {
            // Frames are taken of a clip whose length says nothing of the video's.
            let is_frames = output.output_file_paths.iter().any(|path| has_extension(path, "jpg"));
            if !is_frames {
                found.duration_ms = found.duration_ms.max(output.duration_in_ms);
            }
            found.files.extend(output.output_file_paths);
            if let Some(Video { width_in_px: Some(width), height_in_px: Some(height) }) = output.video_details
                && is_adaptive
            {
                found.adaptive_sizes.push((width, height));
            }
        }
    }
    found
}

/// Whether a path ends in a dot and this extension, in whatever case.
pub fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests;
