//! The plan of a job.

use super::destination::Destination;
use crate::ratio::Ratio;
use crate::size::Size;

/// One run of ffmpeg and the files that it leaves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// ffmpeg's arguments. The working directory of the run is an empty folder.
    pub(crate) arguments: Vec<String>,
    /// The files that ffmpeg leaves, by output group.
    pub(crate) groups: Vec<GroupPlan>,
    /// Duration of the source in seconds; 0 if it is unknown.
    pub(crate) duration_s: f64,
    /// Frame rate of the first video output, whose frames ffmpeg counts as its progress.
    pub(crate) frame_rate: Option<Ratio>,
}

impl Plan {
    /// The captions of all groups.
    pub(crate) fn captions(&self) -> impl Iterator<Item = &CaptionPlan> {
        self.groups.iter().flat_map(|group| match group {
            GroupPlan::Cmaf(cmaf) => cmaf.captions.as_slice(),
            GroupPlan::Files(_) => &[],
        })
    }
}

/// An output group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupPlan {
    Cmaf(CmafPlan),
    Files(Vec<FilePlan>),
}

/// Tracks of segments with common manifests.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CmafPlan {
    pub(crate) destination: Destination,
    pub(crate) has_hls: bool,
    pub(crate) has_dash: bool,
    pub(crate) tracks: Vec<TrackPlan>,
    pub(crate) captions: Vec<CaptionPlan>,
    pub(crate) thumbnails: Option<ThumbnailPlan>,
}

/// A track: the local files `<local>init.mp4`, `<local>_000000001.m4s` and so on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrackPlan {
    pub(crate) local: String,
    pub(crate) modifier: String,
    pub(crate) media: TrackMedia,
}

/// The media of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TrackMedia {
    /// Video with a size and a frame rate in frames per second.
    Video { size: Size, rate: Ratio },
    /// Audio with a number of channels and a sample rate in hertz.
    Audio { channels: u8, sample_rate: u32 },
}

/// Captions in WebVTT: the local file `<local>.vtt`, a copy of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CaptionPlan {
    pub(crate) local: String,
    pub(crate) modifier: String,
    /// The S3 URL of the object.
    pub(crate) source: String,
    /// The tag of the language (RFC 5646).
    pub(crate) language: String,
    /// The name of the language for viewers.
    pub(crate) label: String,
}

impl CaptionPlan {
    /// The name of the local file.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.vtt", self.local)
    }
}

/// Sheets of thumbnails: the local files `<local>_000000001.jpg` and so on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ThumbnailPlan {
    pub(crate) local: String,
    /// Size of one thumbnail.
    pub(crate) size: Size,
    /// Thumbnails in a row of a sheet.
    pub(crate) columns: u32,
    /// Rows of a sheet.
    pub(crate) rows: u32,
    /// Seconds between two thumbnails.
    pub(crate) interval_s: f64,
}

/// A file or a series of pictures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FilePlan {
    pub(crate) local: String,
    pub(crate) destination: Destination,
    pub(crate) modifier: String,
    /// Extension of the object's name, without the dot.
    pub(crate) extension: String,
    /// Size of the video or the pictures.
    pub(crate) size: Option<Size>,
    pub(crate) kind: FileKind,
}

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// The local file `<local>.mp4`.
    Movie,
    /// Pictures, one in each interval: the local files `<local>.0000000.jpg` and so on.
    Captures {
        /// Time between two pictures in milliseconds.
        interval_ms: u64,
    },
}
