//! The size of a font, and the shorthand `font`.

use svgtypes::FontShorthand;

use crate::source::svg::values::expression::Units;

const FONT: &[&str] = &["font-kerning", "font-stretch", "font-style", "font-variant", "font-weight"];

/// The shorthand `font`. Its size is read by [`font_size`].
pub(crate) fn longhands(text: &str) -> Vec<(&'static str, String)> {
    let Ok(font) = FontShorthand::from_str(text) else { return Vec::new() };
    let normal = FONT.iter().map(|name| (*name, "normal".to_owned()));
    let given = [
        ("font-stretch", font.font_stretch),
        ("font-style", font.font_style),
        ("font-variant", font.font_variant),
        ("font-weight", font.font_weight),
        ("font-family", Some(font.font_family)),
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
    normal.chain(given).collect()
}

/// The font size in CSS pixels by `font-size` or `font`. `units` has the parent's font size.
pub(crate) fn font_size(name: &str, text: &str, units: &Units) -> Option<f64> {
    let text = text.trim();
    let size = match name {
        "font-size" => text,
        "font" => FontShorthand::from_str(text).ok()?.font_size,
        _ => return None,
    };
    let step = |steps: i32| 16.0 * 1.2_f64.powi(steps);
    let size = match size.to_ascii_lowercase().as_str() {
        "xx-small" => 9.0,
        "x-small" => 10.0,
        "small" => 13.0,
        "medium" | "initial" => 16.0,
        "large" => 18.0,
        "x-large" => 24.0,
        "xx-large" => 32.0,
        "xxx-large" => 48.0,
        "smaller" => units.font * step(-1) / 16.0,
        "larger" => units.font * step(1) / 16.0,
        "inherit" | "unset" | "revert" => units.font,
        size => units.length_of(size, units.font)?,
    };
    (size >= 0.0).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_lengths_or_steps() {
        let units = Units { font: 20.0, root_font: 16.0, screen: (300.0, 150.0), view: (100.0, 50.0) };
        assert_eq!(font_size("font", "bold 2em/2 Arial", &units), Some(40.0));
        assert_eq!(font_size("font-size", "150%", &units), Some(30.0));
        assert_eq!(font_size("font-size", "larger", &units), Some(24.0));
        assert_eq!(font_size("font-size", "-1px", &units), None);
    }
}
