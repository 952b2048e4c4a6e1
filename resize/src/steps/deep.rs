//! Converts pictures with 16 bits per sample to sRGB and then rounds them to 8 bits.

use crate::pixels::{Channels, Pixels, Size, narrow};
use crate::steps::color::{self, Route};

/// Converts the picture to sRGB by its profile, if that can be read and fits the channels. The conversion has 16 bits,
/// because with 8 bits a linear profile would turn dark gradients into bands.
pub(crate) fn to_srgb(samples: &[u16], size: Size, channels: Channels, profile: Option<&[u8]>) -> Pixels {
    let by_profile = |profile| {
        let (profile, Route { from, to, channels }) = color::readable(channels, profile)?;
        let srgb = moxcms::ColorProfile::new_srgb();
        let transform = profile.create_transform_16bit(from, &srgb, to, color::options()).ok()?;
        let mut converted = vec![0; size.pixels() as usize * channels.count() as usize];
        transform.transform(samples, &mut converted).ok()?;
        Some(narrowed(&converted, size, channels))
    };
    profile.and_then(by_profile).unwrap_or_else(|| narrowed(samples, size, channels))
}

/// Rounds the samples to 8 bits.
pub(crate) fn narrowed(samples: &[u16], size: Size, channels: Channels) -> Pixels {
    Pixels { samples: samples.iter().map(|sample| narrow(*sample)).collect(), size, channels }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size() -> Size {
        Size::new(1, 1).unwrap()
    }

    #[test]
    fn samples_are_rounded_to_the_nearest() {
        let check = |sample: u16, expected: u8| {
            assert_eq!(narrowed(&[sample], size(), Channels::Gray).samples, [expected], "{sample}");
        };
        check(0, 0);
        check(128, 0);
        check(129, 1);
        check(0x7fff, 127);
        check(0x80ff, 128);
        check(u16::MAX - 129, 254);
        check(u16::MAX, 255);
    }

    #[test]
    fn dark_tones_of_linear_light_stay_distinct() {
        let mut linear = moxcms::ColorProfile::new_srgb();
        linear.cicp = None;
        let curve = Some(moxcms::ToneReprCurve::Lut(Vec::new()));
        (linear.red_trc, linear.green_trc, linear.blue_trc) = (curve.clone(), curve.clone(), curve);
        let linear = linear.encode().unwrap();
        // Light of 100/65535 is sRGB 12.92 × 100/65535 × 255 = 5; truncated to 8 bits it would be black.
        let pixels = to_srgb(&[100, 200, 65535], size(), Channels::Rgb, Some(&linear));
        let near = |got: u8, expected: u8| got.abs_diff(expected) <= 1;
        assert!(near(pixels.samples[0], 5) && near(pixels.samples[1], 10), "{:?}", pixels.samples);
        assert_eq!(pixels.samples[2], 255);
    }
}
