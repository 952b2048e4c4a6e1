//! How selectors are written.

use super::scan::{block, find, function, identifier, split};
use super::selector::{Combinator, Compound, Condition, Selector, Specificity, Test};

/// Deepest nesting of selectors in `:not()`, `:is()` and the like.
const MAX_NESTING: u32 = 16;

/// The selectors of a list. `None` if one of them is unknown: the rule doesn't hold then.
pub(crate) fn list(text: &str) -> Option<Vec<Selector>> {
    nested_list(text, 0)
}

fn nested_list(text: &str, nesting: u32) -> Option<Vec<Selector>> {
    split(text, ',').into_iter().map(|text| selector(text, nesting)).collect()
}

fn selector(text: &str, nesting: u32) -> Option<Selector> {
    if nesting > MAX_NESTING {
        return None;
    }
    let mut compounds: Vec<(Compound, Option<Combinator>)> = Vec::new();
    let mut specificity = [0; 3];
    let mut combinator_before = None;
    let mut rest = text.trim();
    loop {
        let (compound, behind) = compound(rest, nesting, &mut specificity)?;
        compounds.push((compound, combinator_before));
        if behind.trim().is_empty() {
            break;
        }
        let (combinator, behind) = combinator(behind);
        combinator_before = Some(combinator);
        rest = behind;
    }
    compounds.reverse();
    Some(Selector { compounds, specificity })
}

/// The combinator at the start of the text, and the text behind it.
fn combinator(text: &str) -> (Combinator, &str) {
    let text = text.trim_start();
    let combinator = match text.bytes().next() {
        Some(b'>') => Combinator::Child,
        Some(b'+') => Combinator::Next,
        Some(b'~') => Combinator::Later,
        _ => return (Combinator::Descendant, text),
    };
    (combinator, text.get(1..).unwrap_or_default().trim_start())
}

fn compound<'a>(text: &'a str, nesting: u32, specificity: &mut Specificity) -> Option<(Compound, &'a str)> {
    let [ids, classes, elements] = specificity;
    let mut conditions = Vec::new();
    let mut rest = text;
    let mut is_empty = true;
    if let Some(behind) = rest.strip_prefix('*') {
        (rest, is_empty) = (behind, false);
    } else if let Some((name, behind)) = identifier(rest) {
        (rest, is_empty) = (behind, false);
        if !rest.starts_with('|') {
            *elements += 1;
            conditions.push(Condition::Element(name));
        }
    }
    // The name of a namespace has no influence: other elements than SVG's aren't drawn.
    if let Some(behind) = rest.strip_prefix('|') {
        is_empty = false;
        if let Some((name, behind)) = identifier(behind) {
            *elements += 1;
            conditions.push(Condition::Element(name));
            rest = behind;
        } else {
            rest = behind.strip_prefix('*')?;
        }
    }
    loop {
        if let Some(behind) = rest.strip_prefix('#') {
            let (name, behind) = identifier(behind)?;
            *ids += 1;
            conditions.push(Condition::Id(name));
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('.') {
            let (name, behind) = identifier(behind)?;
            *classes += 1;
            conditions.push(Condition::Class(name));
            rest = behind;
        } else if rest.starts_with('[') {
            let (_, inside, behind) = block(rest, '[', ']')?;
            *classes += 1;
            conditions.push(attribute(inside)?);
            rest = behind;
        } else if rest.starts_with("::") {
            let (_, behind) = pseudo_name(rest.get(2..)?)?;
            conditions.push(Condition::Never);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix(':') {
            let (name, behind) = pseudo_name(behind)?;
            let (condition, weight) = pseudo_class(name, nesting)?;
            for (sum, weight) in [&mut *ids, &mut *classes, &mut *elements].into_iter().zip(weight) {
                *sum += weight;
            }
            conditions.push(condition);
            rest = behind;
        } else {
            break;
        }
        is_empty = false;
    }
    (!is_empty).then_some((conditions, rest))
}

/// The name with its arguments in brackets.
fn pseudo_name(text: &str) -> Option<(&str, &str)> {
    let end =
        find(text, &[' ', '\t', '\n', '\r', '>', '+', '~', '.', '#', '[', ':', ',']).unwrap_or(text.len());
    let (name, behind) = text.split_at(end);
    let name = name.trim();
    // A bracket ends in `[`, which `find` reports before it looks inside.
    (!name.is_empty()).then_some((name, behind))
}

fn attribute(inside: &str) -> Option<Condition> {
    let (name, value) = inside.trim().split_once('=').unwrap_or((inside.trim(), ""));
    let test_of = |mark: char| match mark {
        '~' => Some(Test::Word),
        '|' => Some(Test::Language),
        '^' => Some(Test::Start),
        '$' => Some(Test::End),
        '*' => Some(Test::Part),
        _ => None,
    };
    let has_value = inside.contains('=');
    let marked = has_value.then(|| name.chars().last().and_then(test_of)).flatten();
    let (name, kind) = match marked {
        Some(kind) => (name.get(..name.len() - 1)?, kind),
        None => (name, if has_value { Test::Equal } else { Test::Present }),
    };
    let name = name.trim();
    let (name, behind) = identifier(name.rsplit_once('|').map_or(name, |(_, local)| local))?;
    if !behind.is_empty() {
        return None;
    }
    let (value, flag) = attribute_value(value.trim())?;
    Some(Condition::Attribute { name, test: kind, value, ignores_case: flag.eq_ignore_ascii_case("i") })
}

/// The value without its quotes, and the flag behind it.
fn attribute_value(text: &str) -> Option<(String, &str)> {
    match text.bytes().next() {
        None => Some((String::new(), "")),
        Some(quote @ (b'"' | b'\'')) => {
            let (value, flag) = text.get(1..)?.split_once(char::from(quote))?;
            Some((value.to_owned(), flag.trim()))
        }
        Some(_) => {
            let (value, flag) = text.split_once(' ').unwrap_or((text, ""));
            Some((identifier(value).filter(|(_, behind)| behind.is_empty())?.0, flag.trim()))
        }
    }
}

fn pseudo_class(text: &str, nesting: u32) -> Option<(Condition, Specificity)> {
    const CLASS: Specificity = [0, 1, 0];
    let Some((name, inside)) = function(text) else {
        return Some((plain_pseudo_class(&text.to_ascii_lowercase())?, CLASS));
    };
    let place = |is_from_end, is_of_type| {
        let (place, of) = inside.split_once(" of ").map_or((inside, None), |(place, of)| (place, Some(of)));
        let of = of.map_or_else(|| Some(Vec::new()), |of| nested_list(of, nesting + 1))?;
        let (step, start) = step_and_start(place)?;
        let [ids, classes, elements] = most_specific(&of);
        let condition = Condition::Place { step, start, is_from_end, is_of_type, of };
        Some((condition, [ids, classes + 1, elements]))
    };
    match name.to_ascii_lowercase().as_str() {
        "not" => {
            let selectors = nested_list(inside, nesting + 1)?;
            let most = most_specific(&selectors);
            Some((Condition::Not(selectors), most))
        }
        name @ ("is" | "where" | "matches" | "-webkit-any") => {
            let known = split(inside, ',').into_iter().filter_map(|text| selector(text, nesting + 1));
            let selectors: Vec<Selector> = known.collect();
            let most = if name == "where" { [0; 3] } else { most_specific(&selectors) };
            Some((Condition::Is(selectors), most))
        }
        "has" => {
            let relative = |text| {
                let (combinator, text) = combinator(text);
                Some((combinator, selector(text, nesting + 1)?))
            };
            let selectors: Vec<_> = split(inside, ',').into_iter().map(relative).collect::<Option<_>>()?;
            let most = selectors.iter().map(|(_, selector)| selector.specificity).max();
            Some((Condition::Has(selectors), most.unwrap_or_default()))
        }
        "nth-child" => place(false, false),
        "nth-last-child" => place(true, false),
        "nth-of-type" => place(false, true),
        "nth-last-of-type" => place(true, true),
        "lang" | "dir" | "host" | "state" => Some((Condition::Never, CLASS)),
        _ => None,
    }
}

fn most_specific(selectors: &[Selector]) -> Specificity {
    selectors.iter().map(|selector| selector.specificity).max().unwrap_or_default()
}

fn plain_pseudo_class(name: &str) -> Option<Condition> {
    let place = |is_from_end, is_of_type| Condition::Place {
        step: 0,
        start: 1,
        is_from_end,
        is_of_type,
        of: Vec::new(),
    };
    let only = |is_of_type| {
        let both = [false, true].map(|is_from_end| place(is_from_end, is_of_type));
        let selector = Selector { compounds: vec![(both.into(), None)], specificity: [0; 3] };
        Condition::Is(vec![selector])
    };
    Some(match name {
        "root" | "scope" => Condition::Root,
        "empty" => Condition::Empty,
        "link" | "any-link" => Condition::Link,
        "first-child" => place(false, false),
        "last-child" => place(true, false),
        "first-of-type" => place(false, true),
        "last-of-type" => place(true, true),
        "only-child" => only(false),
        "only-of-type" => only(true),
        "visited" | "hover" | "active" | "focus" | "focus-visible" | "focus-within" | "target"
        | "target-within" | "enabled" | "disabled" | "checked" | "indeterminate" | "default" | "valid"
        | "invalid" | "required" | "optional" | "read-only" | "read-write" | "placeholder-shown"
        | "fullscreen" | "modal" | "popover-open" | "playing" | "paused" | "before" | "after"
        | "first-line" | "first-letter" => Condition::Never,
        _ => return None,
    })
}

/// `2n+1`, `odd`, `-n + 3`, `4`.
fn step_and_start(text: &str) -> Option<(i32, i32)> {
    let text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let text = text.to_ascii_lowercase();
    match text.as_str() {
        "odd" => return Some((2, 1)),
        "even" => return Some((2, 0)),
        _ => {}
    }
    let Some((step, start)) = text.split_once('n') else { return Some((0, text.parse().ok()?)) };
    let step = match step {
        "" | "+" => 1,
        "-" => -1,
        number => number.parse().ok()?,
    };
    Some((step, if start.is_empty() { 0 } else { start.parse().ok()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_known_or_the_list_is_unknown() {
        let check = |text: &str, expected: Option<Specificity>| {
            let specificity = list(text).map(|selectors| selectors[0].specificity);
            assert_eq!(specificity, expected, "{text}");
        };
        check("*", Some([0, 0, 0]));
        check("svg|rect.a.b#c", Some([1, 2, 1]));
        check("g > rect + .a ~ b c", Some([0, 1, 4]));
        check(":is(#a, b):where(#c):not(.d)", Some([1, 1, 0]));
        check("[fill='red' i][x][y~=z]", Some([0, 3, 0]));
        check("a:hover::before", Some([0, 1, 1]));
        check("*|*:nth-child( 2n + 1 )", Some([0, 1, 0]));
        check("g:has(> rect)", Some([0, 0, 2]));
        check(":nth-child(2n of a.b, c)", Some([0, 2, 1]));
        check("a:foo", None);
        check("a, :foo", None);
        check("a >", None);
        check("", None);
        check("&", None);
        check(&(":not(".repeat(100) + &")".repeat(100)), None);
    }

    #[test]
    fn places_are_a_step_and_a_start() {
        let check = |text, expected| assert_eq!(step_and_start(text), expected, "{text}");
        check("odd", Some((2, 1)));
        check("-n + 3", Some((-1, 3)));
        check("3n", Some((3, 0)));
        check("5", Some((0, 5)));
        check("x", None);
    }
}
