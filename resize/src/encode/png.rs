//! Encodes PNG with 8 bits per channel or with a palette.

mod method;
mod palette;
mod trial;
mod write;

use png::{ColorType, Compression, Filter};

use crate::error::Error;
use crate::pixels::{Pixels, Size};
use method::Method;
use palette::Palette;
use write::{file, write};

/// Encodes a picture without loss. A graphic with few colours gets a palette; another one gets the filter and
/// compression that suit it. Other pictures are compressed fast.
pub(super) fn encode(pixels: &Pixels, is_graphic: bool) -> Result<Vec<u8>, Error> {
    if !is_graphic {
        return write(pixels, Method::Fast);
    }
    match Palette::of(pixels) {
        Some(palette) => write_by_palette(pixels.size, &palette),
        None => write(pixels, trial::best_method(pixels)?),
    }
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
