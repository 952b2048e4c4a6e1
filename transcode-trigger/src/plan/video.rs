//! The outputs with video.

use cdn_config::video::VideoPolicy;

use super::ladder;
use super::rendition::{Rendition, Renditions};
use super::tiles::{self, Tiles};
use crate::source::{Size, VideoTrack};

/// Highest frame rate of an output, in frames per second. Viewers gain nothing from more.
const MAX_FRAMES_PER_SECOND: u32 = 60;

/// The frame rate of outputs of a source whose rate is unknown, in frames per second: the highest that is billed once.
pub(super) const ASSUMED_FRAMES_PER_SECOND: u32 = 30;

/// Number of posters, spread evenly over the duration from the first frame on.
const POSTERS: u32 = 4;

/// The outputs with video.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoPlan {
    /// The renditions for adaptive playback.
    pub renditions: Renditions,
    /// The whole video in one MP4 file. `None` if the policy has none.
    pub mp4: Option<Rendition>,
    /// The frame rate of all renditions.
    pub frame_rate: FrameRate,
    /// `true` if high dynamic range is mapped to standard dynamic range.
    pub maps_hdr: bool,
    /// The posters.
    pub posters: Posters,
    /// The seek thumbnails.
    pub tiles: Tiles,
}

/// The frame rate of renditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameRate {
    /// The frame rate of the source.
    OfSource,
    /// A number of frames per second.
    Specified(u32),
}

/// Single frames of a video, as JPEG files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posters {
    /// The size of each poster in pixels.
    pub size: Size,
    /// Number of posters. The first frame is one of them.
    pub count: u32,
    /// Time between two posters, in milliseconds; at least 1.
    pub interval_ms: u32,
}

impl VideoPlan {
    /// The outputs of a track. `None` if the picture is so long and narrow that no encoder accepts it.
    pub(super) fn new(track: &VideoTrack, duration_ms: u64, policy: &VideoPolicy) -> Option<Self> {
        let display_size = track.display_size();
        let ladder = ladder::ladder(display_size, &policy.rungs)?;
        let poster_size = ladder.last().map_or(display_size, |largest| largest.size);
        let renditions = match policy.automated_abr {
            Some(automated) => Renditions::Automated(automated),
            None => Renditions::Ladder(ladder),
        };
        Some(Self {
            renditions,
            mp4: ladder::mp4(display_size, &policy.rungs, policy.mp4_short_side),
            frame_rate: frame_rate(track.frames_per_second()),
            maps_hdr: track.is_hdr,
            posters: posters(poster_size, duration_ms),
            tiles: tiles::tiles(display_size, duration_ms),
        })
    }
}

fn frame_rate(frames_per_second: Option<f64>) -> FrameRate {
    match frames_per_second {
        None => FrameRate::Specified(ASSUMED_FRAMES_PER_SECOND),
        Some(rate) if rate > f64::from(MAX_FRAMES_PER_SECOND) => FrameRate::Specified(MAX_FRAMES_PER_SECOND),
        Some(_) => FrameRate::OfSource,
    }
}

fn posters(size: Size, duration_ms: u64) -> Posters {
    // MediaConvert expects the interval as a positive, signed number of 32 bits.
    let interval_ms = (duration_ms / u64::from(POSTERS)).clamp(1, i32::MAX as u64) as u32;
    Posters { size, count: POSTERS, interval_ms }
}
