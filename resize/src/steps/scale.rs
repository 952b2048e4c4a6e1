//! Resampling of the decoded picture to the variant's size.

use codecs::planes::{Range, Sampling};

use crate::error::Error;
use crate::pixels::light::Curve;
use crate::pixels::picture::{Decoded, DecodedPlane, Picture};
use crate::pixels::planes::Planes;
use crate::pixels::rect::Rect;
use crate::pixels::resample::resample;
use crate::pixels::resample_light::resample_light;
use crate::pixels::{Pixels, Size};
use crate::plan::frame::FramePlan;
use crate::plan::planes::chroma_size;

/// Resamples the shown part of a picture to the planned size. Planes stay planes if chroma is planned at half of luma's
/// size, and become pixels otherwise. In linear light, luma counts as the light of gray, and chroma is averaged as it is.
pub fn scale(decoded: Decoded, plan: &FramePlan) -> Result<Picture, Error> {
    let planes = match decoded {
        Decoded::Pixels(pixels) => {
            let curve = plan.light.curve(Range::Full);
            return Ok(Picture::Pixels(resampled(pixels, plan.shown, plan.resampled, curve)?));
        }
        Decoded::Planes(planes) => planes,
    };
    let chroma = chroma_size(plan.resampled, plan.chroma);
    let resampled_plane = |plane: DecodedPlane, size, curve| {
        let shown = plane.part(plan.shown);
        resampled(plane.pixels, shown, size, curve)
    };
    let planes = Planes {
        luma: resampled_plane(planes.luma, plan.resampled, plan.light.curve(planes.range))?,
        cb: resampled_plane(planes.cb, chroma, None)?,
        cr: resampled_plane(planes.cr, chroma, None)?,
        range: planes.range,
    };
    match plan.chroma {
        Sampling::Full => Ok(Picture::Pixels(planes.into_rgb())),
        Sampling::Half | Sampling::HalfWidth | Sampling::HalfHeight => Ok(Picture::Planes(planes)),
    }
}

fn resampled(
    pixels: Pixels,
    shown: Rect,
    size: Size,
    curve: Option<&'static Curve>,
) -> Result<Pixels, Error> {
    match curve {
        None => resample(pixels, shown, size),
        Some(curve) => resample_light(pixels, shown, size, curve),
    }
}
