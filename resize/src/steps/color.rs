//! Converts colours to sRGB.

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::pixels::{Channels, Pixels};
use crate::source::profile::is_like_srgb;

/// The profile for CMYK without a profile: printing on coated paper, as in libvips. `make-cmyk.py` in the same folder
/// generates it from a profile in the public domain.
const COATED_PAPER: &[u8] = include_bytes!("../../profiles/cmyk.icc");

/// Converts a picture to sRGB by its profile. A profile that can't be read or doesn't fit the channels is ignored. Gray
/// stays gray without a profile; CMYK always becomes RGB.
pub fn to_srgb(pixels: Pixels, profile: Option<&[u8]>) -> Pixels {
    if let Some(converted) = profile.and_then(|profile| by_profile(&pixels, profile)) {
        return converted;
    }
    match pixels.channels {
        Channels::Cmyk => {
            by_profile(&pixels, COATED_PAPER).unwrap_or_else(|| pixels.map(Channels::Rgb, naive_cmyk))
        }
        Channels::Gray | Channels::GrayAlpha | Channels::Rgb | Channels::Rgba => pixels,
    }
}

/// The layouts that a profile's transform reads and writes, and the resulting channels.
pub(crate) struct Route {
    pub(crate) from: Layout,
    pub(crate) to: Layout,
    pub(crate) channels: Channels,
}

/// A profile and its conversion to sRGB; `None` if it can't be read, doesn't fit the channels or is sRGB itself.
pub(crate) fn readable(channels: Channels, profile: &[u8]) -> Option<(ColorProfile, Route)> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    let (expected, from, to, channels) = match channels {
        Channels::Gray => (DataColorSpace::Gray, Layout::Gray, Layout::Rgb, Channels::Rgb),
        Channels::GrayAlpha => (DataColorSpace::Gray, Layout::GrayAlpha, Layout::Rgba, Channels::Rgba),
        Channels::Rgb => (DataColorSpace::Rgb, Layout::Rgb, Layout::Rgb, Channels::Rgb),
        Channels::Rgba => (DataColorSpace::Rgb, Layout::Rgba, Layout::Rgba, Channels::Rgba),
        Channels::Cmyk => (DataColorSpace::Cmyk, Layout::Rgba, Layout::Rgb, Channels::Rgb),
    };
    let is_applied = profile.color_space == expected && !is_like_srgb(&profile);
    is_applied.then_some((profile, Route { from, to, channels }))
}

/// The options for applying profiles.
pub(crate) fn options() -> TransformOptions {
    TransformOptions::default()
}

fn by_profile(pixels: &Pixels, profile: &[u8]) -> Option<Pixels> {
    let (profile, Route { from, to, channels }) = readable(pixels.channels, profile)?;
    let srgb = ColorProfile::new_srgb();
    // The transform truncates its results, which darkens a picture by half a step of its bits: with 12 bits by a thirty-second of a step
    // of 8. With 16 bits its tables take more time than the conversion. Rows are converted one by one, so that 12 bits take no memory.
    let transform = profile.create_transform_12bit(from, &srgb, to, options()).ok()?;
    let width = pixels.size.width() as usize;
    let (stored, shown) = (width * pixels.channels.count() as usize, width * channels.count() as usize);
    let mut converted = Pixels::black(pixels.size, channels);
    let (mut wide, mut row) = (vec![0; stored], vec![0; shown]);
    let rows = pixels.samples.chunks_exact(stored).zip(converted.samples.chunks_exact_mut(shown));
    for (samples, target) in rows {
        wide.iter_mut().zip(samples).for_each(|(wide, sample)| *wide = twelve_bits(*sample));
        transform.transform(&wide, &mut row).ok()?;
        target.iter_mut().zip(&row).for_each(|(to, from)| *to = eight_bits(*from));
    }
    Some(converted)
}

/// A sample of 8 bits in 12, rounded.
fn twelve_bits(sample: u8) -> u16 {
    ((u32::from(sample) * 4095 + 127) / 255) as u16
}

/// A sample of 12 bits in 8, rounded.
fn eight_bits(sample: u16) -> u8 {
    ((u32::from(sample.min(4095)) * 255 + 2047) / 4095) as u8
}

/// Converts CMYK without a profile: each ink absorbs its complement, and black absorbs everything.
fn naive_cmyk([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    [cyan, magenta, yellow].map(|ink| {
        let light = u32::from(255 - ink) * u32::from(255 - black);
        ((light + 127) / 255) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Size;

    fn pixel(samples: &[u8], channels: Channels) -> Pixels {
        Pixels { samples: samples.to_vec(), size: Size::new(1, 1).unwrap(), channels }
    }

    #[test]
    fn a_profile_is_applied() {
        let check = |profile: ColorProfile, color: [u8; 3], expected: [u8; 3]| {
            let converted = to_srgb(pixel(&color, Channels::Rgb), Some(&profile.encode().unwrap()));
            for (got, expected) in converted.samples.iter().zip(expected) {
                assert!(got.abs_diff(expected) <= 1, "{:?}", converted.samples);
            }
        };
        // Colours of Display P3 and Adobe RGB (1998) in sRGB, by the matrices of their specifications.
        check(ColorProfile::new_display_p3(), [200, 100, 50], [215, 93, 31]);
        check(ColorProfile::new_display_p3(), [128, 128, 128], [128, 128, 128]);
        check(ColorProfile::new_adobe_rgb(), [100, 150, 100], [66, 151, 97]);
        check(ColorProfile::new_srgb(), [12, 200, 99], [12, 200, 99]);
    }

    #[test]
    fn a_conversion_rounds_and_keeps_white() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let gray = |sample: u8| to_srgb(pixel(&[sample; 3], Channels::Rgb), Some(&p3)).samples;
        for sample in 0..=255 {
            assert_eq!(gray(sample), [sample; 3]);
        }
    }

    #[test]
    fn a_broken_or_unsuitable_profile_is_ignored() {
        let gray = pixel(&[77], Channels::Gray);
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        assert_eq!(to_srgb(gray.clone(), Some(&p3)), gray);
        let rgb = pixel(&[1, 2, 3], Channels::Rgb);
        assert_eq!(to_srgb(rgb.clone(), Some(b"no profile")), rgb);
    }

    #[test]
    fn cmyk_without_a_profile_is_converted_as_printed_on_coated_paper() {
        let check = |ink: [u8; 4], light: [u8; 3]| {
            let converted = to_srgb(pixel(&ink, Channels::Cmyk), None);
            assert_eq!(converted.channels, Channels::Rgb);
            for (got, expected) in converted.samples.iter().zip(light) {
                assert!(got.abs_diff(expected) <= 2, "{ink:?}: {:?}, not {light:?}", converted.samples);
            }
        };
        // The results of libvips.
        check([0, 0, 0, 0], [255, 255, 255]);
        check([0, 0, 0, 255], [20, 5, 0]);
        check([255, 0, 0, 0], [0, 153, 227]);
        check([128, 128, 128, 0], [131, 113, 110]);
        check([50, 100, 30, 60], [158, 124, 142]);
        check([255, 255, 255, 255], [0, 0, 0]);
    }
}
