//! Which `@media` and `@supports` blocks hold for a picture on a screen.

use super::scan::{function, split, words};

/// `true` if one of the queries holds. `width` and `height` are the drawing's own size in CSS pixels.
pub(crate) fn holds(queries: &str, width: f64, height: f64) -> bool {
    queries.trim().is_empty()
        || split(queries, ',')
            .into_iter()
            .any(|query| query_holds(&query.to_ascii_lowercase(), width, height))
}

fn query_holds(query: &str, width: f64, height: f64) -> bool {
    let words = words(query);
    let is_negated = words.first() == Some(&"not");
    let parts = words.iter().filter(|word| !matches!(**word, "and" | "only" | "not"));
    let is_any = words.contains(&"or");
    let mut results = parts.filter(|word| **word != "or").map(|word| part_holds(word, width, height));
    let result = if is_any { results.any(|holds| holds) } else { results.all(|holds| holds) };
    result != is_negated
}

fn part_holds(part: &str, width: f64, height: f64) -> bool {
    let Some(inside) = part.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
        return matches!(part, "all" | "screen");
    };
    if inside.contains('(') {
        return query_holds(inside, width, height);
    }
    let compared = inside.contains(['<', '>', '=']);
    if compared {
        return range_holds(inside, width, height);
    }
    let (name, value) = inside.split_once(':').map_or((inside.trim(), ""), |(n, v)| (n.trim(), v.trim()));
    let is = |own: f64, wanted: fn(f64, f64) -> bool| pixels(value).is_some_and(|value| wanted(own, value));
    match name {
        "min-width" | "min-device-width" => is(width, |own, value| own >= value),
        "max-width" | "max-device-width" => is(width, |own, value| own <= value),
        "min-height" | "min-device-height" => is(height, |own, value| own >= value),
        "max-height" | "max-device-height" => is(height, |own, value| own <= value),
        "width" => value.is_empty() || is(width, |own, value| (own - value).abs() < 1e-9),
        "height" => value.is_empty() || is(height, |own, value| (own - value).abs() < 1e-9),
        "orientation" => value == if width > height { "landscape" } else { "portrait" },
        "prefers-color-scheme" => value == "light",
        "prefers-reduced-motion" | "prefers-contrast" | "prefers-reduced-data" => value == "no-preference",
        "forced-colors" | "inverted-colors" => value == "none",
        "color" | "hover" | "any-hover" | "pointer" | "any-pointer" | "scripting" => {
            name == "color" || value == "none"
        }
        _ => false,
    }
}

/// `width >= 600px`, `200px < width <= 400px`.
fn range_holds(text: &str, width: f64, height: f64) -> bool {
    let mut sides = Vec::new();
    let mut marks = Vec::new();
    let mut rest = text;
    while let Some(place) = rest.find(['<', '>', '=']) {
        let (side, behind) = rest.split_at(place);
        let length = if behind.get(1..).is_some_and(|next| next.starts_with('=')) { 2 } else { 1 };
        let (mark, behind) = behind.split_at(length);
        sides.push(side);
        marks.push(mark);
        rest = behind;
    }
    sides.push(rest);
    let value = |side: &&str| match side.trim() {
        "width" => Some(width),
        "height" => Some(height),
        text => pixels(text),
    };
    let values: Option<Vec<f64>> = sides.iter().map(value).collect();
    let holds = |(pair, mark): (&[f64], &&str)| match (pair, *mark) {
        ([a, b], "<") => a < b,
        ([a, b], "<=") => a <= b,
        ([a, b], ">") => a > b,
        ([a, b], ">=") => a >= b,
        ([a, b], "=") => (a - b).abs() < 1e-9,
        _ => false,
    };
    values.is_some_and(|values| values.windows(2).zip(&marks).all(holds))
}

fn pixels(text: &str) -> Option<f64> {
    let text = text.trim();
    let (number, factor) = match text.strip_suffix("px") {
        Some(number) => (number, 1.0),
        None => match text.strip_suffix("em") {
            Some(number) => (number.strip_suffix('r').unwrap_or(number), 16.0),
            None => (text, 1.0),
        },
    };
    number.trim().parse::<f64>().ok().map(|number| number * factor)
}

/// `true` if the conditions of `@supports` hold. Every declaration counts as supported.
pub(crate) fn is_supported(condition: &str) -> bool {
    let condition = condition.trim().to_ascii_lowercase();
    let parts = words(&condition);
    match parts.split_first() {
        Some((&"not", rest)) => !rest.iter().all(|part| is_part_supported(part)),
        _ if parts.contains(&"or") => parts.iter().any(|part| *part != "or" && is_part_supported(part)),
        _ => parts.iter().all(|part| *part == "and" || is_part_supported(part)),
    }
}

fn is_part_supported(part: &str) -> bool {
    if let Some(("selector", inside)) = function(part) {
        return super::notation::list(inside).is_some();
    }
    let inside = part.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or_default();
    if inside.starts_with(['(', 'n']) { is_supported(inside) } else { inside.contains(':') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_for_a_light_screen_of_the_drawings_size_hold() {
        let check = |query: &str, expected| assert_eq!(holds(query, 300.0, 150.0), expected, "{query}");
        check("", true);
        check("screen", true);
        check("print", false);
        check("not print", true);
        check("print, screen and (min-width: 300px)", true);
        check("(max-width:299px)", false);
        check("(200px < width <= 300px) and (height >= 10em)", false);
        check("(200px < width <= 300px)", true);
        check("(prefers-color-scheme: dark)", false);
        check("not (prefers-color-scheme: dark)", true);
        check("(orientation: landscape) or (width: 1px)", true);
        check("(unknown)", false);
    }

    #[test]
    fn declarations_count_as_supported() {
        let check = |condition, expected| assert_eq!(is_supported(condition), expected, "{condition}");
        check("(fill: red)", true);
        check("not (fill: red)", false);
        check("(fill: red) and (not (d: none))", false);
        check("selector(:not(a)) or (x)", true);
        check("selector(:foo)", false);
    }
}
