//! PNG, 8 bits a channel or a palette.

mod palette;

use std::borrow::Cow;

use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use super::unplanned;
use crate::error::Error;
use crate::pixels::{Channels, Pixels};
use palette::Palette;

/// Encodes a picture without loss: one of few colours with a palette, another graphic with a stronger compression,
/// which saves a quarter of its bytes there and next to nothing on photos.
pub(super) fn encode(pixels: &Pixels, is_graphic: bool) -> Result<Vec<u8>, Error> {
    let palette = if is_graphic { Palette::of(pixels) } else { None };
    let color = match pixels.channels {
        _ if palette.is_some() => ColorType::Indexed,
        Channels::Gray => ColorType::Grayscale,
        Channels::GrayAlpha => ColorType::GrayscaleAlpha,
        Channels::Rgb => ColorType::Rgb,
        Channels::Rgba => ColorType::Rgba,
        Channels::Cmyk => return Err(unplanned(pixels)),
    };
    let mut bytes = Vec::with_capacity(pixels.samples.len() / 2);
    let mut encoder = Encoder::new(&mut bytes, pixels.size.width(), pixels.size.height());
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(if is_graphic { Compression::Balanced } else { Compression::Fast });
    // Neighbouring entries of a palette have nothing in common, so there is nothing to predict.
    encoder.set_filter(if palette.is_some() { Filter::NoFilter } else { Filter::Adaptive });
    let samples = match palette {
        Some(Palette { colors, alphas, indices }) => {
            encoder.set_palette(colors);
            if !alphas.is_empty() {
                encoder.set_trns(alphas);
            }
            Cow::Owned(indices)
        }
        None => Cow::Borrowed(&pixels.samples),
    };
    let mut writer = encoder.write_header().map_err(internal)?;
    writer.write_image_data(&samples).map_err(internal)?;
    writer.finish().map_err(internal)?;
    Ok(bytes)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn internal(error: png::EncodingError) -> Error {
    Error::Internal(error.to_string())
}
