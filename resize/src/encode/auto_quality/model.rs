//! Predicts the quality that a format needs for a picture with given features.
//!
//! The target is a score of 70 by SSIMULACRA2, which its author calls high quality: artefacts are hard to notice
//! without the original next to the picture. The best quality of a format may score less than 78, for instance for a
//! small picture with fine colours, which 4:2:0 can't keep. The target is then 8 below the best score: the last points
//! would cost many bytes without a visible difference.
//!
//! `benches/auto_quality/calibrate.py` fits the weights by least squares to 28 photos, to noisy and blurred copies of
//! some of them, and to drawn pictures, in up to three sizes. `docs/auto-quality.md` lists the pictures and the errors.

use contract::format::Format;
use contract::variant::Quality;

use super::features::Features;

/// Weights of the fourth roots of the features, and of the picture's flatness, 1 / (1 + `coarse`).
struct Model {
    base: f64,
    light: f64,
    dark: f64,
    saturation: f64,
    chroma: f64,
    coarse: f64,
    curvature: f64,
    flat: f64,
}

const JPEG: Model = Model {
    base: 96.27,
    light: -8.06,
    dark: 5.51,
    saturation: -3.63,
    chroma: 19.64,
    coarse: -45.91,
    curvature: 40.24,
    flat: -23.53,
};

const WEBP: Model = Model {
    base: 144.40,
    light: 1.91,
    dark: 10.94,
    saturation: -6.11,
    chroma: 15.89,
    coarse: -58.95,
    curvature: 15.96,
    flat: -71.65,
};

const AVIF: Model = Model {
    base: 130.63,
    light: -2.01,
    dark: 7.36,
    saturation: -4.32,
    chroma: 14.90,
    coarse: -64.09,
    curvature: 37.96,
    flat: -71.48,
};

/// The lowest and the highest predicted quality. Below, a wrong prediction is most visible and saves few bytes. Above,
/// the bytes grow much faster than the score.
const BOUNDS: [f64; 2] = [40.0, 90.0];

/// The quality for a picture with these features, 40 to 90; 100 for PNG and GIF, which have no quality.
pub fn quality(format: Format, features: &Features) -> Quality {
    match format {
        Format::Jpeg => JPEG.quality(features),
        Format::Webp => WEBP.quality(features),
        Format::Avif => AVIF.quality(features),
        Format::Png | Format::Gif => Quality::MAX,
    }
}

impl Model {
    fn quality(&self, features: &Features) -> Quality {
        let root = |feature: f64| feature.sqrt().sqrt();
        let quality = self.base
            + self.light * root(features.light)
            + self.dark * root(features.dark)
            + self.saturation * root(features.saturation)
            + self.chroma * root(features.chroma)
            + self.coarse * root(features.coarse)
            + self.curvature * root(features.curvature)
            + self.flat / (1.0 + features.coarse);
        let [min, max] = BOUNDS;
        Quality::clamped(quality.clamp(min, max).round() as u32).unwrap_or(Quality::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: [Format; 3] = [Format::Jpeg, Format::Webp, Format::Avif];

    /// A photo with medium brightness and detail.
    const USUAL: Features =
        Features { light: 110.0, dark: 0.2, saturation: 12.0, chroma: 1.5, coarse: 14.0, curvature: 7.0 };

    fn chosen(format: Format, features: Features) -> u8 {
        quality(format, &features).get()
    }

    #[test]
    fn a_usual_photo_gets_a_usual_quality() {
        for format in FORMATS {
            let chosen = chosen(format, USUAL);
            assert!((55..=80).contains(&chosen), "{format:?}: {chosen}");
        }
    }

    #[test]
    fn every_picture_gets_a_quality_within_the_bounds() {
        let ends = [0.0, 0.01, 1.0, 255.0];
        let mut seen = Vec::new();
        for (light, coarse) in ends.iter().flat_map(|a| ends.map(|b| (*a, b))) {
            for (chroma, curvature) in ends.iter().flat_map(|a| ends.map(|b| (*a, 2.0 * b))) {
                for (dark, saturation) in [(0.0, 0.0), (1.0, 0.0), (0.0, 128.0), (1.0, 128.0)] {
                    let features = Features { light, dark, saturation, chroma, coarse, curvature };
                    seen.extend(FORMATS.map(|format| chosen(format, features)));
                }
            }
        }
        assert_eq!((seen.iter().min(), seen.iter().max()), (Some(&40), Some(&90)));
    }

    #[test]
    fn noise_darkness_and_fine_colours_raise_the_quality_and_shapes_lower_it() {
        for format in FORMATS {
            let rises = |with: fn(f64) -> Features| {
                let row: Vec<u8> = (0..=20).map(|n| chosen(format, with(f64::from(n) / 20.0))).collect();
                assert!(row.is_sorted() && row.first() < row.last(), "{format:?}: {row:?}");
            };
            rises(|share| Features { curvature: 40.0 * share, ..USUAL });
            rises(|share| Features { dark: share, ..USUAL });
            rises(|share| Features { chroma: 10.0 * share, ..USUAL });
            rises(|share| Features { coarse: 60.0 - 50.0 * share, ..USUAL });
        }
    }

    #[test]
    fn a_format_without_quality_has_the_highest() {
        for format in [Format::Png, Format::Gif] {
            assert_eq!(chosen(format, USUAL), 100);
        }
    }
}
