//! Puts a picture on a larger canvas.

use contract::color::Color;

use crate::pixels::{Channels, Pixels, Size};
use crate::plan::finish::Canvas;

/// Puts the picture into the middle of a canvas, if one is planned.
pub fn pad(pixels: Pixels, canvas: Option<Canvas>) -> Pixels {
    let Some(canvas) = canvas else { return pixels };
    let Color { red, green, blue, alpha } = canvas.color;
    let has_alpha = pixels.channels.has_alpha() || alpha != 255;
    let pixels = match (pixels.channels, has_alpha) {
        (Channels::Gray, false) => pixels.map(Channels::Rgb, |[gray]| [gray; 3]),
        (Channels::Rgb, false) => pixels,
        _ => pixels.to_rgba(),
    };
    let padded = if has_alpha {
        lay::<4>(&pixels, canvas.size, [red, green, blue, alpha])
    } else {
        lay::<3>(&pixels, canvas.size, [red, green, blue])
    };
    Pixels { samples: padded, size: canvas.size, channels: pixels.channels }
}

fn lay<const N: usize>(pixels: &Pixels, size: Size, color: [u8; N]) -> Vec<u8> {
    let (width, height) = (pixels.size.width() as usize, pixels.size.height() as usize);
    let (canvas_width, canvas_height) = (size.width() as usize, size.height() as usize);
    let left = canvas_width.saturating_sub(width) / 2;
    let top = canvas_height.saturating_sub(height) / 2;
    let mut samples = color.repeat(canvas_width * canvas_height);
    let rows = samples.chunks_exact_mut(canvas_width * N).skip(top);
    for (to, from) in rows.zip(pixels.samples.chunks_exact(width * N)) {
        for (to, from) in to.iter_mut().skip(left * N).zip(from) {
            *to = *from;
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_in_the_middle_of_its_canvas() {
        let check = |samples: &[u8], channels, color: Color, expected: (&[u8], Channels)| {
            let pixels = Pixels { samples: samples.to_vec(), size: Size::new(1, 1).unwrap(), channels };
            let canvas = Canvas { size: Size::new(3, 1).unwrap(), color };
            let padded = pad(pixels, Some(canvas));
            assert_eq!(
                (padded.samples.as_slice(), padded.channels, padded.size),
                (expected.0, expected.1, canvas.size)
            );
        };
        let red = Color::opaque(0x00ff_0000);
        let clear = Color { alpha: 0, ..Color::opaque(0) };
        check(&[7], Channels::Gray, red, (&[255, 0, 0, 7, 7, 7, 255, 0, 0], Channels::Rgb));
        check(&[1, 2, 3], Channels::Rgb, red, (&[255, 0, 0, 1, 2, 3, 255, 0, 0], Channels::Rgb));
        check(&[1, 2, 3], Channels::Rgb, clear, (&[0, 0, 0, 0, 1, 2, 3, 255, 0, 0, 0, 0], Channels::Rgba));
        check(
            &[7, 9],
            Channels::GrayAlpha,
            red,
            (&[255, 0, 0, 255, 7, 7, 7, 9, 255, 0, 0, 255], Channels::Rgba),
        );
    }

    #[test]
    fn rows_above_and_below_the_picture_have_the_canvas_colour() {
        let pixels = Pixels { samples: vec![1; 6], size: Size::new(2, 1).unwrap(), channels: Channels::Rgb };
        let canvas = Canvas { size: Size::new(2, 3).unwrap(), color: Color::opaque(0) };
        let rows: Vec<u8> = pad(pixels, Some(canvas)).samples.chunks(6).map(|row| row[0]).collect();
        assert_eq!(rows, [0, 1, 0]);
    }
}
