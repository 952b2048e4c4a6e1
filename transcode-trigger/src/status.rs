//! The status document of a video, `videos/<id>/status.json`, which clients poll.

mod facts;

use serde::{Deserialize, Serialize};

pub use facts::{CostFacts, Failure, Playback, RenditionFacts, SourceFacts, Warning};

/// Version of the document's structure.
pub const SCHEMA: u32 = 1;

/// The state of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VideoState {
    /// The video is claimed, and nothing is known of it yet.
    Queued,
    /// `MediaConvert` probes the file.
    Probing,
    /// The job is created.
    Transcoding,
    /// The video can be played.
    Ready,
    /// The video can't be transcoded.
    Failed,
    /// An operator canceled the job.
    Canceled,
}

impl VideoState {
    /// `true` if no other state follows.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Probing | Self::Transcoding => false,
            Self::Ready | Self::Failed | Self::Canceled => true,
        }
    }

    /// Rank of the state, 0 to 4. A state never replaces one of a higher rank. `Ready` has the highest, because a job
    /// can succeed after the trigger has given it up.
    const fn rank(self) -> u8 {
        match self {
            Self::Queued => 0,
            Self::Probing => 1,
            Self::Transcoding => 2,
            Self::Failed | Self::Canceled => 3,
            Self::Ready => 4,
        }
    }
}

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The document's structure: [`SCHEMA`].
    pub schema: u32,
    /// The video's id.
    pub id: String,
    /// The state of the video.
    pub state: VideoState,
    /// Progress of the job, 0 to 100 percent.
    pub percent: u8,
    /// The time at which the state or the progress was reached: RFC 3339 with milliseconds, in UTC.
    pub updated: String,
    /// The id of the run, which keeps its files apart from those of other runs.
    pub run: String,
    /// The uploaded video.
    pub source: SourceFacts,
    /// The job's id in `MediaConvert`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The estimated cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostFacts>,
    /// The paths of the results, once the video is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playback: Option<Playback>,
    /// Duration of the result, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// The renditions for adaptive playback, by ascending size.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renditions: Vec<RenditionFacts>,
    /// The warnings of `MediaConvert`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The reason of a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// The values that decide which of two documents is newer. They have no meaning for clients.
    pub order: Order,
}

/// The values that decide, together with the state, which of two documents is newer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The time at which the object was written, in seconds since 1970.
    pub modified_s: i64,
    /// The `sequencer` of the S3 event that announced the object, normalised.
    pub sequencer: String,
    /// The time of the first claim, in milliseconds since 1970.
    pub claimed_ms: i64,
    /// Number of the run. It grows by one each time the trigger starts again after it gave up.
    pub run: u32,
    /// The time at which the state or the progress was reached, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Status {
    /// The newer of two documents of the same video: the one of the newer object, then of the newer claim and run,
    /// then the one with more progress. The result does not depend on the order in which documents are compared.
    #[must_use]
    pub fn newer(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }

    /// The percentage comes before the time, so that it never falls. The text comes last, so that no two documents
    /// are equal.
    fn rank(&self) -> impl PartialOrd + use<> {
        let Order { modified_s, sequencer, claimed_ms, run, at_ms } = self.order.clone();
        let text = serde_json::to_string(self).unwrap_or_default();
        (modified_s, sequencer, claimed_ms, run, self.state.rank(), self.percent, at_ms, text)
    }
}

#[cfg(test)]
mod tests;
