//! The parts of the status document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::{Cost, Rendition};

/// The uploaded video. A fact that only the probe finds out is absent before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceFacts {
    /// The object's key.
    pub key: String,
    /// The object's version id, or its `ETag` without quotes in a bucket without versioning.
    pub version: String,
    /// The size in bytes.
    pub bytes: u64,
    /// The keys of the captions, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub captions: BTreeMap<String, String>,
    /// The duration in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// Width of the displayed picture, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height of the displayed picture, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// The frame rate, in frames per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames_per_second: Option<f64>,
    /// The video codec's name in `MediaConvert`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video_codec: Option<String>,
    /// The audio codec's name in `MediaConvert`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_codec: Option<String>,
}

/// The estimated cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CostFacts {
    /// The currency: `USD`.
    pub currency: String,
    /// The amount in the currency.
    pub estimate: f64,
    /// The duration of all outputs together, in minutes.
    pub output_minutes: f64,
}

impl From<Cost> for CostFacts {
    fn from(cost: Cost) -> Self {
        let (estimate, output_minutes) = (cost.dollars(), cost.output_minutes());
        Self { currency: "USD".to_owned(), estimate, output_minutes }
    }
}

/// The results, as paths on the CDN.
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
    /// Sound alone in one file, if the source has no video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// The frame that a player displays before playback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
    /// All captured frames, in the order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posters: Vec<String>,
    /// The WebVTT index of the seek thumbnails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiles: Option<String>,
}

/// One rendition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RenditionFacts {
    /// The name, such as `720p`.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The codec's name.
    pub codec: String,
    /// The highest bit rate, in bits per second. `None` if `MediaConvert` chose it.
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

/// A warning of `MediaConvert`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The warning's number.
    pub code: i64,
    /// Number of times that it occurred.
    pub count: i64,
}

/// The reason of a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The reason's name, such as `too-long`.
    pub code: String,
    /// The reason as a sentence.
    pub message: String,
}
