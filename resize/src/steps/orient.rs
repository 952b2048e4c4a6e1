//! Turning a picture upright.

use crate::pixels::Pixels;
use crate::pixels::orientation::Orientation;
use crate::pixels::planes::Planes;

/// Turns a picture.
pub fn orient(pixels: Pixels, orientation: Orientation) -> Pixels {
    if orientation == Orientation::UPRIGHT {
        return pixels;
    }
    match pixels.channels.count() {
        1 => turn::<1>(&pixels, orientation),
        2 => turn::<2>(&pixels, orientation),
        3 => turn::<3>(&pixels, orientation),
        _ => turn::<4>(&pixels, orientation),
    }
}

/// Turns each plane.
pub fn orient_planes(planes: Planes, orientation: Orientation) -> Planes {
    Planes {
        luma: orient(planes.luma, orientation),
        cb: orient(planes.cb, orientation),
        cr: orient(planes.cr, orientation),
        range: planes.range,
    }
}

/// Side in pixels of the squares that are turned at a time, so that the columns read stay in the cache.
const TILE: usize = 32;

fn turn<const N: usize>(pixels: &Pixels, orientation: Orientation) -> Pixels {
    let size = orientation.upright_size(pixels.size);
    let mut upright = Pixels::black(size, pixels.channels);
    let (source, _) = pixels.samples.as_chunks::<N>();
    let (target, _) = upright.samples.as_chunks_mut::<N>();
    let (width, height) = (size.width() as usize, size.height() as usize);
    let source_width = pixels.size.width() as usize;

    let read_at = |x: usize, y: usize| {
        let x = if orientation.is_mirrored { width - 1 - x } else { x };
        let y = if orientation.is_flipped { height - 1 - y } else { y };
        if orientation.is_transposed { x * source_width + y } else { y * source_width + x }
    };
    for tile_y in (0..height).step_by(TILE) {
        for tile_x in (0..width).step_by(TILE) {
            for y in tile_y..height.min(tile_y + TILE) {
                for x in tile_x..width.min(tile_x + TILE) {
                    if let (Some(to), Some(from)) = (target.get_mut(y * width + x), source.get(read_at(x, y)))
                    {
                        *to = *from;
                    }
                }
            }
        }
    }
    upright
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::rect::Rect;
    use crate::pixels::{Channels, Size};
    use contract::variant::Turn;

    /// The picture `abc/def`, stored in each of the eight orientations.
    #[test]
    fn all_eight_orientations_show_the_same_picture() {
        let upright = b"abcdef".to_vec();
        let check = |exif: u8, stored: &[u8], width: u32, height: u32| {
            let size = Size::new(width, height).unwrap();
            let pixels = Pixels { samples: stored.to_vec(), size, channels: Channels::Gray };
            let turned = orient(pixels, Orientation::from_exif(exif).unwrap());
            assert_eq!((turned.samples, turned.size), (upright.clone(), Size::new(3, 2).unwrap()), "{exif}");
        };
        check(1, b"abcdef", 3, 2);
        check(2, b"cbafed", 3, 2);
        check(3, b"fedcba", 3, 2);
        check(4, b"defabc", 3, 2);
        check(5, b"adbecf", 2, 3);
        check(6, b"cfbead", 2, 3);
        check(7, b"fcebda", 2, 3);
        check(8, b"daebfc", 2, 3);
        assert_eq!(Orientation::from_exif(0), None);
        assert_eq!(Orientation::from_exif(9), None);
    }

    #[test]
    fn two_orientations_compose_to_one() {
        let size = Size::new(3, 2).unwrap();
        let pixels = Pixels { samples: b"abcdef".to_vec(), size, channels: Channels::Gray };
        for first in (1..=8).filter_map(Orientation::from_exif) {
            for second in (1..=8).filter_map(Orientation::from_exif) {
                let one_by_one = orient(orient(pixels.clone(), first), second);
                assert_eq!(orient(pixels.clone(), first.then(second)), one_by_one, "{first:?} {second:?}");
            }
        }
    }

    #[test]
    fn a_turn_is_counter_clockwise_after_mirroring() {
        let check = |quarters, is_mirrored, is_flipped, expected: &[u8]| {
            let size = Size::new(3, 2).unwrap();
            let pixels = Pixels { samples: b"abcdef".to_vec(), size, channels: Channels::Gray };
            let turn = Turn::new(quarters, is_mirrored, is_flipped);
            assert_eq!(orient(pixels, Orientation::from_turn(turn)).samples, expected, "{turn:?}");
        };
        check(0, false, false, b"abcdef");
        check(1, false, false, b"cfbead");
        check(2, false, false, b"fedcba");
        check(3, false, false, b"daebfc");
        check(0, true, false, b"cbafed");
        check(0, false, true, b"defabc");
        check(0, true, true, b"fedcba");
        check(1, true, false, b"adbecf");
        check(1, false, true, b"fcebda");
    }

    #[test]
    fn a_part_of_the_upright_picture_is_found_in_the_stored_one() {
        let stored_size = Size::new(7, 5).unwrap();
        let samples: Vec<u8> = (0..35).collect();
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).unwrap();
            let size = orientation.upright_size(stored_size);
            let pixels = Pixels { samples: samples.clone(), size: stored_size, channels: Channels::Gray };
            let upright = orient(pixels, orientation);
            let part = Rect { left: 1.0, top: 2.0, width: 1.0, height: 1.0 };
            let stored = orientation.stored_rect(part, size);
            let seen = upright.samples[(2 * size.width() + 1) as usize];
            assert_eq!(samples[stored.top as usize * 7 + stored.left as usize], seen, "{exif}");
        }
    }
}
