//! The cost of a job, estimated before the job is created. `MediaConvert` bills normalised minutes: the minutes of
//! each output, multiplied by factors for its size, frame rate, codec and number of passes. Where the price list has
//! finer steps, the factors here are rounded up, so the estimate is too high rather than too low. The operator
//! configures the prices. See <https://aws.amazon.com/mediaconvert/pricing/>.

use cdn_config::video::{Prices, VideoCodec};

use super::rendition::{Rendition, Renditions};
use super::video::{ASSUMED_FRAMES_PER_SECOND, VideoPlan};
use crate::source::{Size, VideoTrack};

/// Shortest duration that is billed for an output, in milliseconds.
pub(super) const MIN_BILLED_MS: u64 = 10_000;

/// Short side, in pixels, from which an output is billed as high definition.
const HIGH_DEFINITION: u32 = 720;

/// Short side, in pixels, above which an output is billed as ultra high definition.
const ULTRA_HIGH_DEFINITION: u32 = 1080;

/// Frame rate, in frames per second, above which an output is billed twice.
const SINGLE_RATE_FRAMES_PER_SECOND: f64 = 30.0;

/// An estimated cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Millionths of a US dollar.
    pub microdollars: u64,
    /// The duration of all outputs together, in milliseconds.
    pub output_ms: u64,
}

impl Cost {
    /// The cost in US dollars.
    pub fn dollars(&self) -> f64 {
        self.microdollars as f64 / 1e6
    }

    /// The duration of all outputs together, in minutes.
    pub fn output_minutes(&self) -> f64 {
        self.output_ms as f64 / 60_000.0
    }
}

/// Estimates the cost of a job for a video.
pub(super) fn of_video(
    track: &VideoTrack,
    plan: &VideoPlan,
    has_sound: bool,
    duration_ms: u64,
    prices: Prices,
) -> Cost {
    let frames_per_second = track.frames_per_second().unwrap_or(f64::from(ASSUMED_FRAMES_PER_SECOND));
    let rate_factor = if frames_per_second > SINGLE_RATE_FRAMES_PER_SECOND { 2 } else { 1 };
    // Tone mapping needs the professional tier, and a job has one tier for all of its outputs.
    let is_professional = plan.maps_hdr || is_professional(&plan.renditions);
    let price = if is_professional { prices.professional_microdollars } else { prices.basic_microdollars };
    let mut factors: Vec<u64> = match &plan.renditions {
        Renditions::Ladder(renditions) => renditions.iter().map(|one| factor(one) * rate_factor).collect(),
        // The worst case: the highest number of renditions, each as large as the source, encoded in several passes.
        Renditions::Automated(automated) => {
            vec![size_factor(track.display_size()) * rate_factor * 2; automated.max_renditions as usize]
        }
    };
    factors.extend(plan.mp4.iter().map(|one| factor(one) * rate_factor));
    if has_sound {
        factors.push(1);
    }
    total(&factors, duration_ms, price)
}

/// Estimates the cost of a job for sound alone: the audio rendition and one file. An output without video is billed at most as
/// one of standard definition.
pub(super) fn of_sound(duration_ms: u64, prices: Prices) -> Cost {
    total(&[1, 1], duration_ms, prices.basic_microdollars)
}

/// The cost of outputs with these factors. `price` is that of a normalised minute, in millionths of a US dollar.
fn total(factors: &[u64], duration_ms: u64, price: u32) -> Cost {
    let normalised_ms = factors.iter().sum::<u64>() * duration_ms.max(MIN_BILLED_MS);
    Cost {
        microdollars: (normalised_ms * u64::from(price)).div_ceil(60_000),
        output_ms: factors.len() as u64 * duration_ms,
    }
}

fn is_professional(renditions: &Renditions) -> bool {
    match renditions {
        Renditions::Ladder(renditions) => renditions.iter().any(|one| one.codec == VideoCodec::Hevc),
        Renditions::Automated(_) => true,
    }
}

fn factor(rendition: &Rendition) -> u64 {
    let codec = match rendition.codec {
        VideoCodec::H264 => 1,
        VideoCodec::Hevc => 2,
    };
    size_factor(rendition.size) * codec
}

fn size_factor(size: Size) -> u64 {
    match size.short() {
        short if short < HIGH_DEFINITION => 1,
        short if short <= ULTRA_HIGH_DEFINITION => 2,
        _ => 4,
    }
}
