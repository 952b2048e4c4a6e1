//! The steps on pixels, one file each. [`transform`] runs them in order.

pub mod scale;

pub mod color;

pub mod deep;

pub mod orient;

pub mod flatten;

pub mod blur;

pub mod sharpen;

pub mod pad;

pub(crate) mod stamp;

use crate::error::Error;
use crate::pixels::picture::{Decoded, Picture};
use crate::plan::finish::FinishPlan;
use crate::plan::frame::FramePlan;
use blur::blur;
use color::to_srgb;
use flatten::flatten;
use orient::{orient, orient_planes};
use pad::pad;
use scale::scale;
use sharpen::sharpen;

/// Scales and finishes a decoded picture. `profile` is the ICC profile of its pixels, `None` for sRGB.
pub fn transform(
    decoded: Decoded,
    profile: Option<&[u8]>,
    frame: &FramePlan,
    finish: &FinishPlan,
) -> Result<Picture, Error> {
    let pixels = match scale(decoded, frame)? {
        Picture::Planes(planes) => return Ok(Picture::Planes(orient_planes(planes, finish.orientation))),
        Picture::Pixels(pixels) => pixels,
    };
    let pixels = to_srgb(pixels, profile);
    let pixels = orient(pixels, finish.orientation);
    let pixels = flatten(pixels, finish.background);
    let pixels = blur(pixels, finish.blur)?;
    let pixels = sharpen(pixels, finish.sharpness);
    Ok(Picture::Pixels(pad(pixels, finish.canvas)))
}
