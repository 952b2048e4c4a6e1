//! Chooses filter and compression for a picture with many colours, by encoding a few of its rows.

use super::method::Method;
use super::write::write;
use crate::error::Error;
use crate::pixels::{Pixels, Size};

/// Numbers of sampled bands and of rows per band. Together they are a twelfth of a picture of 400 rows. There are
/// several bands because the content may change from top to bottom.
const BANDS: usize = 4;
const ROWS_PER_BAND: usize = 8;

/// Maximum size with [`Method::Fast`], in percent of the size with a slower one. The slower ones take three to five
/// times as long.
const FAST_METHOD_PERCENT: usize = 115;

/// The combination that suits a picture.
pub(super) fn best_method(pixels: &Pixels) -> Result<Method, Error> {
    let sample = sample(pixels);
    let bytes = |method| write(&sample, method).map(|file| file.len());
    let (fast, unfiltered) = (bytes(Method::Fast)?, bytes(Method::Unfiltered)?);
    // If a picture is smaller without filters, the third combination would gain little.
    let (method, slower) = if unfiltered < fast {
        (Method::Unfiltered, unfiltered)
    } else {
        (Method::Filtered, bytes(Method::Filtered)?)
    };
    Ok(if fast * 100 <= slower * FAST_METHOD_PERCENT { Method::Fast } else { method })
}

/// The sampled bands below each other; the whole picture if it has no more rows than they.
fn sample(pixels: &Pixels) -> Pixels {
    let height = pixels.size.height() as usize;
    if height <= BANDS * ROWS_PER_BAND {
        return pixels.clone();
    }
    let stride = pixels.size.width() as usize * pixels.channels.count() as usize;
    let mut samples = Vec::with_capacity(BANDS * ROWS_PER_BAND * stride);
    for band in 0..BANDS {
        // The middle of each quarter.
        let first = (height * (2 * band + 1) / (2 * BANDS)).saturating_sub(ROWS_PER_BAND / 2);
        let end = (first + ROWS_PER_BAND) * stride;
        samples.extend_from_slice(pixels.samples.get(first * stride..end).unwrap_or_default());
    }
    let rows = (samples.len() / stride) as u32;
    let size = Size::new(pixels.size.width(), rows).unwrap_or(pixels.size);
    Pixels { samples, size, channels: pixels.channels }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Channels;

    fn picture(height: u32, sample: impl Fn(u32, u32) -> u8) -> Pixels {
        let width = 256;
        let samples = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| sample(x, y));
        Pixels {
            samples: samples.collect(),
            size: Size::new(width, height).unwrap(),
            channels: Channels::Gray,
        }
    }

    #[test]
    fn repetitions_stay_unfiltered_and_slight_noise_is_compressed_fast() {
        let check = |picture: &Pixels, expected: Method| assert_eq!(best_method(picture).unwrap(), expected);
        let hash = |n: u32| {
            let n = n.wrapping_mul(0x9e37_79b9);
            let n = (n ^ (n >> 15)).wrapping_mul(0x85eb_ca6b);
            (n ^ (n >> 13)).wrapping_mul(0xc2b2_ae35) >> 24
        };
        // Four different letters of 16 × 16 random pixels.
        let letters = picture(300, |x, y| hash((x % 16) + 16 * (y % 16) + 256 * (hash(x / 16) % 4)) as u8);
        check(&letters, Method::Unfiltered);
        let with_noise = |noise: fn(u32) -> u32| {
            picture(300, move |x, y| (x / 2 + y / 3 + noise(hash(x + 256 * y))) as u8)
        };
        check(&with_noise(|n| n % 8), Method::Fast);
        check(&with_noise(|n| (n * n) >> 11), Method::Filtered);
        check(&picture(1, |x, _| hash(x) as u8), Method::Fast);
    }

    #[test]
    fn a_sample_has_a_band_of_each_quarter_and_a_small_picture_is_its_own_sample() {
        let check = |height, expected: &[u8]| {
            let sample = sample(&picture(height, |_, y| y as u8));
            let rows: Vec<u8> = sample.samples.chunks(256).map(|row| row[0]).collect();
            assert_eq!((sample.size.height() as usize, &rows[..]), (rows.len(), expected));
        };
        check(3, &[0, 1, 2]);
        check(32, &(0..32).collect::<Vec<u8>>());
        check(33, &[0..8, 8..16, 16..24, 24..32].map(Iterator::collect::<Vec<u8>>).concat());
        let bands = [25, 75, 125, 175_u8].map(|middle| (middle - 4..middle + 4).collect::<Vec<u8>>());
        check(200, &bands.concat());
    }
}
