//! Puts a background under transparent pixels.

use contract::color::Color;

use crate::pixels::{Channels, Pixels};

/// Composites the picture over `background`, if there is one, and drops the alpha channel if every pixel is opaque.
pub fn flatten(pixels: Pixels, background: Option<Color>) -> Pixels {
    if !pixels.channels.has_alpha() {
        return pixels;
    }
    let pixels = match background {
        Some(color) => over(pixels, color),
        None => pixels,
    };
    if is_opaque(&pixels) { without_alpha(&pixels) } else { pixels }
}

fn over(pixels: Pixels, below: Color) -> Pixels {
    let mut pixels = match pixels.channels {
        Channels::GrayAlpha => pixels.map(Channels::Rgba, |[gray, alpha]| [gray, gray, gray, alpha]),
        Channels::Gray | Channels::Rgb | Channels::Rgba | Channels::Cmyk => pixels,
    };
    let (quads, _) = pixels.samples.as_chunks_mut::<4>();
    for quad in quads {
        let [red, green, blue, alpha] = *quad;
        let Color { red, green, blue, alpha } = Color { red, green, blue, alpha }.over(below);
        *quad = [red, green, blue, alpha];
    }
    pixels
}

fn is_opaque(pixels: &Pixels) -> bool {
    match pixels.channels {
        Channels::GrayAlpha => pixels.samples.as_chunks::<2>().0.iter().all(|[_, alpha]| *alpha == 255),
        Channels::Rgba => pixels.samples.as_chunks::<4>().0.iter().all(|[_, _, _, alpha]| *alpha == 255),
        Channels::Gray | Channels::Rgb | Channels::Cmyk => true,
    }
}

fn without_alpha(pixels: &Pixels) -> Pixels {
    match pixels.channels {
        Channels::GrayAlpha => pixels.map(Channels::Gray, |[gray, _]| [gray]),
        Channels::Rgba => pixels.map(Channels::Rgb, |[red, green, blue, _]| [red, green, blue]),
        Channels::Gray | Channels::Rgb | Channels::Cmyk => pixels.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Size;

    #[test]
    fn transparency_shows_the_colour_below() {
        let check = |samples: &[u8], channels, background: Option<Color>, expected: (&[u8], Channels)| {
            let width = samples.len() as u32 / channels_of(channels);
            let pixels = Pixels { samples: samples.to_vec(), size: Size::new(width, 1).unwrap(), channels };
            let flat = flatten(pixels, background);
            assert_eq!((flat.samples.as_slice(), flat.channels), expected);
        };
        let red = Some(Color::opaque(0x00ff_0000));
        check(&[0, 0, 0, 0, 1, 2, 3, 255], Channels::Rgba, red, (&[255, 0, 0, 1, 2, 3], Channels::Rgb));
        check(&[0, 0, 0, 128], Channels::Rgba, red, (&[127, 0, 0], Channels::Rgb));
        check(&[9, 0], Channels::GrayAlpha, red, (&[255, 0, 0], Channels::Rgb));
        check(&[9, 0], Channels::GrayAlpha, None, (&[9, 0], Channels::GrayAlpha));
        check(&[9, 255], Channels::GrayAlpha, None, (&[9], Channels::Gray));
        check(&[1, 2, 3, 255], Channels::Rgba, None, (&[1, 2, 3], Channels::Rgb));
        check(&[1, 2, 3, 254], Channels::Rgba, None, (&[1, 2, 3, 254], Channels::Rgba));
        check(&[1, 2, 3], Channels::Rgb, red, (&[1, 2, 3], Channels::Rgb));
    }

    fn channels_of(channels: Channels) -> u32 {
        channels.count()
    }
}
