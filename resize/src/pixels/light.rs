//! Samples and the light that they stand for.

use std::sync::LazyLock;

use codecs::planes::Range;
use contract::policy::Profile;
use contract::variant::Variant;

/// The numbers that are averaged when a picture becomes smaller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Light {
    /// The samples as they are stored. Fine patterns of bright and dark become too dark.
    #[default]
    Gamma,
    /// The light that samples stand for, as it reaches an eye from far away.
    Linear,
}

impl Light {
    /// The light of a variant: linear if the variant or the profile asks for it.
    pub(crate) fn of(variant: &Variant, profile: Profile) -> Self {
        let is_linear = variant.is_linear()
            || match profile {
                Profile::Faithful => true,
                Profile::Standard | Profile::Fast => false,
            };
        if is_linear { Self::Linear } else { Self::Gamma }
    }

    /// The curve of samples of a range. `None` if samples are averaged as they are.
    pub(crate) fn curve(self, range: Range) -> Option<&'static Curve> {
        match self {
            Self::Gamma => None,
            Self::Linear => Some(Curve::of(range)),
        }
    }
}

/// sRGB's transfer curve (IEC 61966-2-1) as tables: 8-bit samples to light and back. 65,535 is the light of white.
#[derive(Debug)]
pub(crate) struct Curve {
    light: [u16; 256],
    /// The nearest sample for each amount of light.
    samples: Vec<u8>,
}

impl Curve {
    /// The curve of samples of a range. Its tables are made once.
    pub(crate) fn of(range: Range) -> &'static Self {
        static FULL: LazyLock<Curve> = LazyLock::new(|| Curve::new(0.0, 255.0));
        static LIMITED: LazyLock<Curve> = LazyLock::new(|| Curve::new(16.0, 235.0));
        match range {
            Range::Full => &FULL,
            Range::Limited => &LIMITED,
        }
    }

    fn new(black: f64, white: f64) -> Self {
        let most = f64::from(u16::MAX);
        let light = std::array::from_fn(|sample| {
            let share = ((sample as f64 - black) / (white - black)).clamp(0.0, 1.0);
            (to_light(share) * most).round() as u16
        });
        let sample = |light: u16| {
            let share = to_sample(f64::from(light) / most);
            (black + share * (white - black)).round() as u8
        };
        Self { light, samples: (0..=u16::MAX).map(sample).collect() }
    }

    /// The light of a sample.
    #[inline]
    pub(crate) fn light(&self, sample: u8) -> u16 {
        self.light.get(usize::from(sample)).copied().unwrap_or_default()
    }

    /// The sample of an amount of light.
    #[inline]
    pub(crate) fn sample(&self, light: u16) -> u8 {
        self.samples.get(usize::from(light)).copied().unwrap_or_default()
    }
}

/// The light of a sample, both as shares of white.
fn to_light(sample: f64) -> f64 {
    if sample <= 0.040_45 { sample / 12.92 } else { ((sample + 0.055) / 1.055).powf(2.4) }
}

/// The sample of an amount of light, both as shares of white.
fn to_sample(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_of_a_range_comes_back() {
        let check = |range, samples: std::ops::RangeInclusive<u8>| {
            let curve = Curve::of(range);
            for sample in samples {
                assert_eq!(curve.sample(curve.light(sample)), sample, "{range:?}");
            }
        };
        check(Range::Full, 0..=255);
        check(Range::Limited, 16..=235);
    }

    #[test]
    fn half_of_the_light_of_white_is_188() {
        assert_eq!(Curve::of(Range::Full).sample(u16::MAX / 2), 188);
        assert_eq!((Curve::of(Range::Full).light(0), Curve::of(Range::Full).light(255)), (0, u16::MAX));
        assert_eq!((Curve::of(Range::Limited).light(9), Curve::of(Range::Limited).light(240)), (0, u16::MAX));
    }

    #[test]
    fn the_variant_or_the_profile_asks_for_linear_light() {
        let light = |variant: &str, profile| Light::of(&variant.parse().unwrap(), profile);
        assert_eq!(light("w=9,fm=png", Profile::Standard), Light::Gamma);
        assert_eq!(light("w=9,fm=png", Profile::Fast), Light::Gamma);
        assert_eq!(light("w=9,fm=png", Profile::Faithful), Light::Linear);
        assert_eq!(light("w=9,light=linear,fm=png", Profile::Fast), Light::Linear);
    }
}
