//! Converts a colour description by code points of ITU-T H.273, as AVIF, PNG and JPEG XL have it, to an ICC profile.
//!
//! HDR has one tone mapping, whatever the container: that of SMPTE ST 2094-50 for a display without headroom, near to what Chrome
//! shows. White of a page (203 cd/m², ITU-R BT.2408) becomes half of the display's light, and what is up to 1000 cd/m² brighter
//! comes closer and closer to all of it. The curve is applied to red, green and blue by themselves.

use codecs::avif::Cicp;
use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, DataColorSpace, LocalizableString, MatrixCoefficients,
    ProfileText, ToneReprCurve, TransferCharacteristics,
};

const BT_709: u16 = 1;
const UNSPECIFIED: u16 = 2;
const SRGB: u16 = 13;

/// Light of a display that shows HDR, as a multiple of the white of a page.
const HDR_PEAK: f64 = 1000.0 / 203.0;

/// What a colour description means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// sRGB.
    Srgb,
    /// An ICC profile.
    Profile(Vec<u8>),
    /// Nothing: a number is undefined or unknown.
    Unknown,
}

impl Meaning {
    /// The profile, if one is needed.
    pub(crate) fn profile(self) -> Option<Vec<u8>> {
        match self {
            Self::Profile(profile) => Some(profile),
            Self::Srgb | Self::Unknown => None,
        }
    }
}

/// The meaning of a colour description of RGB or gray. Of video range the samples are stretched by the curve.
pub(crate) fn meaning(colors: Cicp, is_gray: bool) -> Meaning {
    let primaries = if colors.primaries == UNSPECIFIED { BT_709 } else { colors.primaries };
    let light = light(colors.transfer);
    let is_srgb_curve = matches!(colors.transfer, 1 | UNSPECIFIED | 6 | SRGB | 14 | 15);
    if is_srgb_curve && (primaries == BT_709 || is_gray) && colors.is_full_range {
        return Meaning::Srgb;
    }
    let built = || {
        let curve = light.map(|light| curve(light, colors.is_full_range));
        let mut profile = if is_gray {
            let mut profile = ColorProfile::new_gray_with_gamma(1.0);
            profile.gray_trc = Some(curve?);
            profile
        } else {
            let code = if curve.is_some() { SRGB } else { colors.transfer };
            let mut profile = ColorProfile::new_from_cicp(CicpProfile {
                color_primaries: CicpColorPrimaries::try_from(u8::try_from(primaries).ok()?).ok()?,
                transfer_characteristics: TransferCharacteristics::try_from(u8::try_from(code).ok()?).ok()?,
                matrix_coefficients: MatrixCoefficients::Identity,
                full_range: true,
            });
            if let Some(curve) = curve {
                profile.cicp = None;
                (profile.red_trc, profile.green_trc, profile.blue_trc) =
                    (Some(curve.clone()), Some(curve.clone()), Some(curve));
            }
            profile.red_trc.as_ref()?;
            profile
        };
        profile.description = Some(ProfileText::Localizable(vec![LocalizableString::new(
            "en".to_owned(),
            "US".to_owned(),
            name(if is_gray { None } else { Some(primaries) }, colors.transfer),
        )]));
        debug_assert!(matches!(profile.color_space, DataColorSpace::Gray | DataColorSpace::Rgb));
        profile.encode().ok()
    };
    built().map_or(Meaning::Unknown, Meaning::Profile)
}

/// The name of a colour space. `None` of primaries is gray.
fn name(primaries: Option<u16>, transfer: u16) -> String {
    let primaries = match primaries {
        None => "Gray",
        Some(1) => "BT.709",
        Some(9) => "BT.2020",
        Some(11) => "DCI-P3",
        Some(12) => "Display P3",
        Some(_) => "Other primaries",
    };
    match transfer {
        16 => format!("{primaries} PQ"),
        18 => format!("{primaries} HLG"),
        8 => format!("{primaries} linear"),
        _ => primaries.to_owned(),
    }
}

/// The curve from a signal to light, for the transfer functions that are computed here. 1 is the display's white.
fn light(transfer: u16) -> Option<fn(f64) -> f64> {
    match transfer {
        // BT.601, BT.709 and BT.2020 describe pictures for screens, so sRGB's curve applies to them.
        1 | UNSPECIFIED | 6 | SRGB | 14 | 15 => {
            Some(
                |signal| {
                    if signal <= 0.040_45 { signal / 12.92 } else { ((signal + 0.055) / 1.055).powf(2.4) }
                },
            )
        }
        4 => Some(|signal| signal.powf(2.2)),
        5 => Some(|signal| signal.powf(2.8)),
        8 => Some(|signal| signal),
        16 => Some(|signal| tone_mapped(pq(signal))),
        18 => Some(|signal| tone_mapped(hlg(signal))),
        _ => None,
    }
}

/// A curve from the signal to light.
fn curve(light: fn(f64) -> f64, is_full_range: bool) -> ToneReprCurve {
    /// The last index of the table: the largest that profiles allow, fine enough for the darkest 8-bit values.
    const LAST: u16 = 4095;
    let signal =
        |code: f64| if is_full_range { code } else { ((code * 255.0 - 16.0) / 219.0).clamp(0.0, 1.0) };
    let sample =
        |at: u16| (light(signal(f64::from(at) / f64::from(LAST))).clamp(0.0, 1.0) * 65535.0).round() as u16;
    ToneReprCurve::Lut((0..=LAST).map(sample).collect())
}

/// Maps light, as a multiple of the white of a page, to a display that has no more than white: a line up to the page's white,
/// then a Bézier curve that begins with its slope and ends at [`HDR_PEAK`].
fn tone_mapped(light: f64) -> f64 {
    const WHITE: f64 = 0.5;
    /// The part of the way from the knee to the corner at which the curve's middle point lies.
    const ROUNDNESS: f64 = 0.65;
    const MIDDLE: f64 = 1.0 - ROUNDNESS + ROUNDNESS / WHITE;
    const MIDDLE_LIGHT: f64 = (1.0 - ROUNDNESS) * WHITE + ROUNDNESS;
    if light <= 1.0 {
        return light * WHITE;
    }
    let light = light.min(HDR_PEAK);
    // 1 + 2 (MIDDLE - 1) t + (1 - 2 MIDDLE + HDR_PEAK) t² = light
    let (square, half_linear) = (1.0 - 2.0 * MIDDLE + HDR_PEAK, MIDDLE - 1.0);
    let at = ((half_linear.powi(2) + square * (light - 1.0)).sqrt() - half_linear) / square;
    (1.0 - at).powi(2) * WHITE + 2.0 * at * (1.0 - at) * MIDDLE_LIGHT + at.powi(2)
}

/// The PQ curve of ITU-R BT.2100-2, table 4, relative to 203 cd/m², the white of ITU-R BT.2408.
fn pq(signal: f64) -> f64 {
    const M1: f64 = 2610.0 / 16384.0;
    const M2: f64 = 2523.0 / 4096.0 * 128.0;
    const C1: f64 = 3424.0 / 4096.0;
    const C2: f64 = 2413.0 / 4096.0 * 32.0;
    const C3: f64 = 2392.0 / 4096.0 * 32.0;
    let root = signal.powf(1.0 / M2);
    10_000.0 / 203.0 * ((root - C1).max(0.0) / (C2 - C3 * root)).powf(1.0 / M1)
}

/// The HLG curve of ITU-R BT.2100-2, table 5, for a display of 1000 cd/m² and for each channel separately. White is a
/// signal of 75 % (ITU-R BT.2408).
fn hlg(signal: f64) -> f64 {
    const A: f64 = 0.178_832_77;
    const B: f64 = 0.284_668_92;
    const C: f64 = 0.559_910_73;
    const WHITE: f64 = 0.265;
    const SYSTEM_GAMMA: f64 = 1.2;
    let scene = if signal <= 0.5 { signal * signal / 3.0 } else { (((signal - C) / A).exp() + B) / 12.0 };
    (scene / WHITE).powf(SYSTEM_GAMMA)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Channels, Pixels, Size};
    use crate::steps::color::to_srgb;

    fn check(primaries: u16, transfer: u16, is_full_range: bool, color: [u8; 3], expected: [u8; 3]) {
        let colors = Cicp { primaries, transfer, matrix: 6, is_full_range };
        let size = Size::new(1, 1).unwrap();
        let pixels = Pixels { samples: color.to_vec(), size, channels: Channels::Rgb };
        let got = to_srgb(pixels, meaning(colors, false).profile().as_deref()).samples;
        let is_near = got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 2);
        assert!(is_near, "{colors:?}: {got:?}, not {expected:?}");
        let [gray, others @ ..] = color;
        if others == [gray; 2] {
            let pixels = Pixels { samples: vec![gray], size, channels: Channels::Gray };
            let got = to_srgb(pixels, meaning(colors, true).profile().as_deref()).samples;
            assert!(got.iter().all(|light| light.abs_diff(expected[0]) <= 2), "{colors:?}: {got:?} of gray");
        }
    }

    #[test]
    fn code_points_are_applied_unless_they_are_those_of_srgb() {
        for (primaries, transfer) in [(1, 13), (2, 2), (1, 1), (2, 6), (99, 13), (1, 99), (300, 13)] {
            check(primaries, transfer, true, [200, 100, 50], [200, 100, 50]);
        }
        // Display P3; linear light of 1/4; BT.2020's green is beyond sRGB's.
        check(12, 13, true, [200, 100, 50], [215, 93, 31]);
        check(1, 8, true, [64, 64, 64], [137, 137, 137]);
        check(2, 8, true, [64, 64, 64], [137, 137, 137]);
        check(9, 14, true, [0, 255, 0], [0, 255, 0]);
        // Video range: 16 is black, 235 white.
        check(1, 13, false, [16, 16, 16], [0, 0, 0]);
        check(1, 13, false, [126, 126, 126], [128, 128, 128]);
        check(1, 13, false, [235, 235, 235], [255, 255, 255]);
    }

    #[test]
    fn hdr_is_mapped_as_in_chrome() {
        // 0, 36, 190, 503 and 978 cd/m², by Chrome.
        for (signal, shown) in [(0, 0), (104, 84), (146, 182), (173, 232), (191, 254), (255, 255)] {
            check(9, 16, true, [signal; 3], [shown; 3]);
        }
        // The white of a page is 75 % of HLG, and becomes half of the light.
        check(9, 18, true, [191; 3], [188; 3]);
        check(9, 18, true, [255; 3], [255; 3]);
        check(9, 18, true, [0; 3], [0; 3]);
        check(9, 16, false, [16; 3], [0; 3]);
        check(9, 16, false, [105; 3], [84; 3]);
    }
}
