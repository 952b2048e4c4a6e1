//! Lengths, colours, references and filters in the notation of the renderer.

use crate::source::svg::styles::scan::{function, words};
use crate::source::svg::values::color::{Rgba, color};
use crate::source::svg::values::expression::{Axis, Units, angle, number};

/// A length in user units. The renderer resolves percentages, since it knows the view box of every use.
pub(crate) fn length(text: &str, axis: Axis, units: &Units) -> Option<String> {
    let is_percentage = text.strip_suffix('%').is_some_and(|number| number.parse::<f64>().is_ok());
    if is_percentage {
        Some(text.to_owned())
    } else {
        units.length(text, axis).map(|value| value.to_string())
    }
}

pub(crate) fn paint(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "none" | "context-fill" | "context-stroke") {
        return Some(lower);
    }
    let parts = words(text);
    match parts.split_first() {
        Some((address, fallback))
            if address.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("url(")) =>
        {
            let address = reference(address)?;
            match fallback {
                [] => Some(address),
                fallback => {
                    Some(format!("{address} {}", paint(&fallback.join(" ")).unwrap_or("none".to_owned())))
                }
            }
        }
        _ => plain_color(text),
    }
}

pub(crate) fn plain_color(text: &str) -> Option<String> {
    if text.eq_ignore_ascii_case("currentcolor") {
        return Some("currentColor".to_owned());
    }
    color(text).map(hexadecimal)
}

fn hexadecimal([red, green, blue, alpha]: Rgba) -> String {
    match alpha {
        255 => format!("#{red:02x}{green:02x}{blue:02x}"),
        alpha => format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}"),
    }
}

/// `url("#name")`, without quotes unless the name needs them.
pub(crate) fn reference(text: &str) -> Option<String> {
    let (name, address) = function(text)?;
    let address = address.trim().trim_matches(['"', '\'']).trim();
    if !name.eq_ignore_ascii_case("url") || !address.starts_with('#') {
        return None;
    }
    let needs_quotes = address.contains(|letter: char| letter.is_whitespace() || "()\"',".contains(letter));
    Some(match (needs_quotes, address.contains('\'')) {
        (false, _) => format!("url({address})"),
        (true, false) => format!("url('{address}')"),
        (true, true) => format!("url(\"{address}\")"),
    })
}

/// A list of functions and references of `filter`.
pub(crate) fn filters(text: &str, units: &Units) -> Option<String> {
    if text.eq_ignore_ascii_case("none") {
        return Some("none".to_owned());
    }
    let filters: Option<Vec<String>> = words(text).into_iter().map(|text| filter(text, units)).collect();
    filters.map(|filters| filters.join(" "))
}

fn filter(text: &str, units: &Units) -> Option<String> {
    let (name, arguments) = function(text)?;
    let name = name.to_ascii_lowercase();
    let arguments = arguments.trim();
    let argument = match name.as_str() {
        "url" => return reference(text),
        _ if arguments.is_empty() => String::new(),
        "blur" => units.length_of(arguments, 0.0)?.to_string(),
        "hue-rotate" => format!("{}deg", angle(arguments)?),
        "drop-shadow" => {
            let part = |word: &str| {
                plain_color(word).or_else(|| units.length_of(word, 0.0).map(|length| length.to_string()))
            };
            words(arguments).into_iter().map(part).collect::<Option<Vec<_>>>()?.join(" ")
        }
        _ => number(arguments)?.to_string(),
    };
    Some(format!("{name}({argument})"))
}
