//! ICC profiles: comparison with sRGB, and names.

use moxcms::{ColorProfile, DataColorSpace, ProfileText, ToneReprCurve};

/// `true` if the primaries and curves of a profile are those of sRGB. The name of the profile has no influence.
pub(crate) fn is_srgb(profile: &[u8]) -> bool {
    ColorProfile::new_from_slice(profile).is_ok_and(|profile| is_like_srgb(&profile))
}

pub(crate) fn is_like_srgb(profile: &ColorProfile) -> bool {
    /// Colorants of common sRGB profiles differ by less, those of other colour spaces by far more.
    const COLORANT_TOLERANCE: f64 = 0.003;
    let srgb = ColorProfile::new_srgb();
    let is_near = |ours: moxcms::Xyzd, theirs: moxcms::Xyzd| {
        [ours.x - theirs.x, ours.y - theirs.y, ours.z - theirs.z]
            .iter()
            .all(|difference| difference.abs() <= COLORANT_TOLERANCE)
    };
    let has_tables = profile.lut_a_to_b_perceptual.is_some()
        || profile.lut_a_to_b_colorimetric.is_some()
        || profile.lut_a_to_b_saturation.is_some();
    profile.color_space == DataColorSpace::Rgb
        && !has_tables
        && profile.cicp.is_none()
        && is_near(srgb.red_colorant, profile.red_colorant)
        && is_near(srgb.green_colorant, profile.green_colorant)
        && is_near(srgb.blue_colorant, profile.blue_colorant)
        && [&profile.red_trc, &profile.green_trc, &profile.blue_trc]
            .into_iter()
            .all(|curve| curve.as_ref().is_some_and(is_srgb_curve))
}

/// `true` if a curve is that of IEC 61966-2-1 to within half a step of 8-bit encoded values.
fn is_srgb_curve(curve: &ToneReprCurve) -> bool {
    const HALF_A_STEP: f32 = 0.5 / 255.0;
    let Ok(evaluator) = curve.make_linear_evaluator() else { return false };
    let encoded = |light: f32| {
        if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
    };
    (0..=32_u8)
        .map(|step| f32::from(step) / 32.0)
        .all(|value| (encoded(evaluator.evaluate_value(value).max(0.0)) - value).abs() <= HALF_A_STEP)
}

/// The description that a profile has of itself, at most 100 characters. `None` if it has none or can't be read.
pub(crate) fn name(profile: &[u8]) -> Option<String> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    let name = match profile.description? {
        ProfileText::PlainString(name) => name,
        ProfileText::Localizable(names) => {
            let english = names.iter().find(|name| name.language == "en").or(names.first());
            english?.value.clone()
        }
        ProfileText::Description(name) if name.ascii_string.is_empty() => name.unicode_string,
        ProfileText::Description(name) => name.ascii_string,
    };
    let name = name.trim_matches(|char: char| char.is_control() || char.is_whitespace());
    let name: String = name.chars().filter(|char| !char.is_control()).take(100).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_name_of_a_profile_is_told() {
        let text = |language: &str, value: &str| {
            moxcms::LocalizableString::new(language.to_owned(), "XX".to_owned(), value.to_owned())
        };
        let mut profile = ColorProfile::new_display_p3();
        profile.description =
            Some(ProfileText::Localizable(vec![text("de", "Bildschirm P3"), text("en", "Screen P3\0")]));
        assert_eq!(name(&profile.encode().unwrap()).as_deref(), Some("Screen P3"));
        profile.description = Some(ProfileText::Localizable(vec![text("de", "Bildschirm P3")]));
        assert_eq!(name(&profile.encode().unwrap()).as_deref(), Some("Bildschirm P3"));
    }

    #[test]
    fn an_srgb_profile_is_recognised_by_its_primaries_and_curves() {
        let check = |profile: &ColorProfile, expected: bool| {
            assert_eq!(is_srgb(&profile.encode().unwrap()), expected);
        };
        let altered = |alter: fn(&mut ColorProfile)| {
            let mut profile = ColorProfile::new_srgb();
            profile.cicp = None;
            alter(&mut profile);
            profile
        };
        check(&altered(|_| {}), true);
        check(&altered(|profile| profile.description = None), true);
        check(&altered(|profile| profile.green_trc = Some(moxcms::curve_from_gamma(2.2))), false);
        check(&altered(|profile| profile.red_colorant = profile.green_colorant), false);
        check(&ColorProfile::new_display_p3(), false);
        check(&ColorProfile::new_adobe_rgb(), false);
        assert!(!is_srgb(b"no profile"));
    }
}
