//! Colours of CSS.

use color::{AlphaColor, ColorSpaceTag, DynamicColor, HueDirection, Srgb, parse_color};

use super::expression::{angle, number};
use crate::source::svg::styles::scan::{function, split, words};

/// Deepest nesting of colours in functions.
const MAX_NESTING: u32 = 16;

/// Red, green, blue and opacity.
pub(crate) type Rgba = [u8; 4];

/// The colour in sRGB. `None` if it is none.
pub(crate) fn color(text: &str) -> Option<Rgba> {
    let color: AlphaColor<Srgb> = parse(&text.trim().to_ascii_lowercase(), 0)?.to_alpha_color();
    let rgba = color.to_rgba8();
    Some([rgba.r, rgba.g, rgba.b, rgba.a])
}

fn parse(text: &str, nesting: u32) -> Option<DynamicColor> {
    if nesting > MAX_NESTING {
        return None;
    }
    match function(text) {
        Some(("color-mix", inside)) => mix(inside, nesting),
        Some(("light-dark", inside)) => parse(split(inside, ',').first()?, nesting + 1),
        Some((name, inside)) => {
            let inside = match inside.trim_start().strip_prefix("from ") {
                Some(relative) => absolute(name, relative, nesting)?,
                None => inside.to_owned(),
            };
            parse_color(&format!("{name}({})", calculated(&inside)?)).ok()
        }
        None => parse_color(system_color(text).unwrap_or(text)).ok(),
    }
}

/// Colours of the browser's light theme.
fn system_color(name: &str) -> Option<&'static str> {
    Some(match name {
        "canvas" | "field" | "highlighttext" | "selecteditemtext" | "window" | "background" => "#fff",
        "canvastext" | "fieldtext" | "buttontext" | "marktext" | "windowtext" | "menutext" | "infotext"
        | "buttonborder" => "#000",
        "linktext" => "#0000ee",
        "visitedtext" => "#551a8b",
        "activetext" => "#f00",
        "buttonface" => "#efefef",
        "graytext" => "#808080",
        "highlight" | "selecteditem" | "accentcolor" => "#0078d7",
        "mark" => "#ff0",
        _ => return None,
    })
}

/// The arguments with mathematical functions replaced by their values.
fn calculated(arguments: &str) -> Option<String> {
    if !arguments.contains('(') {
        return Some(arguments.to_owned());
    }
    let value = |word: &str| {
        let bare = word.trim_end_matches(',');
        if !bare.contains('(') {
            return Some(word.to_owned());
        }
        let comma = if bare.len() < word.len() { "," } else { "" };
        let value = if bare.contains('%') {
            format!("{}%", number(bare)? * 100.0)
        } else if ["deg", "turn", "rad"].iter().any(|unit| bare.contains(unit)) {
            format!("{}deg", angle(bare)?)
        } else {
            format!("{}", number(bare)?)
        };
        Some(value + comma)
    };
    words(arguments).into_iter().map(value).collect::<Option<Vec<_>>>().map(|words| words.join(" "))
}

/// The arguments of a colour that is relative to another one, such as `red r g b / 50%`, without names of components.
fn absolute(function: &str, arguments: &str, nesting: u32) -> Option<String> {
    let parts = words(arguments);
    let (origin, rest) = parts.split_first()?;
    let (space, names) = match function {
        "rgb" | "rgba" => (ColorSpaceTag::Srgb, ["r", "g", "b"]),
        "hsl" | "hsla" => (ColorSpaceTag::Hsl, ["h", "s", "l"]),
        "hwb" => (ColorSpaceTag::Hwb, ["h", "w", "b"]),
        "lab" => (ColorSpaceTag::Lab, ["l", "a", "b"]),
        "oklab" => (ColorSpaceTag::Oklab, ["l", "a", "b"]),
        "lch" => (ColorSpaceTag::Lch, ["l", "c", "h"]),
        "oklch" => (ColorSpaceTag::Oklch, ["l", "c", "h"]),
        _ => return None,
    };
    let [a, b, c, alpha] = parse(origin, nesting + 1)?.convert(space).components;
    let scale = if space == ColorSpaceTag::Srgb { 255.0 } else { 1.0 };
    let values = [a * scale, b * scale, c * scale].map(f64::from);
    let arguments = rest.join(" ");
    let mut text = String::new();
    let is_name = |character: char| character.is_ascii_alphabetic() || character == '-';
    for word in arguments.split_inclusive(|character| !is_name(character)) {
        let name = word.trim_end_matches(|character| !is_name(character));
        let place = names.iter().position(|known| *known == name);
        match place.and_then(|place| values.get(place)) {
            Some(value) => text.push_str(&value.to_string()),
            None if name == "alpha" => text.push_str(&alpha.to_string()),
            None => text += name,
        }
        text += word.get(name.len()..).unwrap_or_default();
    }
    if !arguments.contains('/') {
        text.extend([" / ", &alpha.to_string()]);
    }
    Some(text)
}

/// `color-mix(in oklab, red 25%, blue)`.
fn mix(arguments: &str, nesting: u32) -> Option<DynamicColor> {
    let parts = split(arguments, ',');
    let (method, first, second) = match parts.as_slice() {
        [method, first, second] => (*method, *first, *second),
        [first, second] => ("in oklab", *first, *second),
        _ => return None,
    };
    let (first, share_of_first) = part(first, nesting)?;
    let (second, share_of_second) = part(second, nesting)?;
    let (share_of_first, share_of_second) = match (share_of_first, share_of_second) {
        (None, None) => (0.5, 0.5),
        (Some(a), None) => (a, 1.0 - a),
        (None, Some(b)) => (1.0 - b, b),
        (Some(a), Some(b)) => (a, b),
    };
    let sum = share_of_first + share_of_second;
    if sum <= 0.0 {
        return None;
    }
    let method = words(method.strip_prefix("in ")?);
    let space = match *method.first()? {
        "hsl" => ColorSpaceTag::Hsl,
        "hwb" => ColorSpaceTag::Hwb,
        name => name.parse().ok()?,
    };
    let direction = match method.get(1).copied() {
        Some("longer") => HueDirection::Longer,
        Some("increasing") => HueDirection::Increasing,
        Some("decreasing") => HueDirection::Decreasing,
        _ => HueDirection::Shorter,
    };
    let mixed = first.interpolate(second, space, direction).eval((share_of_second / sum) as f32);
    let opacity = sum.min(1.0) as f32;
    Some(mixed.map(|a, b, c, alpha| [a, b, c, alpha * opacity]))
}

/// A colour and its share.
fn part(text: &str, nesting: u32) -> Option<(DynamicColor, Option<f64>)> {
    let parts = words(text);
    let (share, color): (Vec<&str>, Vec<&str>) =
        parts.into_iter().partition(|word| word.ends_with('%') || word.starts_with("calc("));
    let share = match share.as_slice() {
        [] => None,
        [share] => Some(number(share)?.clamp(0.0, 1.0)),
        _ => return None,
    };
    Some((parse(&color.join(" "), nesting + 1)?, share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_colours_is_read() {
        let check = |text: &str, expected: Rgba| {
            let rgba = color(text);
            let is_near = rgba.is_some_and(|rgba| rgba.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1));
            assert!(is_near, "{text}: {rgba:?}");
        };
        for red in
            ["RED", "#f00", "#FF0000", "#f00f", "rgb(255,0,0)", "rgb(255 0 0)", "rgba(100%, 0%, 0%, 1)"]
        {
            check(red, [255, 0, 0, 255]);
        }
        for red in ["hsl(0, 100%, 50%)", "hsl(1turn 100% 50%)", "hwb(0 0% 0%)", "color(srgb 1 0 0)"] {
            check(red, [255, 0, 0, 255]);
        }
        for half in [
            "rgb(255 0 0 / 50%)",
            "rgb(255 0 0/.5)",
            "rgba(255,0,0,.5)",
            "#ff000080",
            "hsl(0deg 100% 50%/50%)",
        ] {
            check(half, [255, 0, 0, 128]);
        }
        check("transparent", [0, 0, 0, 0]);
        check("CanvasText", [0, 0, 0, 255]);
        check("lab(54.29 80.8 69.9)", [255, 0, 0, 255]);
        check("oklch(62.8% 0.2577 29.23)", [255, 0, 0, 255]);
        check("color(display-p3 1 0 0)", [255, 0, 0, 255]);
        check("color(display-p3 0.5 0.5 0.5 / 50%)", [128, 128, 128, 128]);
        check("light-dark(#0a0, red)", [0, 170, 0, 255]);
        check("rgb(calc(100 + 28) 0 0 / calc(50% * 2))", [128, 0, 0, 255]);
        check("rgb(calc(1 * 2), calc(3 / 1), 4)", [2, 3, 4, 255]);
        check("color-mix(in srgb, red, blue)", [128, 0, 128, 255]);
        check("color-mix(in srgb, red 25%, transparent)", [255, 0, 0, 64]);
        check("color-mix(in srgb, red 20%, blue 20%)", [128, 0, 128, 102]);
        check("rgb(from red r g b / 50%)", [255, 0, 0, 128]);
        check("rgb(from #00aa00 b calc(g / 2) r / alpha)", [0, 85, 0, 255]);
        check("hsl(from red calc(h + 120) s l)", [0, 255, 0, 255]);
    }

    #[test]
    fn other_words_are_no_colours() {
        for text in ["", "none", "foo", "rgb(1 2)", "#12", "rgb(", "color-mix(in srgb, red)", "url(#a)"] {
            assert_eq!(color(text), None, "{text}");
        }
        assert_eq!(color(&("light-dark(".repeat(100) + "red")), None);
    }
}
