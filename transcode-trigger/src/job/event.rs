//! Job events of `MediaConvert`, as EventBridge delivers them (`MediaConvert Job State Change`). See
//! <https://docs.aws.amazon.com/mediaconvert/latest/ug/ev_status_complete.html> and its neighbours.

use serde::Deserialize;
use serde_json::Value;

use crate::status::Warning;

/// The `detail-type` of the events.
pub const DETAIL_TYPE: &str = "MediaConvert Job State Change";

/// The member of a job's `userMetadata` that contains the claim's id.
pub const CLAIM: &str = "claim";

/// An event of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobEvent {
    /// The id of the job's claim. `None` for a job that the trigger did not create.
    pub claim: Option<String>,
    /// The job's id.
    pub job: String,
    /// The time of the event, in milliseconds since 1970.
    pub at_ms: i64,
    /// The change of the job.
    pub change: JobChange,
}

/// A change of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum JobChange {
    /// The job runs. The event may contain its progress, 0 to 100 percent.
    Progress(Option<u8>),
    /// The job has succeeded.
    Complete(JobOutputs),
    /// The job has failed.
    Failed {
        /// The error's number in `MediaConvert`.
        code: i64,
        /// The error's message.
        message: String,
    },
    /// An operator canceled the job.
    Canceled,
    /// An event that changes no state: its `status`.
    Other(String),
}

/// The files that a job wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobOutputs {
    /// The `s3://` URLs of playlists and manifests, in any order.
    pub playlists: Vec<String>,
    /// The `s3://` URLs of single files.
    pub files: Vec<String>,
    /// Width and height in pixels of each output in a group with playlists.
    pub adaptive_sizes: Vec<(u32, u32)>,
    /// Duration of the longest output, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Duration of the longest output with video and without sound, in milliseconds: the duration of the picture. `None` if
    /// there is no such output.
    pub picture_ms: Option<u64>,
    /// The warnings of `MediaConvert`.
    pub warnings: Vec<Warning>,
}

impl JobEvent {
    /// Reads an event from its `detail`. Members that the trigger does not use may be absent or of any type.
    pub fn parse(detail: &Value) -> Result<Self, serde_json::Error> {
        let detail = Detail::deserialize(detail)?;
        let progress = detail.job_progress.and_then(|progress| progress.job_percent_complete);
        let change = match detail.status.as_str() {
            "PROGRESSING" | "STATUS_UPDATE" => {
                JobChange::Progress(progress.map(|percent| percent.clamp(0.0, 100.0) as u8))
            }
            "COMPLETE" => JobChange::Complete(outputs(detail.output_group_details, detail.warnings)),
            "ERROR" => JobChange::Failed {
                code: detail.error_code.unwrap_or_default(),
                message: detail.error_message.unwrap_or_default(),
            },
            "CANCELED" => JobChange::Canceled,
            _ => JobChange::Other(detail.status),
        };
        let claim = detail.user_metadata.and_then(|metadata| Some(metadata.get(CLAIM)?.as_str()?.to_owned()));
        let claim = claim.filter(|claim| is_claim(claim));
        Ok(Self { claim, job: detail.job_id, at_ms: detail.timestamp, change })
    }
}

/// `true` if a text has the form of a claim's id. Nothing else may become part of a key.
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
    output_details: Vec<OutputDetail>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OutputDetail {
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

fn outputs(groups: Vec<Group>, warnings: Vec<Warning>) -> JobOutputs {
    let mut found = JobOutputs { warnings, ..JobOutputs::default() };
    for group in groups {
        let is_adaptive = !group.playlist_file_paths.is_empty();
        found.playlists.extend(group.playlist_file_paths);
        for output in group.output_details {
            // The reported duration of captured frames is not the duration of the video.
            let is_frames = output.output_file_paths.iter().any(|path| has_extension(path, "jpg"));
            if !is_frames {
                found.duration_ms = found.duration_ms.max(output.duration_in_ms);
            }
            found.files.extend(output.output_file_paths);
            if let Some(Video { width_in_px: Some(width), height_in_px: Some(height) }) = output.video_details
                && is_adaptive
            {
                found.adaptive_sizes.push((width, height));
                // Sound has outputs of its own in this group.
                found.picture_ms = found.picture_ms.max(output.duration_in_ms);
            }
        }
    }
    found
}

/// `true` if a path ends with a dot and this extension, in upper or lower case.
pub fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests;
