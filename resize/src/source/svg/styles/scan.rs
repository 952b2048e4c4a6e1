//! Finds the ends of parts of CSS: strings, brackets and comments count as one item.

use std::borrow::Cow;

/// Deepest nesting of brackets. An item that is nested deeper extends to the end of the text.
const MAX_NESTING: usize = 64;

/// The text without comments.
pub(crate) fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("/*") && !text.contains("<!--") && !text.contains("-->") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
            kept.push(' ');
            continue;
        }
        let length = match first {
            '"' | '\'' => string_length(rest),
            'u' | 'U' => address_length(rest),
            '<' if rest.starts_with("<!--") => {
                rest = rest.get(4..).unwrap_or_default();
                continue;
            }
            '-' if rest.starts_with("-->") => {
                rest = rest.get(3..).unwrap_or_default();
                continue;
            }
            _ => first.len_utf8(),
        };
        let (item, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        kept.push_str(item);
        rest = behind;
    }
    Cow::Owned(kept)
}

/// The length of `url(…)` without quotes, or of one character.
fn address_length(text: &str) -> usize {
    let is_address = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url("));
    let inside = text.get(4..).unwrap_or_default();
    match inside.find([')', '"', '\'']) {
        Some(end) if is_address && inside.get(end..).is_some_and(|rest| rest.starts_with(')')) => end + 5,
        _ => 1,
    }
}

/// The length of a string with its quotes. A string without an end extends to the end of the text.
fn string_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    while let Some((place, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if Some(character) == quote {
            return place + 1;
        }
    }
    text.len()
}

/// The byte offset of the first of the characters that is in no string and in no brackets.
pub(crate) fn find(text: &str, wanted: &[char]) -> Option<usize> {
    let mut nesting: Vec<char> = Vec::new();
    let mut place = 0;
    while let Some(character) = text.get(place..).and_then(|rest| rest.chars().next()) {
        if nesting.is_empty() && wanted.contains(&character) {
            return Some(place);
        }
        let mut length = character.len_utf8();
        match character {
            '\\' => length += text.get(place + 1..)?.chars().next().map_or(0, char::len_utf8),
            '"' | '\'' => length = string_length(text.get(place..)?),
            '(' => nesting.push(')'),
            '[' => nesting.push(']'),
            '{' => nesting.push('}'),
            ')' | ']' | '}' if nesting.last() == Some(&character) => {
                nesting.pop();
            }
            _ => {}
        }
        if nesting.len() > MAX_NESTING {
            return None;
        }
        place += length;
    }
    None
}

/// The parts of the text between separators that are in no string and in no brackets, without the space around them.
pub(crate) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(end) = find(rest, &[separator]) {
        let (part, behind) = rest.split_at(end);
        parts.push(part.trim());
        rest = behind.get(separator.len_utf8()..).unwrap_or_default();
    }
    parts.push(rest.trim());
    parts
}

/// The parts of the text between spaces that are in no string and in no brackets.
pub(crate) fn words(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = find(rest, &[' ', '\t', '\n', '\r', '\u{c}']).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        parts.push(part);
        rest = behind.trim_start();
    }
    parts
}

/// The text in front of the opening bracket, the one inside, and the one behind the closing bracket. Without a
/// closing bracket the block extends to the end.
pub(crate) fn block(text: &str, open: char, close: char) -> Option<(&str, &str, &str)> {
    let start = find(text, &[open])?;
    let inside = text.get(start + 1..)?;
    let end = find(inside, &[close]).unwrap_or(inside.len());
    Some((text.get(..start)?, inside.get(..end)?, inside.get(end + 1..).unwrap_or_default()))
}

/// The name and the arguments, if the whole text is one function such as `calc(1px)`.
pub(crate) fn function(text: &str) -> Option<(&str, &str)> {
    let (name, inside, behind) = block(text.trim(), '(', ')')?;
    let is_name = !name.is_empty()
        && name.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_'));
    (is_name && behind.trim().is_empty()).then_some((name, inside))
}

/// The identifier at the start of the text, with its escapes resolved, and the text behind it.
pub(crate) fn identifier(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let is_name = character.is_alphanumeric() || matches!(character, '-' | '_') || !character.is_ascii();
        if is_name {
            name.push(character);
            rest = rest.get(character.len_utf8()..)?;
        } else if character == '\\' {
            let (escaped, behind) = escape(rest.get(1..)?)?;
            name.push(escaped);
            rest = behind;
        } else {
            break;
        }
    }
    (!name.is_empty()).then_some((name, rest))
}

/// The character that the text behind a backslash stands for.
fn escape(text: &str) -> Option<(char, &str)> {
    let digits = text.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    if digits == 0 {
        let character = text.chars().next()?;
        return Some((character, text.get(character.len_utf8()..)?));
    }
    let (code, behind) = text.split_at_checked(digits)?;
    let character = u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
    Some((character, behind.strip_prefix(|next: char| next.is_ascii_whitespace()).unwrap_or(behind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_count_outside_of_strings_and_brackets_only() {
        assert_eq!(split("a;b(c;d);'e;f\\';g'; h", ';'), ["a", "b(c;d)", "'e;f\\';g'", "h"]);
        assert_eq!(words(" a  rgb(1 2 3)\n\"x y\" "), ["a", "rgb(1 2 3)", "\"x y\""]);
        assert_eq!(block("a{b{c}d}e", '{', '}'), Some(("a", "b{c}d", "e")));
        assert_eq!(function(" calc(1 * (2)) "), Some(("calc", "1 * (2)")));
        assert_eq!(function("a(1) b(2)"), None);
        assert_eq!(find(&"(".repeat(1000), &[';']), None);
    }

    #[test]
    fn comments_are_removed_outside_of_strings() {
        assert_eq!(without_comments("a/* ; */b '/*' <!-- c -->"), "a b '/*'  c ");
        assert_eq!(without_comments("url(a/*b)/**/ /*"), "url(a/*b)   ");
    }

    #[test]
    fn identifiers_have_escapes() {
        assert_eq!(identifier("a-b.c"), Some(("a-b".to_owned(), ".c")));
        assert_eq!(identifier("\\31 2\\:x"), Some(("12:x".to_owned(), "")));
        assert_eq!(identifier(".a"), None);
    }
}
