//! A request as a paragraph: probe, plan, decode, transform, encode.

use std::time::Duration;

use contract::format::Format;
use contract::variant::Variant;

use crate::animation;
use crate::decode::decode;
use crate::encode::credit::credited;
use crate::encode::encode;
use crate::error::Error;
use crate::pixels::{Pixels, Size};
use crate::plan::Plan;
use crate::plan::cost::admit_memory;
use crate::planar::{self, Planar};
use crate::preview::settle;
use crate::settings::Settings;
use crate::source::Source;
use crate::source::info::SourceInfo;
use crate::steps::blur::blur;
use crate::steps::color::to_srgb;
use crate::steps::flatten::flatten;
use crate::steps::orient::orient;
use crate::steps::pad::pad;
use crate::steps::scale::scale;
use crate::steps::sharpen::sharpen;
use crate::stopwatch::{Step, Stopwatch};

/// A variant, made.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// How long each step took.
    pub laps: Vec<(Step, Duration)>,
}

/// Makes `variant` of the file in `bytes`. Fails with what is wrong about the source, the limit that it
/// exceeds, or the deadline of `watch`.
pub fn render(
    bytes: &[u8],
    variant: &Variant,
    settings: &Settings,
    mut watch: Stopwatch,
) -> Result<Encoded, Error> {
    let source = Source::open(bytes, &settings.limits)?;
    let source = source.info();
    source.admit_frame(variant.frame())?;
    let variant = settle(bytes, source, variant, settings, &mut watch)?;
    let plan = Plan::new(source, &variant, settings);
    admit_memory(&settings.limits, plan.peak_bytes(bytes.len() as u64))?;
    watch.lap(Step::Plan)?;

    let (encoded, size) = if plan.is_animated {
        animation::render(bytes, source, &plan, &mut watch)?
    } else if let Some(planar) = plan.planar.filter(|planar| planar.is_to_the_end()) {
        by_planes(bytes, source, &plan, planar, &mut watch)?
    } else {
        let pixels = picture(bytes, source, &plan, &mut watch)?;
        (encode(&pixels, &plan)?, pixels.size)
    };
    let encoded = credited(encoded, plan.format, bytes, settings.keeps_credit)?;
    let bytes = if plan.may_serve_source && bytes.len() < encoded.len() { bytes.to_vec() } else { encoded };
    watch.lap(Step::Encode)?;

    let (width, height) = (size.width(), size.height());
    Ok(Encoded { bytes, format: plan.format, width, height, laps: watch.into_laps() })
}

/// The way of planes of luma and chroma to the encoder.
fn by_planes(
    bytes: &[u8],
    source: &SourceInfo,
    plan: &Plan,
    planar: Planar,
    watch: &mut Stopwatch,
) -> Result<(Vec<u8>, Size), Error> {
    let planes = planar::decode(bytes, source, plan, watch)?;
    watch.lap(Step::Decode)?;
    let planes = planar::turn(planar::scale(planes, plan, planar)?, plan);
    watch.lap(Step::Resize)?;
    Ok((planar::encode(&planes, plan)?, planes.luma.size))
}

/// The picture of a plan, upright and in sRGB; in planes until it has the variant's size, where that is shorter.
pub(crate) fn picture(
    bytes: &[u8],
    source: &SourceInfo,
    plan: &Plan,
    watch: &mut Stopwatch,
) -> Result<Pixels, Error> {
    let pixels = if let Some(planar) = plan.planar {
        let planes = planar::decode(bytes, source, plan, watch)?;
        watch.lap(Step::Decode)?;
        planar::scale(planes, plan, planar)?.into_rgb()
    } else {
        let pixels = match source.animation {
            Some(_) => animation::still(bytes, source, plan, watch)?,
            None => decode(bytes, source, plan, watch)?,
        };
        watch.lap(Step::Decode)?;
        scale(pixels, plan)?
    };
    let pixels = finish(pixels, source, plan)?;
    watch.lap(Step::Resize)?;
    Ok(pixels)
}

/// Pixels to pixels, for each frame of an animation.
pub(crate) fn transform(pixels: Pixels, source: &SourceInfo, plan: &Plan) -> Result<Pixels, Error> {
    finish(scale(pixels, plan)?, source, plan)
}

/// What is done to pixels of the variant's size.
fn finish(pixels: Pixels, source: &SourceInfo, plan: &Plan) -> Result<Pixels, Error> {
    let pixels = to_srgb(pixels, source.profile_of_pixels());
    let pixels = orient(pixels, plan.orientation);
    let pixels = flatten(pixels, plan.background);
    let pixels = blur(pixels, plan.blur)?;
    let pixels = sharpen(pixels, plan.sharpness);
    Ok(pad(pixels, plan.canvas))
}
