//! Resampling of the decoded picture to the variant's size.

use codecs::planes::Sampling;

use crate::error::Error;
use crate::pixels::picture::{Decoded, DecodedPlane, Picture};
use crate::pixels::planes::Planes;
use crate::pixels::resample::resample;
use crate::plan::frame::FramePlan;
use crate::plan::planes::chroma_size;

/// Resamples the shown part of a picture to the planned size. Planes stay planes if chroma is planned at half of luma's
/// size, and become pixels otherwise.
pub fn scale(decoded: Decoded, plan: &FramePlan) -> Result<Picture, Error> {
    let planes = match decoded {
        Decoded::Pixels(pixels) => {
            return Ok(Picture::Pixels(resample(pixels, plan.shown, plan.resampled)?));
        }
        Decoded::Planes(planes) => planes,
    };
    let chroma = chroma_size(plan.resampled, plan.chroma);
    let resampled = |plane: DecodedPlane, size| {
        let shown = plane.part(plan.shown);
        resample(plane.pixels, shown, size)
    };
    let planes = Planes {
        luma: resampled(planes.luma, plan.resampled)?,
        cb: resampled(planes.cb, chroma)?,
        cr: resampled(planes.cr, chroma)?,
        range: planes.range,
    };
    match plan.chroma {
        Sampling::Full => Ok(Picture::Pixels(planes.into_rgb())),
        Sampling::Half | Sampling::HalfWidth | Sampling::HalfHeight => Ok(Picture::Planes(planes)),
    }
}
