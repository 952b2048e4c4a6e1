//! Converts the colour description of an AVIF, code points of ITU-T H.273, to an ICC profile.

use codecs::avif::Cicp;
use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, ToneReprCurve, TransferCharacteristics,
};

const BT_709: u16 = 1;
const UNSPECIFIED: u16 = 2;
const SRGB: u16 = 13;
const PQ: u16 = 16;
const HLG: u16 = 18;

/// The profile of a colour description. `None` if it is sRGB, unspecified or invalid. HDR values that are brighter than
/// the white of a page become white.
pub(crate) fn profile(colors: Cicp) -> Option<Vec<u8>> {
    let primaries = if colors.primaries == UNSPECIFIED { BT_709 } else { colors.primaries };
    let transfer = match colors.transfer {
        // BT.601, BT.709 and BT.2020 describe pictures for screens, so sRGB's curve applies to them.
        1 | UNSPECIFIED | 6 | 14 | 15 => SRGB,
        other => other,
    };
    if (primaries, transfer) == (BT_709, SRGB) {
        return None;
    }
    let (code, curve) = match transfer {
        PQ => (SRGB, Some(curve(pq))),
        HLG => (SRGB, Some(curve(hlg))),
        other => (other, None),
    };
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
    profile.red_trc.is_some().then(|| profile.encode().ok()).flatten()
}

/// A curve from the signal to light. 1 is the white of a page, and larger values are clamped to it.
fn curve(light: fn(f64) -> f64) -> ToneReprCurve {
    /// The last index of the table: the largest that profiles allow, fine enough for the darkest 8-bit values.
    const LAST: u16 = 4095;
    let sample = |at: u16| (light(f64::from(at) / f64::from(LAST)).min(1.0) * 65535.0).round() as u16;
    ToneReprCurve::Lut((0..=LAST).map(sample).collect())
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

    #[test]
    fn code_points_are_applied_unless_they_are_those_of_srgb() {
        let check = |primaries, transfer, color: [u8; 3], expected: [u8; 3]| {
            let profile = profile(Cicp { primaries, transfer, matrix: 6, is_full_range: true });
            let size = Size::new(1, 1).unwrap();
            let pixels = Pixels { samples: color.to_vec(), size, channels: Channels::Rgb };
            let got = to_srgb(pixels, profile.as_deref()).samples;
            let is_near = got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 2);
            assert!(is_near, "{primaries}, {transfer}: {got:?}, not {expected:?}");
        };
        for (primaries, transfer) in [(1, 13), (2, 2), (1, 1), (2, 6), (99, 13), (1, 99), (300, 13)] {
            check(primaries, transfer, [200, 100, 50], [200, 100, 50]);
        }
        // A colour of Display P3; linear light of 1/4; the green of BT.2020, which sRGB cannot show.
        check(12, 13, [200, 100, 50], [215, 93, 31]);
        check(1, 8, [64, 64, 64], [137, 137, 137]);
        check(2, 8, [64, 64, 64], [137, 137, 137]);
        check(9, 14, [0, 255, 0], [0, 255, 0]);
        // The white of a page is 58 % of PQ and 75 % of HLG. Brighter values are white.
        check(9, 16, [148, 148, 148], [255, 255, 255]);
        check(9, 16, [200, 200, 200], [255, 255, 255]);
        check(9, 16, [0, 0, 0], [0, 0, 0]);
        // 20.3 cd/m² are a tenth of white, which is sRGB 89.
        check(9, 16, [91, 91, 91], [89, 89, 89]);
        check(9, 18, [192, 192, 192], [255, 255, 255]);
    }
}
