//! What is made of a video: decided by arithmetic from what the probe tells and what the operator wants.

mod ladder;

mod tiles;

use cdn_config::video::{AutomatedAbr, VideoPolicy};

use crate::cost::{self, Cost};
use crate::source::{Size, Source};

pub use ladder::Rendition;
pub use tiles::Tiles;

/// The fewest pixels that `MediaConvert` encodes along a side.
const MIN_SIDE: u32 = 32;

/// Frames a second above which nothing is gained for viewers.
const MAX_FRAMES_PER_SECOND: f64 = 60.0;

/// How many posters there are, evenly over the duration from the first frame on.
const POSTERS: u32 = 4;

/// The poster that is shown: at a quarter of the duration, since many a video begins in black.
pub const SHOWN_POSTER: usize = 1;

/// What a byte of a video without a known duration is taken for: 250,000 bits a second, which is little, so that
/// the estimate is rather too high.
const BYTES_PER_SECOND_ASSUMED: u64 = 31_250;

/// All of what is made of one video.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The renditions for adaptive playback.
    pub renditions: Renditions,
    /// Bits a second of the audio rendition; none where the source has no audio.
    pub audio_bitrate: Option<u32>,
    /// The whole video in one file.
    pub mp4: Option<Rendition>,
    /// The frame rate of all of them.
    pub frame_rate: FrameRate,
    /// Whether brightness is mapped from high to standard dynamic range.
    pub maps_hdr: bool,
    /// Single frames.
    pub posters: Posters,
    /// Thumbnails for seeking.
    pub tiles: Tiles,
    /// What it will cost, at most.
    pub cost: Cost,
}

/// The renditions for adaptive playback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renditions {
    /// These, by ascending size; at least one.
    Ladder(Vec<Rendition>),
    /// As `MediaConvert` finds best.
    Automated(AutomatedAbr),
}

/// The frame rate of renditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameRate {
    /// The source's.
    OfSource,
    /// 60 frames a second, of a source that has more.
    Sixty,
}

/// Single frames of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posters {
    /// Their size.
    pub size: Size,
    /// How many, the first frame among them.
    pub count: u32,
    /// The time between two of them, in milliseconds; at least 1.
    pub interval_ms: u32,
}

/// Why no job is made of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has no video track.
    #[error("the file has no video track")]
    NoVideo,
    /// A side is too short to be encoded.
    #[error("the picture is {}×{} pixels; each side must have at least {MIN_SIDE}", .0.width, .0.height)]
    TooSmall(Size),
    /// It is longer than the operator allows.
    #[error("the video is {minutes} minutes long; at most {most} are taken")]
    TooLong {
        /// Its length in whole minutes, rounded up.
        minutes: u64,
        /// The most.
        most: u32,
    },
    /// It would cost more than the operator allows.
    #[error("transcoding would cost about {:.2} US dollars; at most {:.2} are spent on a video", .cost.dollars(), f64::from(*.most_cents) / 100.0)]
    TooExpensive {
        /// The estimate.
        cost: Cost,
        /// The cap, in cents.
        most_cents: u32,
    },
}

impl Refusal {
    /// The reason's name in the status document.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoVideo => "no-video",
            Self::TooSmall(_) => "too-small",
            Self::TooLong { .. } => "too-long",
            Self::TooExpensive { .. } => "too-expensive",
        }
    }
}

/// Decides what is made of a source, or why nothing is.
pub fn plan(source: &Source, policy: &VideoPolicy) -> Result<Plan, Refusal> {
    let video = source.video.as_ref().ok_or(Refusal::NoVideo)?;
    let shown = video.shown();
    if shown.short() < MIN_SIDE {
        return Err(Refusal::TooSmall(shown));
    }
    let duration_ms = source.duration_ms.unwrap_or(source.bytes * 1000 / BYTES_PER_SECOND_ASSUMED).max(1);
    let most_ms = u64::from(policy.max_minutes) * 60_000;
    if source.duration_ms.is_some_and(|length| length > most_ms) {
        return Err(Refusal::TooLong { minutes: duration_ms.div_ceil(60_000), most: policy.max_minutes });
    }
    let ladder = ladder::ladder(shown, &policy.rungs).ok_or(Refusal::TooSmall(shown))?;
    let largest = ladder.last().map_or(shown, |rendition| rendition.size);
    let mp4 = ladder::mp4(shown, &policy.rungs, policy.mp4_short_side);
    let frames_per_second = video.frames_per_second().unwrap_or(0.0);
    let mut plan = Plan {
        renditions: match policy.automated_abr {
            Some(automated) => Renditions::Automated(automated),
            None => Renditions::Ladder(ladder),
        },
        audio_bitrate: source.audio.as_ref().map(|_| policy.audio_bitrate),
        mp4,
        frame_rate: if frames_per_second > MAX_FRAMES_PER_SECOND {
            FrameRate::Sixty
        } else {
            FrameRate::OfSource
        },
        maps_hdr: video.is_hdr,
        posters: posters(largest, duration_ms),
        tiles: tiles::tiles(shown, duration_ms),
        cost: Cost::default(),
    };
    plan.cost = cost::estimate(&plan, shown, frames_per_second, duration_ms, policy.prices);
    if plan.cost.microdollars > u64::from(policy.max_cents) * 10_000 {
        return Err(Refusal::TooExpensive { cost: plan.cost, most_cents: policy.max_cents });
    }
    Ok(plan)
}

fn posters(size: Size, duration_ms: u64) -> Posters {
    // MediaConvert takes it as a positive number of 32 bits with a sign.
    let interval_ms = (duration_ms / u64::from(POSTERS)).clamp(1, i32::MAX as u64) as u32;
    Posters { size, count: POSTERS, interval_ms }
}

#[cfg(test)]
mod tests;
