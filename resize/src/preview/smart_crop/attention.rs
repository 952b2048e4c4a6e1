//! Finds the part that attracts attention: edges, skin, strong colours.
//!
//! The method of libvips' `smartcrop`: the picture is reduced until textures vanish, each of its cells gets a score, the
//! scores are blurred in proportion to the crop's size, and the crop is centred on the highest. The colour of skin and its
//! threshold are those of smartcrop.js (Jonas Wagner, MIT licence). The weights are our own, chosen by eye over some
//! fifteen photos.

use contract::variant::FocalPoint;

use super::luminance::luminance;
use crate::error::Error;
use crate::pixels::rect::Rect;
use crate::pixels::resample::resample;
use crate::pixels::{Pixels, Size};
use crate::steps::blur::gaussian;

/// Cells along a side. A picture with fewer pixels has one cell for each pixel.
const CELLS: u32 = 32;

const EDGE_WEIGHT: f64 = 2.0;
const SKIN_WEIGHT: f64 = 1.0;
const COLOR_WEIGHT: f64 = 0.5;

/// The colour of skin, as a vector of length 1.
const SKIN: [f64; 3] = [0.78, 0.57, 0.44];

/// Least similarity to the colour of skin, 0 to 1.
const SKIN_THRESHOLD: f64 = 0.8;

/// Least luminance of skin, as a share of white.
const DARKEST_SKIN: f64 = 0.2;

/// Standard deviation of the blur of scores, as a share of the crop's diagonal.
const BLUR_SHARE: f64 = 0.1;

/// The middle of the part with the highest score for a crop of `width` : `height`. `rgba` has four channels.
pub(super) fn focal_point(rgba: Pixels, width: f64, height: f64) -> Result<FocalPoint, Error> {
    let (own_width, own_height) = (f64::from(rgba.size.width()), f64::from(rgba.size.height()));
    let grid = Grid::of(rgba)?;
    let factor = (own_width / width).min(own_height / height);
    let across = width * factor / own_width * grid.width as f64;
    let down = height * factor / own_height * grid.height as f64;
    let scores = grid.scores().blurred((across.hypot(down) * BLUR_SHARE).max(1.0));
    let Some((x, y)) = scores.highest() else { return Ok(FocalPoint::CENTER) };
    let thousandths = |at: usize, count: usize| ((at as f64 + 0.5) / count as f64 * 1000.0).round() as u16;
    Ok(FocalPoint::new(thousandths(x, grid.width), thousandths(y, grid.height)))
}

/// Values in rows and columns.
struct Grid<T> {
    values: Vec<T>,
    width: usize,
    height: usize,
}

/// Red, green, blue and straight alpha, 0 to 1.
type Cell = [f64; 4];

impl Grid<Cell> {
    fn of(rgba: Pixels) -> Result<Self, Error> {
        let (whole, cells) = (Rect::whole(rgba.size), f64::from(CELLS));
        let size = Size::rounded(whole.width.min(cells), whole.height.min(cells));
        let small = resample(rgba, whole, size)?;
        let (pixels, _) = small.samples.as_chunks::<4>();
        let values = pixels.iter().map(|pixel| pixel.map(|channel| f64::from(channel) / 255.0)).collect();
        Ok(Self { values, width: size.width() as usize, height: size.height() as usize })
    }

    fn scores(&self) -> Grid<f64> {
        let light: Vec<f64> =
            self.values.iter().map(|[red, green, blue, _]| luminance(*red, *green, *blue)).collect();
        let at = |x: usize, y: usize| light.get(y * self.width + x).copied().unwrap_or_default();
        let score = |(index, cell): (usize, &Cell)| {
            let (x, y) = (index % self.width, index / self.width);
            let (right, below) = ((x + 1).min(self.width - 1), (y + 1).min(self.height - 1));
            // The Laplacian: the difference of a cell from its neighbours.
            let around =
                at(x.saturating_sub(1), y) + at(right, y) + at(x, y.saturating_sub(1)) + at(x, below);
            let edge = (4.0 * at(x, y) - around).abs();
            let [red, green, blue, alpha] = *cell;
            alpha
                * (EDGE_WEIGHT * edge
                    + SKIN_WEIGHT * skin(red, green, blue)
                    + COLOR_WEIGHT * (red.max(green).max(blue) - red.min(green).min(blue)))
        };
        let values = self.values.iter().enumerate().map(score).collect();
        Grid { values, width: self.width, height: self.height }
    }
}

impl Grid<f64> {
    /// The weighted mean around each value. Values beyond the edge count as equal to those at the edge.
    fn blurred(&self, sigma: f64) -> Self {
        let weights = gaussian(sigma as f32);
        let reach = weights.len() / 2;
        let clamped = |at: usize, tap: usize, count: usize| (at + tap).saturating_sub(reach).min(count - 1);
        let mean = |grid: &Self, place: &dyn Fn(usize, usize, usize) -> usize| {
            let value = |index: usize| {
                let (x, y) = (index % grid.width, index / grid.width);
                let taps = weights.iter().enumerate();
                taps.map(|(tap, weight)| {
                    f64::from(*weight) * grid.values.get(place(x, y, tap)).copied().unwrap_or_default()
                })
                .sum()
            };
            Self { values: (0..grid.values.len()).map(value).collect(), ..*grid }
        };
        let across = mean(self, &|x, y, tap| y * self.width + clamped(x, tap, self.width));
        mean(&across, &|x, y, tap| clamped(y, tap, self.height) * self.width + x)
    }

    /// Column and row of the first of the highest values. `None` if all values are equal.
    fn highest(&self) -> Option<(usize, usize)> {
        const ALIKE: f64 = 1e-6;
        let least = self.values.iter().copied().reduce(f64::min)?;
        let highest = self.values.iter().enumerate().reduce(|a, b| if b.1 > a.1 { b } else { a });
        let (index, _) = highest.filter(|(_, value)| **value - least > ALIKE)?;
        Some((index % self.width, index / self.width))
    }
}

/// Similarity of a colour to that of skin, 0 to 1.
fn skin(red: f64, green: f64, blue: f64) -> f64 {
    if luminance(red, green, blue) < DARKEST_SKIN {
        return 0.0;
    }
    let length = (red * red + green * green + blue * blue).sqrt();
    let [skin_red, skin_green, skin_blue] = SKIN;
    let distance = (red / length - skin_red).powi(2)
        + (green / length - skin_green).powi(2)
        + (blue / length - skin_blue).powi(2);
    ((1.0 - distance.sqrt() - SKIN_THRESHOLD) / (1.0 - SKIN_THRESHOLD)).max(0.0)
}
