//! Sharpens a picture.

use crate::pixels::{Channels, Pixels};

/// A binomial filter of five taps, close to a Gaussian with a standard deviation of one pixel. Resampling loses the
/// detail that is finer than this filter.
const TAPS: [f32; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];

/// The factor of the difference that is added at strength 100.
const MAX_AMOUNT: f32 = 2.0;

/// Applies an unsharp mask. `strength` is 0 (none) to 100. The difference between a pixel's luminance and its
/// surroundings is added to every channel, so that no coloured fringes appear. Pixels are weighted by their alpha.
pub fn sharpen(pixels: Pixels, strength: u8) -> Pixels {
    if strength == 0 {
        return pixels;
    }
    let amount = MAX_AMOUNT * f32::from(strength) / 100.0;
    match pixels.channels {
        Channels::Gray => masked::<1>(pixels, amount, |[gray]| (f32::from(gray), 1.0)),
        Channels::Rgb => masked::<3>(pixels, amount, |[red, green, blue]| (luminance(red, green, blue), 1.0)),
        Channels::GrayAlpha | Channels::Rgba | Channels::Cmyk => {
            masked::<4>(pixels.to_rgba(), amount, |[red, green, blue, alpha]| {
                (luminance(red, green, blue), f32::from(alpha) / 255.0)
            })
        }
    }
}

/// The luminance by Rec. 709, as in sRGB.
fn luminance(red: u8, green: u8, blue: u8) -> f32 {
    0.2126 * f32::from(red) + 0.7152 * f32::from(green) + 0.0722 * f32::from(blue)
}

/// Applies the mask. `look` returns the luminance and the weight of a pixel.
fn masked<const N: usize>(mut pixels: Pixels, amount: f32, look: impl Fn([u8; N]) -> (f32, f32)) -> Pixels {
    let width = pixels.size.width() as usize;
    let (sources, _) = pixels.samples.as_chunks::<N>();
    let light: Vec<(f32, f32)> = sources.iter().map(|pixel| look(*pixel)).collect();
    let weighted: Vec<(f32, f32)> = light.iter().map(|(light, weight)| (light * weight, *weight)).collect();
    let around = blurred_down(&blurred_across(&weighted, width), width);
    let (targets, _) = pixels.samples.as_chunks_mut::<N>();
    for (pixel, ((light, _), (sum, weight))) in targets.iter_mut().zip(light.iter().zip(around)) {
        if weight <= 0.0 {
            continue;
        }
        let more = amount * (light - sum / weight);
        // The fourth sample is alpha.
        for sample in pixel.iter_mut().take(3) {
            *sample = (f32::from(*sample) + more).round().clamp(0.0, 255.0) as u8;
        }
    }
    pixels
}

fn blurred_across(plane: &[(f32, f32)], width: usize) -> Vec<(f32, f32)> {
    let rows = plane.chunks_exact(width);
    rows.flat_map(|row| (0..width).map(|x| mean(|tap| row.get(at(x, tap, width)).copied()))).collect()
}

fn blurred_down(plane: &[(f32, f32)], width: usize) -> Vec<(f32, f32)> {
    let height = plane.len() / width;
    let mut blurred = Vec::with_capacity(plane.len());
    for y in 0..height {
        let starts: [usize; 5] = std::array::from_fn(|tap| at(y, tap, height) * width);
        blurred.extend((0..width).map(|x| mean(|tap| plane.get(starts.get(tap)? + x).copied())));
    }
    blurred
}

/// The position of a tap. Positions beyond the edge are moved to the edge.
fn at(center: usize, tap: usize, length: usize) -> usize {
    (center + tap).saturating_sub(2).min(length - 1)
}

fn mean(of: impl Fn(usize) -> Option<(f32, f32)>) -> (f32, f32) {
    let taps = TAPS.iter().enumerate();
    taps.fold((0.0, 0.0), |(sum, weight), (tap, share)| {
        let (light, own) = of(tap).unwrap_or_default();
        (sum + share * light, weight + share * own)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Size;

    fn row(samples: &[u8], channels: Channels) -> Pixels {
        let width = samples.len() as u32 / channels.count();
        Pixels { samples: samples.to_vec(), size: Size::new(width, 1).unwrap(), channels }
    }

    #[test]
    fn an_edge_becomes_steeper_and_flat_parts_stay() {
        let edge = [80, 80, 80, 80, 120, 120, 120, 120];
        assert_eq!(sharpen(row(&edge, Channels::Gray), 0).samples, edge);
        let sharp = sharpen(row(&edge, Channels::Gray), 50).samples;
        // The change is 40 × 5/16 next to the edge, and 40 × 1/16 one pixel farther.
        assert_eq!(sharp, [80, 80, 78, 68, 133, 123, 120, 120]);
        let sharper = sharpen(row(&edge, Channels::Gray), 100).samples;
        assert!(sharper[3] < sharp[3] && sharper[4] > sharp[4]);
    }

    #[test]
    fn every_channel_changes_by_the_same_amount() {
        let edge: Vec<u8> = [[80, 60, 40]; 4].into_iter().chain([[120, 100, 80]; 4]).flatten().collect();
        let sharp = sharpen(row(&edge, Channels::Rgb), 50);
        for [red, green, blue] in sharp.samples.as_chunks::<3>().0 {
            assert_eq!((red - green, green - blue), (20, 20));
        }
    }

    #[test]
    fn transparent_pixels_do_not_count_and_alpha_stays() {
        let edge: Vec<u8> =
            [[80, 80, 80, 255]; 4].into_iter().chain([[255, 255, 255, 0]; 4]).flatten().collect();
        assert_eq!(sharpen(row(&edge, Channels::Rgba), 100).samples, edge);
    }
}
