//! The properties that the renderer knows, and their values in the notation that it reads.

use super::font;
use super::paint::{filters, length, paint, plain_color, reference};
use crate::source::svg::styles::scan::{split, words};
use crate::source::svg::values::expression::{Axis, Units, number};

/// What a declaration changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The property has the value.
    Set(&'static str, String),
    /// The property has its inherited or initial value.
    Remove(&'static str),
}

#[derive(Clone, Copy)]
enum Kind {
    Paint,
    Color,
    Share,
    Number,
    Length(Axis),
    Lengths,
    Spacing,
    Keyword,
    Reference,
    Filter,
    Text,
}

/// Each property, the kind of its values, and the initial value if it is inherited.
const PROPERTIES: &[(&str, Kind, Option<&str>)] = &[
    ("alignment-baseline", Kind::Keyword, None),
    ("baseline-shift", Kind::Keyword, None),
    ("clip-path", Kind::Text, None),
    ("clip-rule", Kind::Keyword, Some("nonzero")),
    ("color", Kind::Color, Some("black")),
    ("color-interpolation", Kind::Keyword, Some("sRGB")),
    ("color-interpolation-filters", Kind::Keyword, Some("linearRGB")),
    ("direction", Kind::Keyword, Some("ltr")),
    ("display", Kind::Keyword, None),
    ("dominant-baseline", Kind::Keyword, Some("auto")),
    ("fill", Kind::Paint, Some("black")),
    ("fill-opacity", Kind::Share, Some("1")),
    ("fill-rule", Kind::Keyword, Some("nonzero")),
    ("filter", Kind::Filter, None),
    ("flood-color", Kind::Color, None),
    ("flood-opacity", Kind::Share, None),
    ("font-family", Kind::Text, None),
    ("font-kerning", Kind::Keyword, Some("auto")),
    ("font-stretch", Kind::Keyword, Some("normal")),
    ("font-style", Kind::Keyword, Some("normal")),
    ("font-variant", Kind::Keyword, Some("normal")),
    ("font-weight", Kind::Keyword, Some("normal")),
    ("image-rendering", Kind::Keyword, Some("auto")),
    ("isolation", Kind::Keyword, None),
    ("letter-spacing", Kind::Spacing, Some("normal")),
    ("lighting-color", Kind::Color, None),
    ("marker-end", Kind::Reference, Some("none")),
    ("marker-mid", Kind::Reference, Some("none")),
    ("marker-start", Kind::Reference, Some("none")),
    ("mask", Kind::Text, None),
    ("mask-type", Kind::Keyword, None),
    ("mix-blend-mode", Kind::Keyword, None),
    ("opacity", Kind::Share, None),
    ("overflow", Kind::Keyword, None),
    ("paint-order", Kind::Keyword, Some("normal")),
    ("shape-rendering", Kind::Keyword, Some("auto")),
    ("stop-color", Kind::Color, None),
    ("stop-opacity", Kind::Share, None),
    ("stroke", Kind::Paint, Some("none")),
    ("stroke-dasharray", Kind::Lengths, Some("none")),
    ("stroke-dashoffset", Kind::Length(Axis::Both), Some("0")),
    ("stroke-linecap", Kind::Keyword, Some("butt")),
    ("stroke-linejoin", Kind::Keyword, Some("miter")),
    ("stroke-miterlimit", Kind::Number, Some("4")),
    ("stroke-opacity", Kind::Share, Some("1")),
    ("stroke-width", Kind::Length(Axis::Both), Some("1")),
    ("text-anchor", Kind::Keyword, Some("start")),
    ("text-decoration", Kind::Keyword, None),
    ("text-rendering", Kind::Keyword, Some("auto")),
    ("text-transform", Kind::Keyword, Some("none")),
    ("unicode-bidi", Kind::Keyword, None),
    ("vector-effect", Kind::Keyword, None),
    ("visibility", Kind::Keyword, Some("visible")),
    ("white-space", Kind::Keyword, Some("normal")),
    ("word-spacing", Kind::Spacing, Some("normal")),
    ("writing-mode", Kind::Keyword, Some("lr-tb")),
    // The writer of elements combines these to a matrix.
    ("rotate", Kind::Text, None),
    ("scale", Kind::Text, None),
    ("transform", Kind::Text, None),
    ("transform-box", Kind::Keyword, None),
    ("transform-origin", Kind::Text, None),
    ("translate", Kind::Text, None),
];

/// Keywords with capital letters, which the renderer doesn't read in small ones.
const KEYWORDS: &[&str] = &[
    "crispEdges",
    "geometricPrecision",
    "linearRGB",
    "optimizeLegibility",
    "optimizeQuality",
    "optimizeSpeed",
    "sRGB",
];

/// `true` if an attribute of this name is a property on every element.
pub(crate) fn is_property(name: &str) -> bool {
    matches!(name, "font-size" | "font" | "marker") || known(name).is_some()
}

fn known(name: &str) -> Option<&'static (&'static str, Kind, Option<&'static str>)> {
    PROPERTIES.iter().find(|(known, ..)| *known == name)
}

/// What the declaration changes; nothing if it isn't valid. `units` has the element's own font size.
pub(crate) fn changes(name: &str, text: &str, units: &Units) -> Vec<Change> {
    let text = text.trim();
    match name {
        "font" => font::longhands(text).into_iter().map(|(name, value)| Change::Set(name, value)).collect(),
        "marker" => ["marker-start", "marker-mid", "marker-end"]
            .into_iter()
            .flat_map(|name| changes(name, text, units))
            .collect(),
        "text-decoration-line" => changes("text-decoration", text, units),
        "font-variant-caps" => changes("font-variant", text, units),
        "-webkit-mask" | "mask-image" | "-webkit-mask-image" => changes("mask", text, units),
        "-webkit-clip-path" => changes("clip-path", text, units),
        "-webkit-filter" => changes("filter", text, units),
        "-webkit-transform" => changes("transform", text, units),
        "-webkit-transform-origin" => changes("transform-origin", text, units),
        _ => known(name)
            .and_then(|(name, kind, initial)| change(name, *kind, *initial, text, units))
            .into_iter()
            .collect(),
    }
}

fn change(
    name: &'static str,
    kind: Kind,
    initial: Option<&str>,
    text: &str,
    units: &Units,
) -> Option<Change> {
    match text.to_ascii_lowercase().as_str() {
        "" => return None,
        "inherit" => return Some(Change::Set(name, "inherit".to_owned())),
        "initial" => {
            return Some(initial.map_or(Change::Remove(name), |value| Change::Set(name, value.to_owned())));
        }
        "unset" | "revert" | "revert-layer" => return Some(Change::Remove(name)),
        "currentcolor" if name == "color" => return Some(Change::Remove(name)),
        _ => {}
    }
    value(kind, text, units).map(|value| Change::Set(name, value))
}

fn value(kind: Kind, text: &str, units: &Units) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    match kind {
        Kind::Paint => paint(text),
        Kind::Color => plain_color(text),
        Kind::Share => number(text).map(|share| share.clamp(0.0, 1.0).to_string()),
        Kind::Number => number(text).map(|number| number.to_string()),
        Kind::Length(axis) => length(text, axis, units),
        Kind::Lengths | Kind::Reference if lower == "none" => Some(lower),
        Kind::Lengths => {
            let lengths = split(text, ',').into_iter().flat_map(words);
            let lengths: Option<Vec<String>> = lengths.map(|text| length(text, Axis::Both, units)).collect();
            lengths.filter(|lengths| !lengths.is_empty()).map(|lengths| lengths.join(" "))
        }
        Kind::Spacing if lower == "normal" => Some(lower),
        Kind::Spacing => length(text, Axis::Across, units),
        Kind::Keyword => {
            let capital = KEYWORDS.iter().find(|keyword| keyword.eq_ignore_ascii_case(text));
            Some(capital.map_or(lower, |keyword| (*keyword).to_owned()))
        }
        Kind::Reference => reference(text),
        Kind::Filter => filters(text, units),
        Kind::Text => Some(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: Units = Units { font: 20.0, root_font: 16.0, screen: (300.0, 150.0), view: (100.0, 50.0) };

    #[test]
    fn values_are_in_the_notation_of_the_renderer() {
        let check = |name: &'static str, text: &str, expected: Option<&str>| {
            let changes = changes(name, text, &UNITS);
            let expected: Vec<Change> =
                expected.map(|value| Change::Set(name, value.to_owned())).into_iter().collect();
            assert_eq!(changes, expected, "{name}: {text}");
        };
        check("fill", "RED", Some("#ff0000"));
        check("fill", "rgb(0 170 0 / 50%)", Some("#00aa0080"));
        check("fill", "currentcolor", Some("currentColor"));
        check("fill", "url('#a') red", Some("url(#a) #ff0000"));
        check("fill", "foo", None);
        check("opacity", "calc(1 / 4)", Some("0.25"));
        check("opacity", "150%", Some("1"));
        check("stroke-width", "2em", Some("40"));
        check("stroke-width", "5%", Some("5%"));
        check("stroke-dasharray", "1px, 2 10%", Some("1 2 10%"));
        check("shape-rendering", "CRISPEDGES", Some("crispEdges"));
        check(
            "filter",
            "blur(1em) drop-shadow(1px 2px rgb(0 0 0 / 50%))",
            Some("blur(20) drop-shadow(1 2 #00000080)"),
        );
        check("filter", "url(\"#f\") brightness(50%)", Some("url(#f) brightness(0.5)"));
        check("visibility", "initial", Some("visible"));
        check("foo", "1", None);
        assert_eq!(changes("opacity", "unset", &UNITS), [Change::Remove("opacity")]);
        assert_eq!(changes("marker", "url(#m)", &UNITS).len(), 3);
        assert!(
            changes("font", "bold 12px/2 Arial", &UNITS)
                .contains(&Change::Set("font-weight", "bold".to_owned()))
        );
    }
}
