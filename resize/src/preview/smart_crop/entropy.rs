//! Finds the part with the most varied tones.

use contract::variant::FocalPoint;

use super::luminance::{Rgba, luminance};
use crate::pixels::Pixels;

/// Number of tones that are distinguished.
const TONES: usize = 64;

/// The middle of the window with the aspect ratio `width` : `height` whose tones have the highest entropy. `rgba` has
/// four channels.
pub(super) fn focal_point(rgba: &Pixels, width: f64, height: f64) -> FocalPoint {
    let (own_width, own_height) = (f64::from(rgba.size.width()), f64::from(rgba.size.height()));
    // A crop spans one side of the picture, so it moves along the other one only.
    let is_wide = own_width * height > own_height * width;
    let (slices, share) = if is_wide {
        (columns(rgba), own_height * width / height / own_width)
    } else {
        (rows(rgba), own_width * height / width / own_height)
    };
    let window = ((slices.len() as f64 * share).round() as usize).clamp(1, slices.len().max(1));
    let first = best(&slices.iter().map(|slice| tones(slice)).collect::<Vec<_>>(), window);
    let middle = (first as f64 + window as f64 / 2.0) / slices.len() as f64;
    let thousandths = (middle * 1000.0).round() as u16;
    if is_wide { FocalPoint::new(thousandths, 500) } else { FocalPoint::new(500, thousandths) }
}

fn rows(rgba: &Pixels) -> Vec<Vec<Rgba>> {
    let (all, _) = rgba.samples.as_chunks::<4>();
    all.chunks_exact(rgba.size.width() as usize).map(<[Rgba]>::to_vec).collect()
}

fn columns(rgba: &Pixels) -> Vec<Vec<Rgba>> {
    let (all, _) = rgba.samples.as_chunks::<4>();
    let width = rgba.size.width() as usize;
    (0..width).map(|x| all.iter().skip(x).step_by(width).copied().collect()).collect()
}

/// The first slice of the window with the highest entropy. Of equal windows, the one nearest to the middle is chosen.
fn best(slices: &[[u32; TONES]], window: usize) -> usize {
    let last = slices.len() - window;
    let mut starts: Vec<usize> = (0..=last).collect();
    starts.sort_by_key(|start| (start * 2).abs_diff(last));
    let scored =
        starts.iter().filter_map(|start| Some((*start, entropy(slices.get(*start..start + window)?))));
    let best = scored.reduce(|best, other| if other.1 > best.1 * (1.0 + 1e-9) { other } else { best });
    best.map_or(last / 2, |(start, _)| start)
}

/// Number of pixels of each tone, without transparent ones.
fn tones(slice: &[Rgba]) -> [u32; TONES] {
    let mut counts = [0; TONES];
    for [red, green, blue, alpha] in slice {
        if *alpha < 128 {
            continue;
        }
        let [red, green, blue] = [red, green, blue].map(|channel| f64::from(*channel) / 255.0);
        let tone = (luminance(red, green, blue) * TONES as f64) as usize;
        if let Some(count) = counts.get_mut(tone.min(TONES - 1)) {
            *count += 1;
        }
    }
    counts
}

/// Shannon's entropy of the tones, in bits. A part with more different tones has more detail.
fn entropy(slices: &[[u32; TONES]]) -> f64 {
    let mut counts = [0u32; TONES];
    for slice in slices {
        counts.iter_mut().zip(slice).for_each(|(count, more)| *count += more);
    }
    let all = f64::from(counts.iter().sum::<u32>().max(1));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / all;
            -share * share.log2()
        })
        .sum()
}
