//! The tracks and thumbnail sheets of a CMAF group, and the names of their objects.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::segments::Segments;
use crate::plan::{ThumbnailPlan, TrackMedia, TrackPlan};

/// A track with its segments.
#[derive(Debug)]
pub(super) struct Track<'a> {
    pub(super) plan: &'a TrackPlan,
    /// The prefix of the names of its objects.
    pub(super) name: String,
    pub(super) segments: Segments,
}

impl Track<'_> {
    /// The extension of its objects, without the dot.
    pub(super) const fn extension(&self) -> &'static str {
        match self.plan.media {
            TrackMedia::Video { .. } => "cmfv",
            TrackMedia::Audio { .. } => "cmfa",
        }
    }

    pub(super) const fn media_type(&self) -> &'static str {
        match self.plan.media {
            TrackMedia::Video { .. } => "video/mp4",
            TrackMedia::Audio { .. } => "audio/mp4",
        }
    }

    /// The name of the initialisation segment.
    pub(super) fn init_name(&self) -> String {
        format!("{}init.{}", self.name, self.extension())
    }

    /// The name of a segment, counted from 1.
    pub(super) fn segment_name(&self, number: usize) -> String {
        format!("{}_{number:09}.{}", self.name, self.extension())
    }

    /// The durations of its segments in seconds.
    pub(super) fn durations_s(&self) -> Vec<f64> {
        self.segments.list.iter().map(|segment| self.segments.seconds(segment)).collect()
    }

    /// The track's member of `outputDetails`.
    pub(super) fn details(&self) -> Value {
        let milliseconds = (self.segments.duration_s() * 1000.0).round() as u64;
        match self.plan.media {
            TrackMedia::Video { size, .. } => json!({
                "durationInMs": milliseconds,
                "videoDetails": { "widthInPx": size.width, "heightInPx": size.height },
            }),
            TrackMedia::Audio { .. } => json!({ "durationInMs": milliseconds }),
        }
    }
}

/// The thumbnail sheets of a group.
#[derive(Debug)]
pub(super) struct Thumbnails<'a> {
    pub(super) plan: &'a ThumbnailPlan,
    /// The prefix of the names of its objects.
    pub(super) name: String,
    /// The length of each sheet in bytes.
    pub(super) sheets: Vec<u64>,
}

/// The duration of a group in seconds: that of its longest track.
pub(super) fn duration_s(tracks: &[Track<'_>]) -> f64 {
    tracks.iter().map(|track| track.segments.duration_s()).fold(0.0, f64::max)
}

/// A name as a relative URL. The result needs no escaping in XML or between quotes.
pub(super) fn url(name: &str) -> String {
    const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(name, &PLAIN).to_string()
}
