//! Resampling in linear light.

use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::{U16, U16x2, U16x3, U16x4};
use fast_image_resize::{MulDiv, PixelTrait};

use super::light::Curve;
use super::rect::Rect;
use super::resample::{convolve, internal, is_constant, resample, with_rows_averaged};
use super::{Channels, Pixels, Size};
use crate::error::Error;

/// Resamples a part of a picture to `size` like [`resample`], but averages the light that `curve` gives for each colour's
/// sample. Alpha is already linear. Inks absorb light, so CMYK is resampled as it is stored.
pub(crate) fn resample_light(
    pixels: Pixels,
    shown: Rect,
    size: Size,
    curve: &'static Curve,
) -> Result<Pixels, Error> {
    if shown == Rect::whole(pixels.size) && size == pixels.size || pixels.channels == Channels::Cmyk {
        return resample(pixels, shown, size);
    }
    let (pixels, shown) = with_rows_averaged(pixels, shown, size, Some(curve));
    let (light, sample) = (|sample| curve.light(sample), |light| curve.sample(light));
    match pixels.channels {
        Channels::Gray => resampled(
            pixels,
            shown,
            size,
            Weights::None,
            |[gray]| U16::new(light(gray)),
            |pixel: &U16| [sample(pixel.0)],
        ),
        Channels::GrayAlpha => {
            let weights = Weights::of::<2>(&pixels);
            let from = |[gray, alpha]: [u8; 2]| U16x2::new([light(gray), widened(alpha)]);
            resampled(pixels, shown, size, weights, from, |pixel: &U16x2| {
                let [gray, alpha] = pixel.0;
                [sample(gray), super::narrow(alpha)]
            })
        }
        Channels::Rgb => {
            let from = |colors: [u8; 3]| U16x3::new(colors.map(light));
            resampled(pixels, shown, size, Weights::None, from, |pixel: &U16x3| pixel.0.map(sample))
        }
        Channels::Rgba | Channels::Cmyk => {
            let weights = Weights::of::<4>(&pixels);
            let from = |[red, green, blue, alpha]: [u8; 4]| {
                U16x4::new([light(red), light(green), light(blue), widened(alpha)])
            };
            resampled(pixels, shown, size, weights, from, |pixel: &U16x4| {
                let [red, green, blue, alpha] = pixel.0;
                [sample(red), sample(green), sample(blue), super::narrow(alpha)]
            })
        }
    }
}

/// The weights of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weights {
    /// All colours have the same weight.
    None,
    /// Each colour is weighted by its alpha.
    Alpha,
}

impl Weights {
    fn of<const N: usize>(pixels: &Pixels) -> Self {
        if is_constant::<N>(&pixels.samples) { Self::None } else { Self::Alpha }
    }
}

/// Resamples pixels that `from` makes of samples and `to` turns back.
fn resampled<Pixel: PixelTrait, const N: usize>(
    pixels: Pixels,
    shown: Rect,
    size: Size,
    weights: Weights,
    from: impl Fn([u8; N]) -> Pixel,
    to: impl Fn(&Pixel) -> [u8; N],
) -> Result<Pixels, Error> {
    let Pixels { samples, size: stored, channels } = pixels;
    let light: Vec<Pixel> = samples.as_chunks::<N>().0.iter().map(|pixel| from(*pixel)).collect();
    drop(samples);
    let mut source = TypedImage::from_pixels(stored.width(), stored.height(), light).map_err(internal)?;
    if weights == Weights::Alpha {
        MulDiv::new().multiply_alpha_inplace_typed(&mut source).map_err(internal)?;
    }
    let mut target = TypedImage::new(size.width(), size.height());
    convolve(&source, &mut target, shown)?;
    if weights == Weights::Alpha {
        MulDiv::new().divide_alpha_inplace_typed(&mut target).map_err(internal)?;
    }
    let samples = target.pixels().iter().flat_map(to).collect();
    Ok(Pixels { samples, size, channels })
}

/// A sample of 8 bits with 16.
const fn widened(sample: u8) -> u16 {
    sample as u16 * 257
}

#[cfg(test)]
mod tests {
    use codecs::planes::Range;

    use super::*;

    fn check(samples: &[u8], channels: Channels, range: Range, expected: &[u8]) {
        let size = Size::new(samples.len() as u32 / channels.count(), 1).unwrap();
        let pixels = Pixels { samples: samples.to_vec(), size, channels };
        let target = Size::new(1, 1).unwrap();
        let small = resample_light(pixels, Rect::whole(size), target, Curve::of(range)).unwrap();
        assert_eq!(small.samples, expected, "{channels:?}");
    }

    #[test]
    fn black_and_white_become_half_of_the_light() {
        check(&[0, 255, 0, 255], Channels::Gray, Range::Full, &[188]);
        check(&[16, 235], Channels::Gray, Range::Limited, &[177]);
        check(&[0, 0, 0, 255, 255, 255], Channels::Rgb, Range::Full, &[188; 3]);
        // The inks of CMYK are averaged as they are.
        check(&[0, 0, 0, 0, 255, 255, 255, 255], Channels::Cmyk, Range::Full, &[128; 4]);
    }

    #[test]
    fn alpha_is_averaged_as_it_is_and_weights_colours() {
        check(&[255, 0, 0, 0, 0, 0, 255, 255], Channels::Rgba, Range::Full, &[0, 0, 255, 128]);
        check(&[255, 0, 77, 255], Channels::GrayAlpha, Range::Full, &[77, 128]);
        check(&[0, 9, 255, 9], Channels::GrayAlpha, Range::Full, &[188, 9]);
    }

    #[test]
    fn a_flat_picture_stays_the_same_at_every_tone() {
        for tone in 0..=255 {
            check(&[tone; 30], Channels::Rgb, Range::Full, &[tone; 3]);
        }
    }

    #[test]
    fn many_rows_are_averaged_in_linear_light() {
        let size = Size::new(2, 400).unwrap();
        let samples = [[0; 2], [255; 2]].concat().repeat(200);
        let pixels = Pixels { samples, size, channels: Channels::Gray };
        let target = Size::new(2, 20).unwrap();
        let small = resample_light(pixels, Rect::whole(size), target, Curve::of(Range::Full)).unwrap();
        assert_eq!(small.samples, [188; 40]);
    }
}
