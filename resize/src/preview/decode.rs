//! A preview: a picture that is decoded and finished, but not encoded.

use crate::decode::decode;
use crate::error::Error;
use crate::pixels::Pixels;
use crate::plan::Plan;
use crate::source::Source;
use crate::steps::transform;
use crate::stopwatch::{Step, Stopwatch};

/// Decodes a preview to upright pixels in sRGB. The plan must be for a format that is encoded from pixels.
pub(crate) fn decode_preview(
    source: &Source<'_>,
    plan: &Plan,
    watch: &mut Stopwatch,
) -> Result<Pixels, Error> {
    watch.planned(plan.peak_bytes())?;
    let decoded = decode(source, &plan.decode, watch)?;
    watch.lap(Step::Decode)?;
    let picture = transform(decoded, source.info().profile_of_pixels(), &plan.frame, &plan.finish)?;
    watch.lap(Step::Resize)?;
    picture.into_pixels()
}
