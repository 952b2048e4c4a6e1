//! Resampling to the variant's size.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::error::Error;
use crate::pixels::{Channels, Pixels};
use crate::plan::Plan;

/// Resamples the shown part to the planned size with a Lanczos filter of three lobes. Colours are weighted by
/// their alpha, so that what is transparent doesn't bleed into what is not.
pub fn scale(pixels: Pixels, plan: &Plan) -> Result<Pixels, Error> {
    if !plan.is_resampled() {
        return Ok(pixels);
    }
    let pixel_type = match pixels.channels {
        Channels::Gray => PixelType::U8,
        Channels::GrayAlpha => PixelType::U8x2,
        Channels::Rgb => PixelType::U8x3,
        Channels::Rgba | Channels::Cmyk => PixelType::U8x4,
    };
    let (width, height) = (pixels.size.width(), pixels.size.height());
    let source = ImageRef::new(width, height, &pixels.samples, pixel_type).map_err(internal)?;
    let (width, height) = (plan.resampled.width(), plan.resampled.height());
    let mut target = Image::new(width, height, pixel_type);
    let shown = plan.shown;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(shown.left, shown.top, shown.width, shown.height)
        .use_alpha(pixels.channels.has_alpha());
    Resizer::new().resize(&source, &mut target, &options).map_err(internal)?;
    Ok(Pixels { samples: target.into_vec(), size: plan.resampled, channels: pixels.channels })
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}
