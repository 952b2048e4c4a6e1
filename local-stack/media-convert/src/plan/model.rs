//! The plan of a job: one run of ffmpeg, and the files that it leaves.

use super::super::ratio::Ratio;
use super::super::size::Size;
use super::names::Base;

/// What will be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// ffmpeg's arguments, for a folder of its own as the working directory.
    pub(crate) arguments: Vec<String>,
    /// What will be there after it.
    pub(crate) groups: Vec<GroupPlan>,
    /// How long the source is, in seconds; 0 where it doesn't tell.
    pub(crate) duration_s: f64,
    /// The frame rate of the first output that is a video: its frames tell the progress.
    pub(crate) frame_rate: Option<Ratio>,
}

/// A group of outputs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupPlan {
    Cmaf(CmafPlan),
    Files(Vec<FilePlan>),
}

/// Tracks in segments under common manifests.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CmafPlan {
    pub(crate) base: Base,
    pub(crate) has_hls: bool,
    pub(crate) has_dash: bool,
    pub(crate) tracks: Vec<TrackPlan>,
    pub(crate) tiles: Option<TilesPlan>,
}

/// A track: `<local>init.mp4` and segments `<local>_000000001.m4s` and so on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrackPlan {
    pub(crate) local: String,
    pub(crate) modifier: String,
    pub(crate) kind: TrackMedia,
}

/// What a track shows or sounds like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TrackMedia {
    Video { size: Size, rate: Ratio },
    Audio { channels: u8, sample_rate: u32 },
}

/// Sheets of thumbnails: `<local>_000000001.jpg` and so on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TilesPlan {
    pub(crate) local: String,
    /// Of one thumbnail.
    pub(crate) size: Size,
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    /// From one thumbnail to the next, in seconds.
    pub(crate) interval_s: f64,
}

/// A file, or a series of pictures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FilePlan {
    pub(crate) local: String,
    pub(crate) base: Base,
    pub(crate) modifier: String,
    /// Without its dot.
    pub(crate) extension: String,
    pub(crate) size: Option<Size>,
    /// Whether it is pictures, `<local>.0000000.jpg` and so on, instead of `<local>.mp4`.
    pub(crate) is_captures: bool,
}
