//! The outputs of a video, computed from the probed source and the operator's policy.

mod clip;

mod cost;

mod error;

mod ladder;

mod rendition;

mod tiles;

use cdn_config::video::VideoPolicy;

use crate::source::{Size, SourceVideo};

pub use cost::Cost;
pub use error::PlanError;
pub use rendition::{MIN_SIDE, Rendition, Renditions};
pub use tiles::Tiles;

/// Highest frame rate of an output, in frames per second. Viewers gain nothing from more.
const MAX_FRAMES_PER_SECOND: u32 = 60;

/// The frame rate of outputs of a source whose rate is unknown, in frames per second: the highest that is billed once.
const ASSUMED_FRAMES_PER_SECOND: u32 = 30;

/// Number of posters, spread evenly over the duration from the first frame on.
const POSTERS: u32 = 4;

/// Index of the poster that players display: a quarter into the video, since many videos begin with black frames.
pub const DISPLAYED_POSTER: usize = 1;

/// Assumed data rate of a video of unknown duration, in bytes per second: 250,000 bits per second. The rate is low,
/// so that the duration and the cost are overestimated rather than underestimated.
const ASSUMED_BYTES_PER_SECOND: u64 = 31_250;

/// All outputs of one video, and their cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The renditions for adaptive playback.
    pub renditions: Renditions,
    /// Bit rate of the audio rendition, in bits per second. `None` if the source has no audio.
    pub audio_bitrate: Option<u32>,
    /// `true` if the first two audio tracks are the left and the right channel.
    pub joins_tracks: bool,
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
    /// The end of the transcoded part of the source, in whole seconds from its beginning. `None` if the part is longer
    /// than a timecode can express.
    pub clip_end_s: Option<u32>,
    /// The estimated cost, rather too high than too low.
    pub cost: Cost,
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

impl Plan {
    /// Plans the outputs of a source. Fails if the source can't be encoded, or if it exceeds a limit of the policy.
    pub fn new(source: &SourceVideo, policy: &VideoPolicy) -> Result<Self, PlanError> {
        let video = source.video.as_ref().ok_or(PlanError::NoVideo)?;
        let display_size = video.display_size();
        if display_size.short() < MIN_SIDE {
            return Err(PlanError::TooSmall(display_size));
        }
        let duration_ms = source.duration_ms.unwrap_or(source.bytes * 1000 / ASSUMED_BYTES_PER_SECOND).max(1);
        let max_ms = u64::from(policy.max_minutes) * 60_000;
        if source.duration_ms.is_some_and(|duration_ms| duration_ms > max_ms) {
            return Err(PlanError::TooLong {
                minutes: duration_ms.div_ceil(60_000),
                max_minutes: policy.max_minutes,
            });
        }
        let ladder = ladder::ladder(display_size, &policy.rungs).ok_or(PlanError::TooSmall(display_size))?;
        let poster_size = ladder.last().map_or(display_size, |largest| largest.size);
        let renditions = match policy.automated_abr {
            Some(automated) => Renditions::Automated(automated),
            None => Renditions::Ladder(ladder),
        };
        let audio_bitrate = source.audio.as_ref().map(|_| policy.audio_bitrate);
        let mp4 = ladder::mp4(display_size, &policy.rungs, policy.mp4_short_side);
        let frames_per_second = video.frames_per_second().unwrap_or(f64::from(ASSUMED_FRAMES_PER_SECOND));
        let billed = cost::Billed {
            renditions: &renditions,
            mp4: mp4.as_ref(),
            has_audio: audio_bitrate.is_some(),
            maps_hdr: video.is_hdr,
            display_size,
            frames_per_second,
            duration_ms,
        };
        let cost = cost::estimate(&billed, policy.prices);
        if cost.microdollars > u64::from(policy.max_cents) * 10_000 {
            return Err(PlanError::TooExpensive { cost, max_cents: policy.max_cents });
        }
        Ok(Self {
            renditions,
            audio_bitrate,
            joins_tracks: source.audio.as_ref().is_some_and(|audio| audio.has_right_track),
            mp4,
            frame_rate: frame_rate(video.frames_per_second()),
            maps_hdr: video.is_hdr,
            posters: posters(poster_size, duration_ms),
            tiles: tiles::tiles(display_size, duration_ms),
            clip_end_s: clip::end_s(source.duration_ms, duration_ms, cost, policy),
            cost,
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

#[cfg(test)]
mod tests;
