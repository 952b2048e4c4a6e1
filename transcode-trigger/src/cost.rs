//! What a job will cost, estimated before it is made. `MediaConvert` bills normalised minutes: minutes of each
//! output, multiplied by factors for its size, frame rate, codec and number of passes. The factors here are rounded
//! up where the price list has finer steps, and prices are the operator's, so that an estimate errs on the high side.
//! See <https://aws.amazon.com/mediaconvert/pricing/>.

use cdn_config::video::{Prices, VideoCodec};

use crate::plan::{Plan, Rendition, Renditions};
use crate::source::Size;

/// The shortest output that is billed, in milliseconds.
const LEAST_MS: u64 = 10_000;

/// Short sides from which an output counts as high definition, and above which as ultra high definition.
const HIGH_DEFINITION: u32 = 720;
const ULTRA_HIGH_DEFINITION: u32 = 1080;

/// Frames a second above which an output counts twice.
const USUAL_FRAMES_PER_SECOND: f64 = 30.0;

/// An estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// In millionths of a US dollar.
    pub microdollars: u64,
    /// The length of all outputs together, in milliseconds.
    pub output_ms: u64,
}

impl Cost {
    /// In US dollars.
    pub fn dollars(&self) -> f64 {
        self.microdollars as f64 / 1e6
    }

    /// The length of all outputs together, in minutes.
    pub fn output_minutes(&self) -> f64 {
        self.output_ms as f64 / 60_000.0
    }
}

/// The cost of a plan for a picture that is shown so large, so fast and so long.
pub(crate) fn estimate(
    plan: &Plan,
    shown: Size,
    frames_per_second: f64,
    duration_ms: u64,
    prices: Prices,
) -> Cost {
    let rate = if frames_per_second > USUAL_FRAMES_PER_SECOND { 2 } else { 1 };
    // Mapping brightness is of the professional tier, and the tier is the whole job's.
    let is_professional = plan.maps_hdr || is_professional(&plan.renditions);
    let price = if is_professional { prices.professional_microdollars } else { prices.basic_microdollars };
    let mut factors: Vec<u64> = match &plan.renditions {
        Renditions::Ladder(renditions) => renditions.iter().map(|one| factor(one) * rate).collect(),
        // As many as there may be, as large as the source, in several passes.
        Renditions::Automated(automated) => {
            vec![size_factor(shown) * rate * 2; automated.max_renditions as usize]
        }
    };
    factors.extend(plan.mp4.iter().map(|one| factor(one) * rate));
    factors.extend(plan.audio_bitrate.map(|_| 1));
    let length_ms = duration_ms.max(LEAST_MS);
    let normalised_ms = factors.iter().sum::<u64>() * length_ms;
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
