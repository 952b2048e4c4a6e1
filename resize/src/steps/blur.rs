//! Blurs a picture.

use crate::error::Error;
use crate::pixels::rect::Rect;
use crate::pixels::resample::resample;
use crate::pixels::{Channels, Pixels, Size};

/// Standard deviation of the Gaussian for strength 1, in pixels of the variant. The strongest blur, 2000, has a
/// deviation of 100 pixels and leaves almost one colour.
const SIGMA_PER_STRENGTH: f32 = 1.0 / 20.0;

/// Maximum standard deviation in pixels. For a stronger blur, the picture is made so small that the deviation has this
/// value. No finer detail would remain anyway, and so the cost doesn't grow with the strength.
const MAX_SIGMA: f32 = 4.0;

/// Blurs the picture with a Gaussian. `strength` is on imgix' scale, 0 (none) to 2000. Colours are weighted by their
/// alpha.
pub fn blur(pixels: Pixels, strength: u16) -> Result<Pixels, Error> {
    if strength == 0 {
        return Ok(pixels);
    }
    let sigma = f32::from(strength) * SIGMA_PER_STRENGTH;
    let factor = (MAX_SIGMA / sigma).min(1.0);
    let size = pixels.size;
    let length = |side: u32| f64::from(side) * f64::from(factor);
    let small = Size::rounded(length(size.width()), length(size.height()));
    let copy = resample(pixels, Rect::whole(size), small)?;
    resample(convolve(&copy, sigma * factor), Rect::whole(small), size)
}

fn convolve(pixels: &Pixels, sigma: f32) -> Pixels {
    let weights = gaussian(sigma);
    let size = pixels.size;
    let (samples, channels) = match pixels.channels {
        Channels::Gray => (weighted_means(pixels, &weights, as_number::<1>, as_sample), Channels::Gray),
        Channels::Rgb => (weighted_means(pixels, &weights, as_number::<3>, as_sample), Channels::Rgb),
        Channels::GrayAlpha | Channels::Rgba | Channels::Cmyk => {
            (weighted_means(&pixels.to_rgba(), &weights, premultiplied, unpremultiplied), Channels::Rgba)
        }
    };
    Pixels { samples, size, channels }
}

/// The weights of a Gaussian, up to three standard deviations on both sides of the middle. Their sum is 1.
pub(crate) fn gaussian(sigma: f32) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil() as i16;
    let weight = |distance: i16| (-0.5 * (f32::from(distance) / sigma).powi(2)).exp();
    let weights: Vec<f32> = (-reach..=reach).map(weight).collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The weighted mean around each pixel, first along the rows, then along the columns. The picture is extended by
/// repeating its edge pixels.
fn weighted_means<const N: usize>(
    pixels: &Pixels,
    weights: &[f32],
    load: impl Fn([u8; N]) -> [f32; N],
    store: impl Fn([f32; N]) -> [u8; N],
) -> Vec<u8> {
    let stride = pixels.size.width() as usize * N;
    let reach = weights.len() / 2;
    let mut across = vec![0.0; pixels.samples.len()];
    let mut line: Vec<f32> = Vec::with_capacity(stride + 2 * reach * N);
    for (row, sums) in pixels.samples.chunks_exact(stride).zip(across.chunks_exact_mut(stride)) {
        let row = row.as_chunks::<N>().0;
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        let padded = std::iter::repeat_n(first, reach).chain(row).chain(std::iter::repeat_n(last, reach));
        line.clear();
        line.extend(padded.flat_map(|pixel| load(*pixel)));
        for (tap, weight) in weights.iter().enumerate() {
            add(sums, line.iter().skip(tap * N), *weight);
        }
    }
    let mut samples = Vec::with_capacity(pixels.samples.len());
    let mut sums = vec![0.0; stride];
    for y in 0..pixels.size.height() as usize {
        sums.fill(0.0);
        for (tap, weight) in weights.iter().enumerate() {
            let row = (y + tap).saturating_sub(reach).min(pixels.size.height() as usize - 1);
            add(&mut sums, across.iter().skip(row * stride), *weight);
        }
        samples.extend(sums.as_chunks::<N>().0.iter().flat_map(|pixel| store(*pixel)));
    }
    samples
}

fn add<'a>(sums: &mut [f32], values: impl Iterator<Item = &'a f32>, weight: f32) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
}

fn as_number<const N: usize>(pixel: [u8; N]) -> [f32; N] {
    pixel.map(f32::from)
}

fn as_sample<const N: usize>(pixel: [f32; N]) -> [u8; N] {
    pixel.map(|value| value.round() as u8)
}

fn premultiplied(pixel: [u8; 4]) -> [f32; 4] {
    let [red, green, blue, alpha] = pixel.map(f32::from);
    [red * alpha / 255.0, green * alpha / 255.0, blue * alpha / 255.0, alpha]
}

fn unpremultiplied([red, green, blue, alpha]: [f32; 4]) -> [u8; 4] {
    let share = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
    as_sample([red * share, green * share, blue * share, alpha])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, channels: Channels, at: impl Fn(u32, u32) -> Vec<u8>) -> Pixels {
        let samples = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| at(x, y));
        Pixels { samples: samples.collect(), size: Size::new(width, height).unwrap(), channels }
    }

    #[test]
    fn a_flat_picture_is_unchanged_by_any_blur() {
        for strength in [0, 1, 5, 20, 80, 81, 400, 2000] {
            for (channels, color) in [(Channels::Gray, vec![90]), (Channels::Rgb, vec![10, 200, 90])] {
                let flat = picture(40, 30, channels, |_, _| color.clone());
                let blurred = blur(flat.clone(), strength).unwrap();
                let is_near = blurred.samples.iter().zip(&flat.samples).all(|(a, b)| a.abs_diff(*b) <= 1);
                assert!(
                    is_near && blurred.size == flat.size,
                    "{strength} {channels:?} {:?}",
                    &blurred.samples[..60]
                );
            }
        }
    }

    #[test]
    fn an_edge_becomes_a_slope_as_wide_as_the_gaussian() {
        // A step from 0 to 200 becomes the integral of the Gaussian: 84.1 % at one standard deviation beyond the step.
        let check = |strength: u16, beyond: u32| {
            let step = picture(400, 8, Channels::Gray, |x, _| vec![if x < 200 { 0 } else { 200 }]);
            let blurred = blur(step, strength).unwrap();
            let at = |x: u32| i32::from(blurred.samples[(4 * 400 + x) as usize]);
            assert!((at(200 + beyond) - 168).abs() <= 9, "{strength}: {}", at(200 + beyond));
            assert!((at(199 - beyond) - 32).abs() <= 9, "{strength}: {}", at(199 - beyond));
        };
        check(80, 4);
        check(160, 8);
        check(800, 40);
    }

    #[test]
    fn transparent_colours_do_not_bleed() {
        let hole =
            picture(
                60,
                8,
                Channels::Rgba,
                |x, _| if x < 30 { vec![200, 0, 0, 255] } else { vec![0, 255, 0, 0] },
            );
        let blurred = blur(hole, 60).unwrap();
        for [_, green, _, alpha] in blurred.samples.as_chunks::<4>().0 {
            assert!(*green < 8 || *alpha < 8, "{green} {alpha}");
        }
    }
}
