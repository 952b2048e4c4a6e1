//! Recognises an SVG by its first element.

use super::encoding;

/// `true` if the first element of the file is `svg`, after byte order mark, declarations and comments.
pub(crate) fn is_svg(bytes: &[u8]) -> bool {
    const PROLOGUE_BYTES: usize = 1 << 20;
    let may_be = match bytes {
        [0x1f, 0x8b, ..] | [0xef, 0xbb, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'<', ..] => true,
        [first, ..] => *first == b'<' || first.is_ascii_whitespace(),
        [] => false,
    };
    may_be && begins_with_svg(encoding::beginning(bytes, PROLOGUE_BYTES).as_bytes())
}

fn begins_with_svg(text: &[u8]) -> bool {
    let mut rest = text.trim_ascii_start();
    loop {
        let end = match rest {
            [b'<', b'?', ..] => after(rest, b"?>"),
            [b'<', b'!', b'-', b'-', ..] => after(rest, b"-->"),
            [b'<', b'!', ..] => after_declaration(rest),
            _ => break,
        };
        let Some(behind) = end else { return false };
        rest = behind.trim_ascii_start();
    }
    let name = rest.strip_prefix(b"<").unwrap_or_default();
    let end = name.iter().position(|byte| matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace());
    let name = end.and_then(|end| name.get(..end)).unwrap_or_default();
    name == b"svg" || name.ends_with(b":svg")
}

/// The text after the first `mark`.
fn after<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let start = text.windows(mark.len()).position(|window| window == mark)?;
    text.get(start + mark.len()..)
}

/// The text after a `<!DOCTYPE …>`, which may have an internal subset in brackets.
fn after_declaration(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().position(|byte| matches!(byte, b'>' | b'['))?;
    match text.get(end) {
        Some(b'[') => after(after(text, b"]")?, b">"),
        _ => text.get(end + 1..),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_is_recognised_by_its_first_element() {
        let check = |text: &str, expected| assert_eq!(is_svg(text.as_bytes()), expected, "{text:?}");
        check("<svg xmlns='http://www.w3.org/2000/svg'/>", true);
        check("\u{feff} <?xml version='1.0'?>\n<!-- <html> -->\n<svg>", true);
        check("<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'><svg/>", true);
        check("<!DOCTYPE svg [ <!ENTITY a '<b>'> ]><svg:svg ", true);
        check("<html><svg/></html>", false);
        check("<svgx/>", false);
        check("<!-- <svg>", false);
        check("<svg", false);
        check("", false);
        check(&format!("<!--{}--><svg/>", "x".repeat(500_000)), true);
    }
}
