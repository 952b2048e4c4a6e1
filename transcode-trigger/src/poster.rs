//! The poster that players display: the first in an order that is not black.

use jpeg::{Header, LastBits, Options, Planes, Scale, Scales};

use crate::plan::DISPLAYED_POSTER;

/// The highest luma, 0 to 255, of a black pixel: video black in full range, with room for noise.
const MAX_BLACK: u8 = 40;

/// The fraction of a black picture that may be brighter, such as a logo in a corner.
const MAX_BRIGHT: f64 = 0.01;

/// The posters by preference: the displayed one, those after it, those before it.
pub fn by_preference<T>(posters: &[T]) -> impl Iterator<Item = &T> {
    let (before, after) = posters.split_at(DISPLAYED_POSTER.min(posters.len()));
    after.iter().chain(before)
}

/// `true` if a JPEG file is a black picture. A file that can't be decoded is not.
pub fn is_black(file: &[u8]) -> bool {
    let Ok(header) = Header::read(file) else { return false };
    let options = Options { scales: Scales::all(Scale::EIGHTH), last_bits: LastBits::Read };
    let mut planes = Planes::default();
    if jpeg::decode(&header, file, options, &mut planes, &mut || true).is_err() {
        return false;
    }
    let Some(luma) = planes.as_slice().first() else { return false };
    let count = |limit: u8| luma.rows().flatten().filter(|sample| **sample > limit).count() as f64;
    count(MAX_BLACK) <= MAX_BRIGHT * f64::from(luma.width()) * f64::from(luma.height())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_displayed_poster_comes_first_and_the_earlier_ones_last() {
        let order = |posters: &[u8]| by_preference(posters).copied().collect::<Vec<_>>();
        assert_eq!(order(&[0, 1, 2, 3]), [1, 2, 3, 0]);
        assert_eq!(order(&[0, 1]), [1, 0]);
        assert_eq!(order(&[0]), [0]);
        assert_eq!(order(&[]), [0; 0]);
    }

    #[test]
    fn a_dark_picture_with_an_object_is_not_black() {
        let check = |bright: usize, level: u8, expected: bool| {
            let mut samples = vec![level; 160 * 96 * 3];
            samples.iter_mut().take(bright * 3).for_each(|sample| *sample = 200);
            let view = codecs::View { samples: &samples, width: 160, height: 96 };
            let file = codecs::jpeg::encode(view, codecs::jpeg::Layout::Rgb, 80).unwrap();
            assert_eq!(is_black(&file), expected, "{bright} {level}");
        };
        check(0, 0, true);
        check(0, 16, true);
        check(0, 60, false);
        check(160 * 16, 0, false);
        check(8, 0, true);
        assert!(!is_black(b"no JPEG"));
        assert!(!is_black(b""));
    }
}
