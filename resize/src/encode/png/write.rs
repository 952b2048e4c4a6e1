//! Writes a PNG file.

use png::{BitDepth, ColorType, Encoder};

use super::method::Method;
use crate::encode::view::unplanned;
use crate::error::Error;
use crate::pixels::{Channels, Pixels, Size};

/// Writes pixels, filtered and compressed by a method.
pub(super) fn write(pixels: &Pixels, method: Method) -> Result<Vec<u8>, Error> {
    let color = match pixels.channels {
        Channels::Gray => ColorType::Grayscale,
        Channels::GrayAlpha => ColorType::GrayscaleAlpha,
        Channels::Rgb => ColorType::Rgb,
        Channels::Rgba => ColorType::Rgba,
        Channels::Cmyk => return Err(unplanned(pixels)),
    };
    let (filter, deflate) = method.settings();
    file(pixels.size, &pixels.samples, |encoder| {
        encoder.set_color(color);
        encoder.set_filter(filter);
        encoder.set_deflate_compression(deflate);
    })
}

/// Writes samples, with the encoder's settings set by `set`.
pub(super) fn file<'a>(
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

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
fn internal(error: png::EncodingError) -> Error {
    Error::Internal(error.to_string())
}
