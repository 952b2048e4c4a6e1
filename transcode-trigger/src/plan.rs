//! The outputs of a video, computed from the probed source and the operator's policy.

mod clip;

mod cost;

mod error;

mod ladder;

mod rendition;

mod sound;

mod tiles;

mod video;

use cdn_config::video::VideoPolicy;

use crate::captions::Captions;
use crate::source::{SourceVideo, VideoTrack};

pub use cost::Cost;
pub use error::PlanError;
pub use rendition::{MIN_SIDE, Rendition, Renditions};
pub use sound::SoundPlan;
pub use tiles::Tiles;
pub use video::{FrameRate, Posters, VideoPlan};

/// Index of the poster that players display: a quarter into the video, since many videos begin with black frames.
pub const DISPLAYED_POSTER: usize = 1;

/// Assumed data rate of a video of unknown duration, in bytes per second: 250,000 bits per second. The rate is low,
/// so that the duration and the cost are overestimated rather than underestimated.
const ASSUMED_BYTES_PER_SECOND: u64 = 31_250;

/// Assumed data rate of sound of unknown duration, in bytes per second: 32,000 bits per second.
const ASSUMED_SOUND_BYTES_PER_SECOND: u64 = 4_000;

/// All outputs of one video, or of a file with sound alone, and their cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The outputs with video. `None` if the source has sound alone, which becomes one file beside the audio rendition.
    pub video: Option<VideoPlan>,
    /// The sound of the outputs. `None` if the source has no audio. A plan has video, sound, or both.
    pub sound: Option<SoundPlan>,
    /// The captions of the adaptive outputs.
    pub captions: Vec<Captions>,
    /// The end of the transcoded part of the source, in whole seconds from its beginning. `None` if the part is longer
    /// than a timecode can express.
    pub clip_end_s: Option<u32>,
    /// The estimated cost, rather too high than too low.
    pub cost: Cost,
}

impl Plan {
    /// Plans the outputs of a source, without captions. Fails if the source can't be encoded, or if it exceeds a limit of the policy.
    pub fn new(source: &SourceVideo, policy: &VideoPolicy) -> Result<Self, PlanError> {
        let sound = source.audio.as_ref().map(|track| SoundPlan::new(track, policy));
        if source.video.is_none() && sound.is_none() {
            return Err(PlanError::NoTracks);
        }
        let display_size = source.video.as_ref().map(VideoTrack::display_size);
        if let Some(size) = display_size.filter(|size| size.short() < MIN_SIDE) {
            return Err(PlanError::TooSmall(size));
        }
        let bytes_per_second =
            if source.video.is_some() { ASSUMED_BYTES_PER_SECOND } else { ASSUMED_SOUND_BYTES_PER_SECOND };
        let duration_ms = source.duration_ms.unwrap_or(source.bytes * 1000 / bytes_per_second).max(1);
        let max_ms = u64::from(policy.max_minutes) * 60_000;
        if source.duration_ms.is_some_and(|duration_ms| duration_ms > max_ms) {
            return Err(PlanError::TooLong {
                minutes: duration_ms.div_ceil(60_000),
                max_minutes: policy.max_minutes,
            });
        }
        let (video, cost) = match &source.video {
            Some(track) => {
                let video = VideoPlan::new(track, duration_ms, policy)
                    .ok_or_else(|| PlanError::TooSmall(track.display_size()))?;
                let cost = cost::of_video(track, &video, sound.is_some(), duration_ms, policy.prices);
                (Some(video), cost)
            }
            None => (None, cost::of_sound(duration_ms, policy.prices)),
        };
        if cost.microdollars > u64::from(policy.max_cents) * 10_000 {
            return Err(PlanError::TooExpensive { cost, max_cents: policy.max_cents });
        }
        let clip_end_s = clip::end_s(source.duration_ms, duration_ms, cost, policy);
        Ok(Self { video, sound, captions: Vec::new(), clip_end_s, cost })
    }
}

#[cfg(test)]
mod tests;
