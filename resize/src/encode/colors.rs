//! What a sample of a picture's rows says of its colours.

use std::collections::HashSet;

use crate::pixels::{Channels, Pixels};

/// Number of sampled rows.
const ROWS: usize = 32;

/// Maximum number of colours of a graphic in the sampled rows. Edges between few colours have many shades in a smaller picture;
/// photos have more in two rows.
const MAX_COLORS: usize = 1024;

/// Difference of chroma between neighbours, blue and red together, that is visible as a blurred edge if chroma is halved.
const SHARP_STEP: u32 = 40;

/// Least share of sharp steps, as one of so many neighbours. Photos have far fewer.
const NEIGHBOURS_PER_STEP: usize = 100;

/// `true` if the picture has few colours, as drawings, text and screenshots do.
pub(super) fn has_few_colors(pixels: &Pixels) -> bool {
    let channels = pixels.channels.count() as usize;
    let mut colors = HashSet::with_capacity(MAX_COLORS + 1);
    rows(pixels).all(|row| {
        row.chunks_exact(channels).all(|color| {
            let mut key = [0; 4];
            key.iter_mut().zip(color).for_each(|(to, from)| *to = *from);
            colors.insert(key);
            colors.len() <= MAX_COLORS
        })
    })
}

/// `true` if the picture has sharp edges between saturated colours, such as red text.
pub(super) fn has_sharp_chroma(pixels: &Pixels) -> bool {
    let channels = match pixels.channels {
        Channels::Rgb => 3,
        Channels::Rgba => 4,
        Channels::Gray | Channels::GrayAlpha | Channels::Cmyk => return false,
    };
    let (mut neighbours, mut steps) = (0_usize, 0_usize);
    for row in rows(pixels) {
        let chroma = row.chunks_exact(channels).map(|color| match color {
            [red, green, blue, ..] => {
                let [red, green, blue] = [*red, *green, *blue].map(i32::from);
                // By BT.601, in 256ths.
                [-43 * red - 85 * green + 128 * blue, 128 * red - 107 * green - 21 * blue]
            }
            _ => [0; 2],
        });
        let mut before: Option<[i32; 2]> = None;
        for [cb, cr] in chroma {
            if let Some([cb_before, cr_before]) = before {
                neighbours += 1;
                let step = (cb.abs_diff(cb_before) + cr.abs_diff(cr_before)) / 256;
                steps += usize::from(step >= SHARP_STEP);
            }
            before = Some([cb, cr]);
        }
    }
    steps * NEIGHBOURS_PER_STEP > neighbours
}

/// Evenly spaced rows.
fn rows(pixels: &Pixels) -> impl Iterator<Item = &[u8]> {
    let stride = pixels.size.width() as usize * pixels.channels.count() as usize;
    let height = pixels.size.height() as usize;
    let count = height.min(ROWS);
    (0..count).filter_map(move |number| {
        let y = (2 * number + 1) * height / (2 * count);
        pixels.samples.get(y * stride..(y + 1) * stride)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Size;

    fn picture(color: impl Fn(u32, u32) -> [u8; 3]) -> Pixels {
        let samples =
            (0..100).flat_map(|y| (0..200).map(move |x| (x, y))).flat_map(|(x, y)| color(x, y)).collect();
        Pixels { samples, size: Size::new(200, 100).unwrap(), channels: Channels::Rgb }
    }

    #[test]
    fn a_graphic_has_few_colours_and_a_photo_many() {
        assert!(has_few_colors(&picture(|x, y| [(x / 40) as u8, (y / 9) as u8, 9])));
        assert!(!has_few_colors(&picture(|x, y| [x as u8, (x * y) as u8, y as u8])));
    }

    #[test]
    fn red_text_has_sharp_chroma_and_neither_gray_text_nor_a_gradient_has() {
        let text = |ink: [u8; 3]| picture(move |x, y| if (x / 3 + y / 5) % 4 == 0 { ink } else { [255; 3] });
        assert!(has_sharp_chroma(&text([220, 0, 0])));
        assert!(!has_sharp_chroma(&text([0; 3])));
        assert!(!has_sharp_chroma(&picture(|x, y| [x as u8, y as u8, (255 - x) as u8])));
    }
}
