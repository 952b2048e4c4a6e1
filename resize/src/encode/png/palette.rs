//! The palette of a picture with few colours.

use std::collections::HashMap;

use crate::pixels::{Channels, Pixels};

/// Maximum number of entries of a PNG's palette.
const MAX_COLORS: usize = 256;

/// A palette and the picture as indices into it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Palette {
    /// Red, green and blue of each colour, in the order of appearance in the picture.
    pub(super) colors: Vec<u8>,
    /// Alpha of each colour; empty if all are opaque.
    pub(super) alphas: Vec<u8>,
    /// The index of each pixel.
    pub(super) indices: Vec<u8>,
}

impl Palette {
    /// The palette of a colour picture; `None` if it has more than 256 colours. Gray pictures are as small without one.
    pub(super) fn of(pixels: &Pixels) -> Option<Self> {
        match pixels.channels {
            Channels::Rgb => {
                collect(pixels.samples.as_chunks::<3>().0, |[red, green, blue]| [red, green, blue, u8::MAX])
            }
            Channels::Rgba => collect(pixels.samples.as_chunks::<4>().0, |pixel| pixel),
            Channels::Gray | Channels::GrayAlpha | Channels::Cmyk => None,
        }
    }
}

fn collect<const N: usize>(pixels: &[[u8; N]], rgba: impl Fn([u8; N]) -> [u8; 4]) -> Option<Palette> {
    let mut numbers: HashMap<[u8; 4], u8> = HashMap::with_capacity(MAX_COLORS);
    let mut palette = Palette { colors: Vec::new(), alphas: Vec::new(), indices: Vec::new() };
    let (mut last, mut last_number) = (None, 0);
    for pixel in pixels {
        if last != Some(pixel) {
            let color = rgba(*pixel);
            let next = numbers.len();
            last_number = if let Some(number) = numbers.get(&color) {
                *number
            } else {
                let number = u8::try_from(next).ok()?;
                let [red, green, blue, alpha] = color;
                palette.colors.extend([red, green, blue]);
                palette.alphas.push(alpha);
                numbers.insert(color, number);
                number
            };
            last = Some(pixel);
        }
        palette.indices.push(last_number);
    }
    if palette.alphas.iter().all(|alpha| *alpha == u8::MAX) {
        palette.alphas.clear();
    }
    Some(palette)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Size;

    fn pixels(samples: Vec<u8>, channels: Channels) -> Pixels {
        let width = samples.len() as u32 / channels.count();
        Pixels { samples, size: Size::new(width, 1).unwrap(), channels }
    }

    #[test]
    fn colours_are_indexed_in_the_order_of_appearance() {
        let palette = Palette::of(&pixels(vec![1, 2, 3, 9, 9, 9, 1, 2, 3], Channels::Rgb)).unwrap();
        assert_eq!(palette.colors, [1, 2, 3, 9, 9, 9]);
        assert!(palette.alphas.is_empty());
        assert_eq!(palette.indices, [0, 1, 0]);
        let palette = Palette::of(&pixels(vec![1, 2, 3, 0, 1, 2, 3, 255], Channels::Rgba)).unwrap();
        assert_eq!(palette.alphas, [0, 255]);
    }

    #[test]
    fn a_picture_of_256_colours_has_a_palette_and_one_of_257_has_none() {
        let colors = |count: u32| (0..count).flat_map(|n| [n as u8, (n >> 8) as u8, 0]).collect();
        assert!(Palette::of(&pixels(colors(256), Channels::Rgb)).is_some());
        assert_eq!(Palette::of(&pixels(colors(257), Channels::Rgb)), None);
    }
}
