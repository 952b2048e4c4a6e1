//! Encoding: converts a picture to planes, encodes them, and writes the file around them.

use avif_serialize::Aviffy;
use avif_serialize::constants::{ColorPrimaries, MatrixCoefficients, TransferCharacteristics};

use crate::aom::encoder::{self, Chroma, Planes};
use crate::error::Error;
use crate::planes::{self, Range, Sampling};
use crate::view::{Layout, View};

/// The longest side in pixels that is encoded: the most that every reader of the format's baseline profile supports.
pub const MAX_SIDE: u32 = 16_384;

/// Encodes an sRGB picture with loss, 8 bits per channel, 4:2:0. `quality` is 1 to 100.
pub fn encode(picture: View<'_>, layout: Layout, quality: u8) -> Result<Vec<u8>, Error> {
    encode_as(picture, layout, quality, Sampling::Half)
}

/// Encodes an sRGB picture with loss, 8 bits per channel, 4:4:4, for sharp edges between saturated colours. `quality` is 1 to
/// 100.
pub fn encode_sharp(picture: View<'_>, layout: Layout, quality: u8) -> Result<Vec<u8>, Error> {
    encode_as(picture, layout, quality, Sampling::Full)
}

fn encode_as(picture: View<'_>, layout: Layout, quality: u8, sampling: Sampling) -> Result<Vec<u8>, Error> {
    picture.dimensions(layout.channels())?;
    let View { samples, width, height } = picture;
    check_sides(width, height)?;
    let columns = width as usize;
    let is_full = sampling == Sampling::Full;
    let (luma, blue, red) = match layout {
        Layout::Rgb => split(samples.as_chunks::<3>().0, columns, is_full, |rgb| *rgb),
        Layout::Rgba => {
            split(samples.as_chunks::<4>().0, columns, is_full, |[red, green, blue, _]| [*red, *green, *blue])
        }
    };
    let range = Range::Full;
    let chroma = if is_full { Chroma::FullPlanes([&blue, &red]) } else { Chroma::Planes([&blue, &red]) };
    let colors = Planes { width, height, range, luma: &luma, chroma };
    let colors = encoder::encode(&colors, quantizer(quality))?;
    let alpha = match layout {
        Layout::Rgb => None,
        Layout::Rgba => {
            let alpha: Vec<u8> = samples.as_chunks::<4>().0.iter().map(|[.., alpha]| *alpha).collect();
            let alpha = Planes { width, height, range, luma: &alpha, chroma: Chroma::None };
            Some(encoder::encode(&alpha, alpha_quantizer(quality))?)
        }
    };
    file((width, height), range, sampling, &colors, alpha.as_deref())
}

/// Encodes 4:2:0 planes with loss, 8 bits per channel, in their range. `quality` is 1 to 100.
pub fn encode_planes(picture: planes::Planes<'_>, quality: u8) -> Result<Vec<u8>, Error> {
    picture.dimensions(Sampling::Half)?;
    let planes::Planes { luma: View { samples: luma, width, height }, cb, cr, range } = picture;
    check_sides(width, height)?;
    let chroma = Chroma::Planes([cb.samples, cr.samples]);
    let colors = encoder::encode(&Planes { width, height, range, luma, chroma }, quantizer(quality))?;
    file((width, height), range, Sampling::Half, &colors, None)
}

fn check_sides(width: u32, height: u32) -> Result<(), Error> {
    if width > MAX_SIDE || height > MAX_SIDE { Err(Error::Size) } else { Ok(()) }
}

/// The file around the encoded colours and alpha.
fn file(
    (width, height): (u32, u32),
    range: Range,
    sampling: Sampling,
    colors: &[u8],
    alpha: Option<&[u8]>,
) -> Result<Vec<u8>, Error> {
    let mut file = Vec::with_capacity(colors.len() + alpha.map_or(0, <[u8]>::len) + 512);
    let written = Aviffy::new()
        .set_width(width)
        .set_height(height)
        .set_bit_depth(8)
        .set_seq_profile(u8::from(sampling == Sampling::Full))
        .set_chroma_subsampling((sampling != Sampling::Full, sampling != Sampling::Full))
        .set_color_primaries(ColorPrimaries::Bt709)
        .set_transfer_characteristics(TransferCharacteristics::Srgb)
        .set_matrix_coefficients(MatrixCoefficients::Bt601)
        .set_full_color_range(range == Range::Full)
        .write_slice(&mut file, colors, alpha);
    written.map_err(|_| Error::Size)?;
    Ok(file)
}

/// libaom's quantiser for a quality on WebP's scale. At each quality of the table, AVIF and WebP have the same mean
/// SSIMULACRA2 over six photos at 640 pixels (docs/avif.md has the figures). Between two entries of the table the
/// quantiser is interpolated. The lossless quantiser 0 is not used.
fn quantizer(quality: u8) -> u32 {
    const QUANTIZER_BY_QUALITY: [(u8, u32); 15] = [
        (1, 51),
        (5, 46),
        (10, 43),
        (20, 39),
        (30, 35),
        (40, 32),
        (50, 30),
        (60, 27),
        (70, 24),
        (76, 21),
        (80, 16),
        (85, 12),
        (90, 7),
        (95, 3),
        (100, 1),
    ];
    let mut pairs = QUANTIZER_BY_QUALITY.array_windows::<2>();
    let Some([(from, coarse), (to, fine)]) = pairs.rfind(|[(from, _), _]| *from <= quality) else {
        return 51;
    };
    let (done, all) = (u32::from(quality.min(*to) - from), u32::from(to - from));
    coarse - ((coarse - fine) * done + all / 2) / all
}

/// The quantiser for alpha. It is finer, since errors of alpha are visible as fringes.
fn alpha_quantizer(quality: u8) -> u32 {
    quantizer(quality).div_ceil(2)
}

/// Converts RGB to luma, blue and red difference by BT.601, full range (ITU-T T.871, section 7), in fractions of 2^16. A
/// difference is that of each pixel if `is_full`, or the mean of four. At odd edges the last column or row counts twice.
fn split<const N: usize>(
    pixels: &[[u8; N]],
    columns: usize,
    is_full: bool,
    rgb: impl Fn(&[u8; N]) -> [u8; 3],
) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let luma = |pixel: &[u8; N]| {
        let [red, green, blue] = rgb(pixel).map(u32::from);
        ((19_595 * red + 38_470 * green + 7_471 * blue + 0x8000) >> 16) as u8
    };
    let lumas = pixels.iter().map(luma).collect();
    let blue = |[red, green, blue]: [i32; 3]| -11_059 * red - 21_709 * green + 32_768 * blue;
    let red = |[red, green, blue]: [i32; 3]| 32_768 * red - 27_439 * green - 5_329 * blue;
    if is_full {
        let difference = |sum: i32| ((sum + (128 << 16) + (1 << 15)) >> 16).clamp(0, 255) as u8;
        let plane = |of: fn([i32; 3]) -> i32| {
            pixels.iter().map(|pixel| difference(of(rgb(pixel).map(i32::from)))).collect()
        };
        return (lumas, plane(blue), plane(red));
    }
    let chroma_len = columns.div_ceil(2) * (pixels.len() / columns).div_ceil(2);
    let (mut blues, mut reds) = (Vec::with_capacity(chroma_len), Vec::with_capacity(chroma_len));
    for pair in pixels.chunks(columns * 2) {
        let (upper, lower) = pair.split_at_checked(columns).unwrap_or((pair, &[]));
        let lower = if lower.is_empty() { upper } else { lower };
        for (above, below) in upper.chunks(2).zip(lower.chunks(2)) {
            let (Some(a), Some(b), Some(c), Some(d)) =
                (above.first(), above.last(), below.first(), below.last())
            else {
                continue;
            };
            let ([a, b], [c, d]) = ([a, b].map(&rgb), [c, d].map(&rgb));
            let sum = |channel: fn([u8; 3]) -> u8| {
                [a, b, c, d].map(channel).iter().map(|s| i32::from(*s)).sum::<i32>()
            };
            let sums = [sum(|[red, ..]| red), sum(|[_, green, _]| green), sum(|[.., blue]| blue)];
            let difference = |sum: i32| ((sum + (128 << 18) + (1 << 17)) >> 18).clamp(0, 255) as u8;
            blues.push(difference(blue(sums)));
            reds.push(difference(red(sums)));
        }
    }
    (lumas, blues, reds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiser_decreases_with_quality_and_is_never_lossless() {
        let check = |quality, expected| assert_eq!(quantizer(quality), expected, "{quality}");
        check(0, 51);
        check(1, 51);
        check(3, 48);
        check(40, 32);
        check(75, 21);
        check(76, 21);
        check(78, 18);
        check(100, 1);
        check(255, 1);
        assert!((1..=100).map(quantizer).is_sorted_by(|coarse, fine| coarse >= fine));
        assert_eq!((alpha_quantizer(76), alpha_quantizer(100)), (11, 1));
    }
}
