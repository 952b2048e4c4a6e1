//! Decodes Windows bitmaps.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::bmp::BmpDecoder;

use crate::error::Error;
use crate::pixels::{Channels, Pixels};
use crate::source::bmp::unreadable;
use crate::source::info::SourceInfo;

/// Decodes the picture.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = read(BmpDecoder::new(Cursor::new(bytes)).map_err(unreadable)?, source)?;
    show_where_all_is_transparent(&mut pixels);
    Ok(pixels)
}

/// Reads the pixels from a decoder of the crate `image` whose header `source` describes.
pub(super) fn read(decoder: impl ImageDecoder, source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(source.size, source.channels);
    if decoder.total_bytes() != pixels.samples.len() as u64 {
        return Err(Error::Internal("the picture changed its size".to_owned()));
    }
    decoder.read_image(&mut pixels.samples).map_err(unreadable)?;
    Ok(pixels)
}

/// Makes a picture opaque if every pixel is transparent. Writers without alpha leave those bytes 0, and browsers show
/// such files as opaque.
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
