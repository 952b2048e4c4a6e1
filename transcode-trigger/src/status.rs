//! `videos/<id>/status.json`: how far a video has come, for whoever polls it.

use serde::{Deserialize, Serialize};

use crate::cost::Cost;
use crate::plan::Rendition;

/// The version of the document's structure.
pub const SCHEMA: u32 = 1;

/// How far a video has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is claimed; nothing is known of it.
    Queued,
    /// It is looked at.
    Probing,
    /// The job is created.
    Transcoding,
    /// It can be played.
    Ready,
    /// It never will be, for a reason.
    Failed,
    /// Someone canceled the job.
    Canceled,
}

impl State {
    /// Whether nothing follows.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Probing | Self::Transcoding => false,
            Self::Ready | Self::Failed | Self::Canceled => true,
        }
    }

    /// A state never gives way to one of a lower rank. What can be played is the truth, even where the trigger
    /// had given up before it heard of it.
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
    /// [`SCHEMA`].
    pub schema: u32,
    /// The video's id.
    pub id: String,
    /// How far it has come.
    pub state: State,
    /// How much of the job is done, 0 to 100.
    pub percent: u8,
    /// When what the document tells of happened: RFC 3339 with milliseconds, in UTC.
    pub updated: String,
    /// What tells this run's files from those of another.
    pub run: String,
    /// The video as it was uploaded.
    pub source: SourceFacts,
    /// `MediaConvert`'s id of the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// What it costs, by estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostFacts>,
    /// Where everything is, once the video is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playback: Option<Playback>,
    /// How long the result is, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// The renditions for adaptive playback, by ascending size.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renditions: Vec<RenditionFacts>,
    /// `MediaConvert`'s warnings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Which of two documents is newer. Of no meaning for clients.
    pub order: Order,
}

/// A video as it was uploaded. What only a probe tells is absent before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceFacts {
    /// Its key.
    pub key: String,
    /// Its version, else its `ETag` without quotes.
    pub version: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its length in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// The width in pixels at which it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// The height, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Its frame rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames_per_second: Option<f64>,
    /// The codec of its video, in `MediaConvert`'s word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video_codec: Option<String>,
    /// The codec of its audio, in `MediaConvert`'s word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_codec: Option<String>,
}

/// An estimate of cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CostFacts {
    /// `USD`.
    pub currency: String,
    /// The amount.
    pub estimate: f64,
    /// The length of all outputs together, in minutes.
    pub output_minutes: f64,
}

impl From<Cost> for CostFacts {
    fn from(cost: Cost) -> Self {
        let (estimate, output_minutes) = (cost.dollars(), cost.output_minutes());
        Self { currency: "USD".to_owned(), estimate, output_minutes }
    }
}

/// Where everything is: paths on the CDN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Playback {
    /// The multivariant playlist of HLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hls: Option<String>,
    /// The manifest of DASH.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dash: Option<String>,
    /// The whole video in one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mp4: Option<String>,
    /// The frame to show before playing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
    /// All frames that were taken, in the order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posters: Vec<String>,
    /// The thumbnails' index, in WebVTT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiles: Option<String>,
}

/// One rendition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RenditionFacts {
    /// Its name.
    pub name: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Its codec.
    pub codec: String,
    /// Its highest bit rate, in bits a second, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bitrate: Option<u32>,
}

impl From<&Rendition> for RenditionFacts {
    fn from(rendition: &Rendition) -> Self {
        Self {
            name: rendition.name.clone(),
            width: rendition.size.width,
            height: rendition.size.height,
            codec: rendition.codec.name().to_owned(),
            max_bitrate: Some(rendition.max_bitrate),
        }
    }
}

/// A warning of `MediaConvert`'s, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The number.
    pub code: i64,
    /// How often it came.
    pub count: i64,
}

/// Why a video failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The reason's name.
    pub code: String,
    /// The reason in a sentence.
    pub message: String,
}

/// What decides which of two documents is newer, besides their states.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// When the object was written, in seconds since 1970.
    pub modified_s: i64,
    /// S3's `sequencer` of the event that brought the video, as [`crate::claim::sequence`] spells it.
    pub sequencer: String,
    /// When the video was claimed, in milliseconds since 1970.
    pub claimed_ms: i64,
    /// How often the trigger began anew after it had given up.
    pub run: u32,
    /// When what the document tells of happened, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Status {
    /// The newer of two documents of the same video: that of the newer object; then of the newer claim and run; then
    /// the one that is further. Whatever the order in which documents come, the last one standing is the same.
    #[must_use]
    pub fn newer(self, other: Self) -> Self {
        if other.standing() > self.standing() { other } else { self }
    }

    /// The percentage before the time, so that it never falls; the text at last, so that no two documents are on
    /// a par.
    fn standing(&self) -> impl PartialOrd + use<> {
        let Order { modified_s, sequencer, claimed_ms, run, at_ms } = self.order.clone();
        let text = serde_json::to_string(self).unwrap_or_default();
        (modified_s, sequencer, claimed_ms, run, self.state.rank(), self.percent, at_ms, text)
    }
}

#[cfg(test)]
mod tests;
