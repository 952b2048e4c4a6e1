//! Pixels to the variant's bytes. No metadata is written: the pixels are upright and sRGB.

mod png;

use codecs::View;
use contract::format::Format;

use crate::error::Error;
use crate::pixels::{Channels, Pixels};
use crate::plan::Plan;

/// Encodes a picture in the planned format and quality.
pub fn encode(pixels: &Pixels, plan: &Plan) -> Result<Vec<u8>, Error> {
    match plan.format {
        Format::Jpeg => jpeg(pixels, plan.quality),
        Format::Png => png::encode(pixels, plan.is_graphic),
        Format::Webp => webp(pixels, plan.quality),
    }
}

fn jpeg(pixels: &Pixels, quality: u8) -> Result<Vec<u8>, Error> {
    let layout = match pixels.channels {
        Channels::Gray => codecs::jpeg::Layout::Gray,
        Channels::Rgb => codecs::jpeg::Layout::Rgb,
        Channels::GrayAlpha | Channels::Rgba | Channels::Cmyk => return Err(unplanned(pixels)),
    };
    Ok(codecs::jpeg::encode(view(pixels), layout, quality)?)
}

fn webp(pixels: &Pixels, quality: u8) -> Result<Vec<u8>, Error> {
    use codecs::webp::{Layout, encode};
    match pixels.channels {
        Channels::Rgb => Ok(encode(view(pixels), Layout::Rgb, quality)?),
        Channels::Rgba => Ok(encode(view(pixels), Layout::Rgba, quality)?),
        Channels::Gray => {
            let rgb = pixels.map(Channels::Rgb, |[gray]| [gray; 3]);
            Ok(encode(view(&rgb), Layout::Rgb, quality)?)
        }
        Channels::GrayAlpha => {
            let rgba = pixels.map(Channels::Rgba, |[gray, alpha]| [gray, gray, gray, alpha]);
            Ok(encode(view(&rgba), Layout::Rgba, quality)?)
        }
        Channels::Cmyk => Err(unplanned(pixels)),
    }
}

fn view(pixels: &Pixels) -> View<'_> {
    View { samples: &pixels.samples, width: pixels.size.width(), height: pixels.size.height() }
}

/// Channels that the steps before must have taken away.
fn unplanned(pixels: &Pixels) -> Error {
    Error::Internal(format!("{:?} pixels came to an encoder without them", pixels.channels))
}
