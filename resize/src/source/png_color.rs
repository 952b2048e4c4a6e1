//! Reads the colour description of a PNG (PNG third edition, section 4.3). `cICP` takes precedence over `iCCP`, then
//! `sRGB`, then `gAMA` and `cHRM`.

use codecs::avif::Cicp;
use moxcms::{Chromaticity, ColorPrimaries, ColorProfile, ToneReprCurve};
use png::{Info, ScaledFloat, SourceChromaticities};

use super::code_points::{self, Meaning};

/// The `gAMA` value of sRGB. A value within a twentieth of it means sRGB, as in libpng.
const SRGB_GAMMA: f32 = 0.45455;
const GAMMA_TOLERANCE: f32 = 0.05;

/// Chromaticities of sRGB: white, red, green, blue.
const SRGB_CHROMATICITIES: [(f32, f32); 4] = [(0.3127, 0.3290), (0.64, 0.33), (0.30, 0.60), (0.15, 0.06)];
const CHROMATICITY_TOLERANCE: f32 = 0.005;

/// The ICC profile of the picture's colours: the embedded one, or one built from the other chunks. `None` means sRGB.
pub(crate) fn profile(info: &Info<'_>, is_gray: bool) -> Option<Vec<u8>> {
    if let Some(points) = info.coding_independent_code_points {
        let colors = Cicp {
            primaries: points.color_primaries.into(),
            transfer: points.transfer_function.into(),
            matrix: points.matrix_coefficients.into(),
            is_full_range: points.is_video_full_range_image,
        };
        match code_points::meaning(colors, is_gray) {
            Meaning::Srgb => return None,
            Meaning::Profile(profile) => return Some(profile),
            Meaning::Unknown => {}
        }
    }
    if let Some(embedded) = &info.icc_profile {
        return Some(embedded.to_vec());
    }
    if info.srgb.is_some() {
        return None;
    }
    by_gamma(info, is_gray)?.encode().ok()
}

fn by_gamma(info: &Info<'_>, is_gray: bool) -> Option<ColorProfile> {
    let gamma = info.gama_chunk.map(ScaledFloat::into_value).filter(|gamma| (0.05..=5.0).contains(gamma));
    let gamma = gamma.filter(|gamma| (gamma / SRGB_GAMMA - 1.0).abs() > GAMMA_TOLERANCE);
    let chromaticities = info.chrm_chunk.map(pairs).filter(|pairs| !is_gray && is_wide_of_srgb(pairs));
    if gamma.is_none() && chromaticities.is_none() {
        return None;
    }
    let exponent = gamma.map(|gamma| 1.0 / gamma);
    if is_gray {
        return exponent.map(ColorProfile::new_gray_with_gamma);
    }
    let mut profile = ColorProfile::new_srgb();
    profile.cicp = None;
    if let Some(exponent) = exponent {
        let curve = Some(ToneReprCurve::Parametric(vec![exponent]));
        (profile.red_trc, profile.green_trc, profile.blue_trc) = (curve.clone(), curve.clone(), curve);
    }
    if let Some([white, red, green, blue]) = chromaticities {
        let at = |(x, y): (f32, f32)| Chromaticity { x, y };
        let primaries = ColorPrimaries { red: at(red), green: at(green), blue: at(blue) };
        profile.update_rgb_colorimetry(at(white).to_xyyb(), primaries);
    }
    Some(profile)
}

fn pairs(chunk: SourceChromaticities) -> [(f32, f32); 4] {
    [chunk.white, chunk.red, chunk.green, chunk.blue].map(|(x, y)| (x.into_value(), y.into_value()))
}

/// `true` if the chromaticities are valid, that is, span a triangle, and differ from those of sRGB.
fn is_wide_of_srgb(pairs: &[(f32, f32); 4]) -> bool {
    let [white, red, green, blue] = *pairs;
    let area = (green.0 - red.0) * (blue.1 - red.1) - (blue.0 - red.0) * (green.1 - red.1);
    let is_sane = white.1 > 0.1 && area.abs() > 0.01 && pairs.iter().all(|(x, y)| *x >= 0.0 && x + y <= 1.5);
    let is_srgb = pairs.iter().zip(SRGB_CHROMATICITIES).all(|(a, b)| {
        (a.0 - b.0).abs() <= CHROMATICITY_TOLERANCE && (a.1 - b.1).abs() <= CHROMATICITY_TOLERANCE
    });
    is_sane && !is_srgb
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Channels, Pixels, Size};
    use crate::steps::color::to_srgb;

    fn converted(info: &Info<'_>, color: &[u8]) -> Vec<u8> {
        let channels = if color.len() == 1 { Channels::Gray } else { Channels::Rgb };
        let pixels = Pixels { samples: color.to_vec(), size: Size::new(1, 1).unwrap(), channels };
        to_srgb(pixels, profile(info, color.len() == 1).as_deref()).samples
    }

    fn check(info: &Info<'_>, color: &[u8], expected: &[u8]) {
        let got = converted(info, color);
        let is_near =
            got.len() == expected.len() && got.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= 2);
        assert!(is_near, "{got:?}, not {expected:?}");
    }

    fn gamma(value: f32) -> Info<'static> {
        info(|info| info.gama_chunk = Some(ScaledFloat::new(value)))
    }

    fn info(set: impl FnOnce(&mut Info<'static>)) -> Info<'static> {
        let mut info = Info::default();
        set(&mut info);
        info
    }

    /// The chromaticities of Display P3.
    fn wide() -> SourceChromaticities {
        SourceChromaticities::new((0.3127, 0.3290), (0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
    }

    #[test]
    fn a_gamma_is_applied_unless_it_is_that_of_srgb() {
        // Linear light of 1/4 is sRGB 0.537.
        check(&gamma(1.0), &[64, 64, 64], &[137, 137, 137]);
        check(&gamma(1.0), &[64], &[137, 137, 137]);
        check(&gamma(0.45455), &[64, 99, 200], &[64, 99, 200]);
        check(&gamma(0.45455), &[64], &[64]);
        check(&gamma(0.0), &[64], &[64]);
    }

    #[test]
    fn chromaticities_are_applied_and_the_srgb_chunk_wins_over_both() {
        // The same colour as for Display P3, whose curve is that of sRGB.
        let p3 = info(|info| info.chrm_chunk = Some(wide()));
        check(&p3, &[200, 100, 50], &[215, 93, 31]);
        let srgb = info(|info| {
            info.chrm_chunk = Some(wide());
            info.srgb = Some(png::SrgbRenderingIntent::Perceptual);
        });
        check(&srgb, &[200, 100, 50], &[200, 100, 50]);
        let flat = SourceChromaticities::new((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0));
        check(&info(|info| info.chrm_chunk = Some(flat)), &[200, 100, 50], &[200, 100, 50]);
    }

    #[test]
    fn code_points_win_over_all() {
        let coded = |color_primaries, transfer_function| {
            info(|info| {
                info.gama_chunk = Some(ScaledFloat::new(1.0));
                info.coding_independent_code_points = Some(png::CodingIndependentCodePoints {
                    color_primaries,
                    transfer_function,
                    matrix_coefficients: 0,
                    is_video_full_range_image: true,
                });
            })
        };
        // Display P3 (SMPTE EG 432-1) with the curve of sRGB (IEC 61966-2-1).
        let p3 = coded(12, 13);
        check(&p3, &[200, 100, 50], &[215, 93, 31]);
        let unknown = coded(99, 99);
        check(&unknown, &[64, 64, 64], &[137, 137, 137]);
    }
}
