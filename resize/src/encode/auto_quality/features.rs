//! The properties of a picture that decide the quality it needs.

use codecs::planes::Range;

use super::bands::{self, Band};
use crate::pixels::Pixels;
use crate::pixels::planes::Planes;

/// Luma below this value is dark.
const DARK: u8 = 64;

/// [`DARK`] in the limited range: 16 + 64 × 219 / 255.
const LIMITED_DARK: u8 = 71;

/// Distance in pixels between the samples that `coarse` compares.
const COARSE_DISTANCE: usize = 4;

/// Means over a sample of a picture's rows, on a scale where white is 255.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features {
    /// Mean luma.
    pub light: f64,
    /// The share of pixels with luma below 64 of 255, 0 to 1. Loss is most visible there.
    pub dark: f64,
    /// Mean distance of chroma from gray, over both chroma planes.
    pub saturation: f64,
    /// Mean difference of chroma between neighbours at half the size, which subsampled chroma can't keep.
    pub chroma: f64,
    /// Mean difference of luma across four pixels: shapes, which hide loss.
    pub coarse: f64,
    /// Mean second difference of luma between adjacent pixels: detail and noise.
    pub curvature: f64,
}

impl Features {
    /// The features of a picture in planes whose chroma has half the size.
    pub fn of_planes(planes: &Planes) -> Self {
        let mut sums = Sums::default();
        bands::of_planes(planes, |band| sums.add(band));
        sums.means(planes.range)
    }

    /// The features of a picture in pixels.
    pub fn of_pixels(pixels: &Pixels) -> Self {
        let mut sums = Sums::default();
        bands::of_pixels(pixels, |band| sums.add(band));
        sums.means(Range::Full)
    }
}

/// A sum and the number of its values.
#[derive(Clone, Copy, Default)]
struct Sum {
    sum: u64,
    count: u64,
}

#[derive(Default)]
struct Sums {
    light: Sum,
    dark: Sum,
    saturation: Sum,
    chroma: Sum,
    coarse: Sum,
    curvature: Sum,
}

impl Sums {
    fn add(&mut self, band: Band<'_>) {
        let dark = match band.range {
            Range::Full => DARK,
            Range::Limited => LIMITED_DARK,
        };
        for row in band.luma {
            self.light.add(row.iter().map(|sample| u32::from(*sample)));
            self.dark.add(row.iter().map(|sample| u32::from(*sample < dark)));
            self.coarse.add(differences(row, after(row, COARSE_DISTANCE)));
            self.curvature.add(bends(row));
        }
        for row in band.chroma {
            self.saturation.add(row.iter().map(|sample| u32::from(sample.abs_diff(128))));
            self.chroma.add(differences(row, after(row, 1)));
        }
    }

    fn means(&self, range: Range) -> Features {
        let (black, luma, chroma) = match range {
            Range::Full => (0.0, 1.0, 1.0),
            Range::Limited => (16.0, 255.0 / 219.0, 255.0 / 224.0),
        };
        Features {
            light: ((self.light.mean() - black) * luma).clamp(0.0, 255.0),
            dark: self.dark.mean(),
            saturation: self.saturation.mean() * chroma,
            chroma: self.chroma.mean() * chroma,
            coarse: self.coarse.mean() * luma,
            curvature: self.curvature.mean() * luma,
        }
    }
}

impl Sum {
    /// Adds the values of a row, whose sum fits into 32 bits.
    fn add(&mut self, values: impl ExactSizeIterator<Item = u32>) {
        self.count += values.len() as u64;
        self.sum += u64::from(values.sum::<u32>());
    }

    /// The mean; 0 without values.
    fn mean(self) -> f64 {
        self.sum as f64 / self.count.max(1) as f64
    }
}

fn after(row: &[u8], distance: usize) -> &[u8] {
    row.get(distance..).unwrap_or_default()
}

fn differences(one: &[u8], other: &[u8]) -> impl ExactSizeIterator<Item = u32> {
    one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)))
}

fn bends(row: &[u8]) -> impl ExactSizeIterator<Item = u32> {
    let sides = row.iter().zip(after(row, 2));
    sides.zip(after(row, 1)).map(|((left, right), middle)| {
        let [left, middle, right] = [*left, *middle, *right].map(u32::from);
        (left + right).abs_diff(2 * middle)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Channels, Size};

    fn picture(width: u32, height: u32, channels: Channels, sample: impl Fn(u32, u32, u32) -> u8) -> Pixels {
        let size = Size::new(width, height).unwrap();
        let at = |y| (0..width).flat_map(move |x| (0..channels.count()).map(move |channel| (x, y, channel)));
        let samples = (0..height).flat_map(at).map(|(x, y, channel)| sample(x, y, channel)).collect();
        Pixels { samples, size, channels }
    }

    fn near(one: Features, other: Features, tolerance: f64) {
        let values = |f: Features| [f.light, f.dark, f.saturation, f.chroma, f.coarse, f.curvature];
        let is_near = values(one).iter().zip(values(other)).all(|(a, b)| (a - b).abs() <= tolerance);
        assert!(is_near, "{one:?} {other:?}");
    }

    #[test]
    fn each_feature_has_its_expected_value_for_simple_pictures() {
        let check = |channels, sample: &dyn Fn(u32, u32, u32) -> u8, expected| {
            near(Features::of_pixels(&picture(64, 40, channels, sample)), expected, 0.6);
        };
        let gray = Features { light: 100.0, ..Features::default() };
        check(Channels::Gray, &|_, _, _| 100, gray);
        check(Channels::Rgb, &|_, _, _| 100, gray);
        check(Channels::Gray, &|_, _, _| 30, Features { light: 30.0, dark: 1.0, ..Features::default() });
        // A ramp has differences and no second differences.
        check(Channels::Gray, &|x, _, _| 64 + 2 * x as u8, Features { light: 127.0, coarse: 8.0, ..gray });
        // Alternating columns have a second difference at each pixel, and none across four pixels.
        let columns = Features { light: 110.0, curvature: 40.0, ..gray };
        check(Channels::Rgb, &|x, _, _| if x % 2 == 0 { 100 } else { 120 }, columns);
        // Red is far from gray in red chroma, and nearer in blue chroma.
        let red = Features { light: 76.7, saturation: 85.0, ..Features::default() };
        check(Channels::Rgb, &|_, _, channel| if channel == 0 { 255 } else { 0 }, red);
        // Columns of two pixels, red and black, alternate in the coarser chroma.
        let striped = Features::of_pixels(&picture(64, 40, Channels::Rgb, |x, _, channel| {
            if channel == 0 && x % 4 < 2 { 255 } else { 0 }
        }));
        assert!((striped.chroma - 85.0).abs() < 1.0, "{striped:?}");
    }

    #[test]
    fn transparent_pixels_of_every_colour_count_as_gray() {
        let check = |channels: Channels| {
            let alpha = channels.count() - 1;
            let hidden =
                picture(40, 40, channels, |x, y, channel| if channel == alpha { 0 } else { (x * y) as u8 });
            near(Features::of_pixels(&hidden), Features { light: 128.0, ..Features::default() }, 0.01);
        };
        check(Channels::Rgba);
        check(Channels::GrayAlpha);
    }

    #[test]
    fn planes_have_the_features_of_the_same_picture_in_pixels() {
        for range in [Range::Full, Range::Limited] {
            let (black, luma, chroma) = match range {
                Range::Full => (0.0, 1.0, 1.0),
                Range::Limited => (16.0, 219.0 / 255.0, 224.0 / 255.0),
            };
            let of = |width, height, value: &dyn Fn(f64, f64) -> f64| {
                picture(width, height, Channels::Gray, |x, y, _| value(f64::from(x), f64::from(y)) as u8)
            };
            let light = |x: f64, y: f64| 40.0 + x + 20.0 * ((x * 0.9).sin() + (y * 0.7).cos());
            let blue = |x: f64, y: f64| 20.0 * (x * 0.1 + y * 0.05).sin();
            let planes = Planes {
                luma: of(120, 90, &|x, y| black + luma * light(x, y)),
                cb: of(60, 45, &|x, y| 128.0 + chroma * blue(2.0 * x, 2.0 * y)),
                cr: of(60, 45, &|x, y| 128.0 - chroma * blue(2.0 * x, 2.0 * y)),
                range,
            };
            let full = |plane: &Pixels| {
                picture(120, 90, Channels::Gray, |x, y, _| plane.samples[(y / 2 * 60 + x / 2) as usize])
            };
            let fine =
                Planes { luma: planes.luma.clone(), cb: full(&planes.cb), cr: full(&planes.cr), range };
            near(Features::of_planes(&planes), Features::of_pixels(&fine.into_rgb()), 1.0);
        }
    }

    #[test]
    fn a_picture_of_any_size_has_features() {
        for (width, height) in [(1, 1), (1, 2), (2, 1), (3, 3), (1, 9000), (9000, 1), (9000, 3), (5, 4)] {
            let seen = Features::of_pixels(&picture(width, height, Channels::Rgb, |_, _, _| 90));
            near(seen, Features { light: 90.0, ..Features::default() }, 0.01);
        }
    }
}
