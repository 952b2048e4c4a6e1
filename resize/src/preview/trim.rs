//! The search for a uniform border.

use contract::color::Color;
use contract::variant::Trim;

use crate::pixels::Pixels;
use crate::pixels::rect::Rect;

/// Largest difference of a channel from the border's colour, 0 to 255. Lossy compression changes a flat colour by less
/// than this; drawings differ from their paper by more.
const TOLERANCE: i32 = 16;

/// The part of `region` inside its border. `preview` shows the region, at the same size or smaller; the part is then
/// rounded outwards. `None` if the whole region has the border's colour.
pub fn trimmed(preview: &Pixels, border: Trim, region: Rect) -> Option<Rect> {
    let Inner { left, top, right, bottom } = inner(preview, border)?;
    let across = region.width / f64::from(preview.size.width());
    let down = region.height / f64::from(preview.size.height());
    let (left, top) = ((f64::from(left) * across).floor(), (f64::from(top) * down).floor());
    let right = (f64::from(right) * across).ceil().min(region.width);
    let bottom = (f64::from(bottom) * down).ceil().min(region.height);
    Some(Rect { left: region.left + left, top: region.top + top, width: right - left, height: bottom - top })
}

/// The part of a picture inside its border, in columns and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Inner {
    left: u32,
    top: u32,
    /// The column after the last one.
    right: u32,
    /// The row after the last one.
    bottom: u32,
}

/// The part inside a border of the requested colour. `None` if the whole picture has that colour.
fn inner(pixels: &Pixels, trim: Trim) -> Option<Inner> {
    let pixels = pixels.to_rgba();
    let (all, _) = pixels.samples.as_chunks::<4>();
    let border = match trim {
        Trim::Auto => *all.first()?,
        Trim::Color(Color { red, green, blue, alpha }) => [red, green, blue, alpha],
    };
    let width = pixels.size.width() as usize;
    let mut found: Option<Inner> = None;
    for (y, row) in (0u32..).zip(all.chunks_exact(width)) {
        let Some(left) = row.iter().position(|pixel| !is_near(*pixel, border)) else { continue };
        let right = row.iter().rposition(|pixel| !is_near(*pixel, border)).map_or(width, |x| x + 1);
        let (left, right) = (left as u32, right as u32);
        found = Some(match found {
            None => Inner { left, top: y, right, bottom: y + 1 },
            Some(inner) => Inner {
                left: inner.left.min(left),
                right: inner.right.max(right),
                top: inner.top,
                bottom: y + 1,
            },
        });
    }
    found
}

/// `true` if two pixels look the same. Colours are compared as they appear over black, so that all transparent pixels
/// are equal.
fn is_near(a: [u8; 4], b: [u8; 4]) -> bool {
    let [red, green, blue, alpha] = a;
    let [other_red, other_green, other_blue, other_alpha] = b;
    let visible = |channel: u8, alpha: u8| i32::from(channel) * i32::from(alpha) / 255;
    let is_alike =
        |channel, other| (visible(channel, alpha) - visible(other, other_alpha)).abs() <= TOLERANCE;
    (i32::from(alpha) - i32::from(other_alpha)).abs() <= TOLERANCE
        && is_alike(red, other_red)
        && is_alike(green, other_green)
        && is_alike(blue, other_blue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Channels, Size};

    #[test]
    fn the_inner_part_begins_and_ends_at_other_colours() {
        let check = |rows: [&[u8]; 4], trim: Trim, expected: Option<(u32, u32, u32, u32)>| {
            let samples: Vec<u8> = rows.concat();
            let pixels = Pixels { samples, size: Size::new(5, 4).unwrap(), channels: Channels::Gray };
            let inner = inner(&pixels, trim);
            assert_eq!(inner.map(|inner| (inner.left, inner.top, inner.right, inner.bottom)), expected);
        };
        let picture: [&[u8]; 4] =
            [&[250, 255, 240, 250, 250], &[250, 250, 9, 250, 250], &[250, 9, 250, 250, 250], &[250; 5]];
        check(picture, Trim::Auto, Some((1, 1, 3, 3)));
        check(picture, Trim::Color(Color::WHITE), Some((1, 1, 3, 3)));
        check(picture, Trim::Color(Color::opaque(0)), Some((0, 0, 5, 4)));
        check([&[7; 5]; 4], Trim::Auto, None);
    }

    #[test]
    fn transparent_pixels_of_all_colours_are_equal() {
        let samples = [[0, 0, 0, 0], [255, 9, 9, 0], [9, 9, 9, 255], [3, 3, 3, 2]].concat();
        let pixels = Pixels { samples, size: Size::new(4, 1).unwrap(), channels: Channels::Rgba };
        assert_eq!(inner(&pixels, Trim::Auto), Some(Inner { left: 2, top: 0, right: 3, bottom: 1 }));
    }
}
