//! Detects markup in texts as browsers do.

/// The type of text without markup.
pub(super) const PLAIN: &str = "text/plain";

/// The type of captions in WebVTT.
pub(super) const WEB_VTT: &str = "text/vtt";

/// The type of XML that is neither SVG nor XHTML.
pub(super) const XML: &str = "text/xml";

/// Tags by which browsers detect HTML (MIME Sniffing Standard, section 7.1), without the `<`. A space, `>` or `/` must
/// follow.
const HTML_TAGS: [&str; 17] = [
    "!doctype html",
    "html",
    "head",
    "script",
    "iframe",
    "h1",
    "div",
    "font",
    "table",
    "a",
    "style",
    "title",
    "b",
    "body",
    "br",
    "p",
    "meta",
];

/// The number of bytes at the beginning of a text that tell it from binary data.
const PLAIN_BYTES: usize = 4096;

/// The type of a text; `None` for binary data. The first element may be behind long comments.
pub(super) fn sniff(first: &[u8]) -> Option<&'static str> {
    let wide = utf_16(first);
    let first = wide.as_deref().unwrap_or(first);
    if first.is_empty() || first.iter().take(PLAIN_BYTES).any(|byte| is_binary(*byte)) {
        return None;
    }
    // Only ASCII is compared, so invalid UTF-8 and a cut character do no harm.
    let text = String::from_utf8_lossy(first);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Some(markup(text).unwrap_or(if is_web_vtt(text) { WEB_VTT } else { PLAIN }))
}

/// WebVTT, section 4.1: its first line is `WEBVTT`, or has text after a space.
fn is_web_vtt(text: &str) -> bool {
    let rest = text.strip_prefix("WEBVTT");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// A text in UTF-16 with its mark, in UTF-8.
fn utf_16(first: &[u8]) -> Option<Vec<u8>> {
    let (read, units): (fn([u8; 2]) -> u16, _) = match first {
        [0xff, 0xfe, units @ ..] => (u16::from_le_bytes, units),
        [0xfe, 0xff, units @ ..] => (u16::from_be_bytes, units),
        _ => return None,
    };
    let units = units.as_chunks::<2>().0.iter().map(|pair| read(*pair));
    Some(
        char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}')).collect::<String>().into_bytes(),
    )
}

/// MIME Sniffing Standard, section 3: "binary data byte".
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}

/// The type of markup by its first element, after declarations and comments.
fn markup(text: &str) -> Option<&'static str> {
    let mut rest = text.trim_start();
    let mut is_xml = false;
    loop {
        let inner = rest.strip_prefix('<')?;
        let after = if inner.starts_with('?') {
            is_xml = true;
            after(inner, "?>")
        } else if inner.starts_with("!--") {
            after(inner, "-->")
        } else if begins_with_tag(inner, "!doctype svg") {
            is_xml = true;
            after_doctype(inner)
        } else {
            break;
        };
        match after {
            Some(after) => rest = after.trim_start(),
            // The text ends before its first element. Browsers take a comment for HTML.
            None => return Some(if is_xml { XML } else { "text/html" }),
        }
        if rest.is_empty() {
            return Some(if is_xml { XML } else { "text/html" });
        }
    }
    let element = rest.strip_prefix('<')?;
    if is_svg(element) {
        Some("image/svg+xml")
    } else if HTML_TAGS.into_iter().any(|tag| begins_with_tag(element, tag)) {
        Some("text/html")
    } else if is_xml || element.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') {
        Some(XML)
    } else {
        None
    }
}

/// `true` for an element `svg` with or without a namespace prefix.
fn is_svg(element: &str) -> bool {
    let name =
        element.split(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
    name.rsplit(':').next() == Some("svg")
}

fn begins_with_tag(element: &str, tag: &str) -> bool {
    let is_tag = element.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    let next = element.get(tag.len()..).and_then(|rest| rest.chars().next());
    is_tag && next.is_none_or(|c| c.is_ascii_whitespace() || c == '>' || c == '/' || c == '[')
}

fn after<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    text.split_once(end).map(|(_, after)| after)
}

/// The text after a document type declaration, which may contain declarations in brackets.
fn after_doctype(text: &str) -> Option<&str> {
    let end = text.find(['>', '['])?;
    let (_, rest) = text.split_at(end);
    if rest.starts_with('[') { after(after(rest, "]")?, ">") } else { after(rest, ">") }
}
