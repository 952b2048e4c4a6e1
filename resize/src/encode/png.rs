//! Encodes PNG with 8 bits per channel or with a palette.

mod palette;

mod way;

use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use super::unplanned;
use crate::error::Error;
use crate::pixels::{Channels, Pixels, Size};
use palette::Palette;
use way::Way;

/// Encodes a picture without loss. A graphic with few colours gets a palette; another one gets the filter and
/// compression that suit it. Other pictures are compressed fast.
pub(super) fn encode(pixels: &Pixels, is_graphic: bool) -> Result<Vec<u8>, Error> {
    if !is_graphic {
        return write(pixels, Way::Fast);
    }
    match Palette::of(pixels) {
        Some(palette) => write_by_palette(pixels.size, &palette),
        None => write(pixels, way::of(pixels)?),
    }
}

fn write(pixels: &Pixels, way: Way) -> Result<Vec<u8>, Error> {
    let color = match pixels.channels {
        Channels::Gray => ColorType::Grayscale,
        Channels::GrayAlpha => ColorType::GrayscaleAlpha,
        Channels::Rgb => ColorType::Rgb,
        Channels::Rgba => ColorType::Rgba,
        Channels::Cmyk => return Err(unplanned(pixels)),
    };
    let (filter, deflate) = way.settings();
    file(pixels.size, &pixels.samples, |encoder| {
        encoder.set_color(color);
        encoder.set_filter(filter);
        encoder.set_deflate_compression(deflate);
    })
}

fn write_by_palette(size: Size, palette: &Palette) -> Result<Vec<u8>, Error> {
    file(size, &palette.indices, |encoder| {
        encoder.set_color(ColorType::Indexed);
        encoder.set_palette(&palette.colors);
        if !palette.alphas.is_empty() {
            encoder.set_trns(&palette.alphas);
        }
        encoder.set_compression(Compression::Balanced);
        // Adjacent entries of a palette are unrelated, so filters have nothing to predict.
        encoder.set_filter(Filter::NoFilter);
    })
}

fn file<'a>(
    size: Size,
    samples: &[u8],
    set: impl FnOnce(&mut Encoder<'a, &mut Vec<u8>>),
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(samples.len() / 2);
    let mut encoder = Encoder::new(&mut bytes, size.width(), size.height());
    encoder.set_depth(BitDepth::Eight);
    set(&mut encoder);
    let mut writer = encoder.write_header().map_err(internal)?;
    writer.write_image_data(samples).map_err(internal)?;
    writer.finish().map_err(internal)?;
    Ok(bytes)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn internal(error: png::EncodingError) -> Error {
    Error::Internal(error.to_string())
}
