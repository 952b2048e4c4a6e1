//! Maps pixels to the indices of a palette, with dithering.

use super::palette::{Palette, TRANSPARENT};

/// The index of each pixel; [`TRANSPARENT`] for pixels that aren't drawn. The error of a reduced palette at one pixel
/// is distributed to its neighbours (R. Floyd, L. Steinberg, "An Adaptive Algorithm for Spatial Greyscale", 1976), so
/// that gradients don't break into bands.
pub(super) fn indices(drawn: &[Option<[u8; 3]>], width: usize, palette: &mut Palette) -> Vec<u8> {
    if !palette.is_reduced() {
        let index = |color: &Option<[u8; 3]>| color.map_or(TRANSPARENT, |color| palette.nearest(color).0);
        return drawn.iter().map(index).collect();
    }
    let mut indices = Vec::with_capacity(drawn.len());
    let mut below = vec![[0; 3]; width + 2];
    for row in drawn.chunks(width) {
        let here = std::mem::replace(&mut below, vec![[0; 3]; width + 2]);
        let mut ahead = [0; 3];
        for (x, color) in row.iter().enumerate() {
            let Some(color) = color else {
                indices.push(TRANSPARENT);
                ahead = [0; 3];
                continue;
            };
            let missing = here.get(x + 1).map_or(ahead, |above| sum(*above, ahead));
            let target = with_error(*color, missing);
            let (index, nearest) = palette.nearest(target);
            indices.push(index);
            let error = difference(target, nearest);
            ahead = error.map(|channel| channel * 7);
            for (slot, share) in below.iter_mut().skip(x).zip([3, 5, 1]) {
                *slot = sum(*slot, error.map(|channel| channel * share));
            }
        }
    }
    indices
}

/// The error of each channel in sixteenths.
type Error = [i32; 3];

fn sum(one: Error, other: Error) -> Error {
    let [red, green, blue] = one;
    let [more_red, more_green, more_blue] = other;
    [red + more_red, green + more_green, blue + more_blue]
}

fn with_error([red, green, blue]: [u8; 3], [r, g, b]: Error) -> [u8; 3] {
    let channel = |value: u8, missing: i32| (i32::from(value) + missing / 16).clamp(0, 255) as u8;
    [channel(red, r), channel(green, g), channel(blue, b)]
}

fn difference(target: [u8; 3], nearest: [u8; 3]) -> Error {
    let [red, green, blue] = target.map(i32::from);
    let [nearest_red, nearest_green, nearest_blue] = nearest.map(i32::from);
    [red - nearest_red, green - nearest_green, blue - nearest_blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_an_area_survives_a_palette_without_its_colour() {
        // Greens and reds that fill the palette, and a wide gray gradient.
        let many = (0..900u32).map(|i| Some([(i % 30 * 8) as u8, (i / 30 * 8) as u8, 200]));
        let gradient = (0..4000u32).map(|i| Some([(i % 100) as u8; 3]));
        let drawn: Vec<_> = many.chain(gradient).collect();
        let mut palette = Palette::of(&drawn);
        assert!(palette.is_reduced());
        let flat = vec![Some([51, 51, 51]); 400];
        let indices = indices(&flat, 20, &mut palette);
        let colors = palette.to_bytes();
        let total: u32 = indices.iter().map(|index| u32::from(colors[usize::from(*index) * 3])).sum();
        assert!((total / 400).abs_diff(51) <= 2, "{}", total / 400);
    }

    #[test]
    fn pixels_that_are_not_drawn_are_transparent() {
        let mut palette = Palette::of(&[Some([1, 2, 3]), None]);
        assert_eq!(indices(&[None, Some([1, 2, 3]), None], 3, &mut palette), [0, 1, 0]);
    }
}
