//! Windows bitmaps.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::{ColorType, ImageDecoder, ImageError};

use crate::error::Error;
use crate::pixels::orientation::Orientation;
use crate::pixels::{Channels, Pixels};
use crate::source::{Depth, SourceFormat, SourceInfo, size};

/// Reads the headers.
pub(crate) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let mut decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(refused)?;
    let (width, height) = decoder.dimensions();
    let profile = decoder.icc_profile().ok().flatten();
    Ok(SourceInfo {
        format: SourceFormat::Bmp,
        size: size(width, height)?,
        animation: None,
        orientation: Orientation::UPRIGHT,
        channels: channels(decoder.color_type())?,
        depth: Depth::Eight,
        has_metadata: profile.is_some(),
        profile,
        is_lossless: true,
    })
}

/// Decodes the picture.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = read(BmpDecoder::new(Cursor::new(bytes)).map_err(refused)?, source)?;
    show_where_all_is_transparent(&mut pixels);
    Ok(pixels)
}

/// Decodes what one of the decoders of `image` found in a header.
pub(super) fn read(decoder: impl ImageDecoder, source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(source.size, source.channels);
    if decoder.total_bytes() != pixels.samples.len() as u64 {
        return Err(Error::Internal("the picture changed its size".to_owned()));
    }
    decoder.read_image(&mut pixels.samples).map_err(refused)?;
    Ok(pixels)
}

/// Writers that know no alpha leave it 0, and then nothing is meant to be transparent, as browsers take it.
fn show_where_all_is_transparent(pixels: &mut Pixels) {
    if pixels.channels == Channels::Rgba {
        let (rgba, _) = pixels.samples.as_chunks_mut::<4>();
        if rgba.iter().all(|[.., alpha]| *alpha == 0) {
            for [.., alpha] in rgba {
                *alpha = u8::MAX;
            }
        }
    }
}

pub(super) fn channels(color: ColorType) -> Result<Channels, Error> {
    match color {
        ColorType::L8 => Ok(Channels::Gray),
        ColorType::La8 => Ok(Channels::GrayAlpha),
        ColorType::Rgb8 => Ok(Channels::Rgb),
        ColorType::Rgba8 => Ok(Channels::Rgba),
        _ => Err(Error::Unsupported("only images of 8 bits a sample are read in this format")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn refused(error: ImageError) -> Error {
    match error {
        ImageError::Unsupported(_) => Error::Unsupported("this kind of BMP or ICO is not read here"),
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Limits(_)
        | ImageError::IoError(_) => Error::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Size;

    #[test]
    fn a_picture_that_would_be_transparent_throughout_is_opaque() {
        let check = |alphas: [u8; 2], expected: [u8; 2]| {
            let samples = alphas.map(|alpha| [9, 8, 7, alpha]).concat();
            let size = Size::new(2, 1).unwrap();
            let mut pixels = Pixels { samples, size, channels: Channels::Rgba };
            show_where_all_is_transparent(&mut pixels);
            assert_eq!(pixels.samples, expected.map(|alpha| [9, 8, 7, alpha]).concat());
        };
        check([0, 0], [255, 255]);
        check([0, 1], [0, 1]);
    }
}
