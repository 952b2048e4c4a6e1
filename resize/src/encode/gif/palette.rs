//! The palette of a frame: its exact colours if they are few, else colours that represent them with a small error.

use std::collections::{HashMap, HashSet};

/// Maximum number of colours. One of 256 indices is left for transparency.
const MAX_COLORS: usize = 255;

/// At most 255 colours, with indices from 1. Index 0 means "not drawn".
pub(super) struct Palette {
    colors: Vec<[u8; 3]>,
    exact: HashMap<[u8; 3], u8>,
    /// A cache: the index of the nearest colour by the upper six bits of each channel; 0 if it isn't known yet.
    nearest: Vec<u8>,
    is_reduced: bool,
}

/// The index that means "not drawn".
pub(super) const TRANSPARENT: u8 = 0;

const NEAREST_BITS: u32 = 6;

impl Palette {
    /// The palette of the pixels that are drawn.
    pub(super) fn of(drawn: &[Option<[u8; 3]>]) -> Self {
        let mut palette =
            Self { colors: Vec::new(), exact: HashMap::new(), nearest: Vec::new(), is_reduced: false };
        if !palette.add_missing(drawn) {
            palette.is_reduced = true;
            palette.add(&reduced(drawn));
        }
        palette
    }

    /// Adds the missing colours of these pixels. Returns `false` and adds none if they would be too many.
    pub(super) fn add_missing(&mut self, drawn: &[Option<[u8; 3]>]) -> bool {
        let mut missing = HashSet::new();
        let mut last = None;
        for color in drawn.iter().flatten().filter(|color| last.replace(**color) != Some(**color)) {
            if !self.exact.contains_key(color) {
                missing.insert(*color);
            }
            if self.colors.len() + missing.len() > MAX_COLORS {
                return false;
            }
        }
        let mut missing: Vec<_> = missing.into_iter().collect();
        missing.sort_unstable();
        self.add(&missing);
        true
    }

    /// `true` if the palette represents more colours than it has.
    pub(super) const fn is_reduced(&self) -> bool {
        self.is_reduced
    }

    /// The nearest colour and its index.
    pub(super) fn nearest(&mut self, color: [u8; 3]) -> (u8, [u8; 3]) {
        let index = match self.exact.get(&color) {
            Some(index) => *index,
            None => self.nearest_cached(color),
        };
        let near = usize::from(index).checked_sub(1).and_then(|place| self.colors.get(place));
        (index, near.copied().unwrap_or(color))
    }

    /// Red, green and blue for each index.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [[0; 3]].iter().chain(&self.colors).flatten().copied().collect()
    }

    fn add(&mut self, colors: &[[u8; 3]]) {
        self.colors.extend(colors);
        self.exact = self.colors.iter().copied().zip(1..=u8::MAX).collect();
        self.nearest.clear();
    }

    fn nearest_cached(&mut self, color: [u8; 3]) -> u8 {
        if self.nearest.is_empty() {
            self.nearest = vec![TRANSPARENT; 1 << (3 * NEAREST_BITS)];
        }
        let cell = cell(color, NEAREST_BITS);
        match self.nearest.get(cell) {
            Some(index) if *index != TRANSPARENT => *index,
            _ => {
                let distances = self.colors.iter().map(|other| distance(color, *other)).zip(1..=u8::MAX);
                let index = distances.min().map_or(0, |(_, index)| index);
                if let Some(slot) = self.nearest.get_mut(cell) {
                    *slot = index;
                }
                index
            }
        }
    }
}

/// The squared distance, weighted by the perceived brightness of each channel.
fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    const WEIGHTS: [u32; 3] = [2, 4, 1];
    let channels = a.into_iter().zip(b).zip(WEIGHTS);
    channels.map(|((a, b), weight)| weight * u32::from(a.abs_diff(b)).pow(2)).sum()
}

fn cell(color: [u8; 3], bits: u32) -> usize {
    color.into_iter().fold(0, |cell, channel| cell << bits | usize::from(channel >> (8 - bits)))
}

/// A group of similar colours with the number of pixels of each.
struct Cluster {
    colors: Vec<([f64; 3], f64)>,
    mean: [f64; 3],
    variances: [f64; 3],
}

/// Reduces the colours to [`MAX_COLORS`] by repeatedly splitting the cluster with the largest error (after X. Wu, "Efficient
/// Statistical Computations for Optimal Color Quantization", Graphics Gems II, 1991, without its search for the best
/// place to split).
fn reduced(drawn: &[Option<[u8; 3]>]) -> Vec<[u8; 3]> {
    let mut clusters = vec![Cluster::new(histogram(drawn))];
    while clusters.len() < MAX_COLORS {
        let errors = clusters.iter().map(Cluster::error).enumerate();
        let Some((worst, error)) = errors.max_by(|(_, a), (_, b)| a.total_cmp(b)) else { break };
        if error <= 0.0 {
            break;
        }
        let (low, high) = clusters.swap_remove(worst).split();
        clusters.extend([low, high]);
    }
    clusters.iter().map(|cluster| cluster.mean.map(|channel| channel.round() as u8)).collect()
}

/// The mean colour and the number of pixels of each cell of 8 × 8 × 8 colours.
fn histogram(drawn: &[Option<[u8; 3]>]) -> Vec<([f64; 3], f64)> {
    const BITS: u32 = 5;
    let mut cells = vec![([0u64; 3], 0u64); 1 << (3 * BITS)];
    for color in drawn.iter().flatten() {
        if let Some((sums, count)) = cells.get_mut(cell(*color, BITS)) {
            sums.iter_mut().zip(color).for_each(|(sum, channel)| *sum += u64::from(*channel));
            *count += 1;
        }
    }
    let filled = cells.into_iter().filter(|(_, count)| *count > 0);
    filled.map(|(sums, count)| (sums.map(|sum| sum as f64 / count as f64), count as f64)).collect()
}

impl Cluster {
    fn new(colors: Vec<([f64; 3], f64)>) -> Self {
        let weight: f64 = colors.iter().map(|(_, count)| count).sum();
        let mut mean = [0.0; 3];
        for (color, count) in &colors {
            mean.iter_mut().zip(color).for_each(|(sum, channel)| *sum += channel * count / weight);
        }
        let mut variances = [0.0; 3];
        for (color, count) in &colors {
            let offsets = color.iter().zip(mean).map(|(channel, mean)| channel - mean);
            variances.iter_mut().zip(offsets).for_each(|(sum, offset)| *sum += offset * offset * count);
        }
        Self { colors, mean, variances }
    }

    fn error(&self) -> f64 {
        if self.colors.len() < 2 { 0.0 } else { self.variances.iter().sum() }
    }

    /// Splits the cluster at the mean of its channel with the largest variance. Neither part is empty if the cluster
    /// has two different colours.
    fn split(self) -> (Self, Self) {
        let [red, green, blue] = self.variances;
        let [mean_red, mean_green, mean_blue] = self.mean;
        let is_low = |color: &[f64; 3]| {
            let [r, g, b] = *color;
            if green >= red && green >= blue {
                g < mean_green
            } else if red >= blue {
                r < mean_red
            } else {
                b < mean_blue
            }
        };
        let (low, high) = self.colors.into_iter().partition(|(color, _)| is_low(color));
        (Self::new(low), Self::new(high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(colors: u32) -> Vec<Option<[u8; 3]>> {
        (0..colors).map(|i| Some([(i % 256) as u8, (i / 256) as u8, 7])).collect()
    }

    #[test]
    fn few_colours_are_kept_exactly() {
        let drawn = ramp(255);
        let mut palette = Palette::of(&drawn);
        assert!(!palette.is_reduced());
        assert!(drawn.iter().flatten().all(|color| palette.nearest(*color).1 == *color));
        assert_eq!(palette.to_bytes().len(), 256 * 3);
        assert_eq!(Palette::of(&[None]).to_bytes(), [0; 3]);
    }

    #[test]
    fn colours_are_added_up_to_the_limit_and_keep_their_indices() {
        let mut palette = Palette::of(&ramp(100));
        let before = palette.nearest([99, 0, 7]);
        assert!(palette.add_missing(&ramp(200)));
        assert_eq!((palette.nearest([99, 0, 7]), palette.to_bytes().len()), (before, 201 * 3));
        assert!(!palette.add_missing(&ramp(256)));
        assert_eq!(palette.to_bytes().len(), 201 * 3);
        assert!(palette.add_missing(&ramp(255)));
        assert!(ramp(255).iter().flatten().all(|color| palette.nearest(*color).1 == *color));
    }

    #[test]
    fn a_reduced_palette_has_a_similar_colour_for_each() {
        let drawn = ramp(20_000);
        let mut palette = Palette::of(&drawn);
        assert!(palette.is_reduced());
        assert!(palette.colors.len() <= MAX_COLORS);
        for color in drawn.iter().flatten() {
            let (_, near) = palette.nearest(*color);
            assert!(color.iter().zip(near).all(|(a, b)| a.abs_diff(b) <= 16), "{color:?} {near:?}");
        }
    }

    #[test]
    fn a_rare_and_distinct_colour_is_kept() {
        let mut drawn = vec![Some([128, 128, 128]); 5000];
        drawn.extend((0..300u32).map(|i| Some([120 + (i % 16) as u8, 120 + (i / 16) as u8, 128])));
        drawn.push(Some([255, 0, 0]));
        let (_, near) = Palette::of(&drawn).nearest([255, 0, 0]);
        assert_eq!(near, [255, 0, 0]);
    }
}
