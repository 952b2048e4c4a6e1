//! Reads the tree and the size of an SVG. Only the file itself is read: scripts, file names and addresses are ignored.
//! Embedded images may be JPEG, PNG or WebP, within a total number of pixels.

mod weight;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree, roxmltree};

use super::info::{Depth, SourceFormat, SourceInfo};
use crate::error::Error;
use crate::pixels::orientation::Orientation;
use crate::pixels::{Channels, Size};

/// A function that reads the header of an embedded image.
pub(crate) type Probe = fn(&[u8]) -> Result<SourceInfo, Error>;

/// Maximum bytes of the file. Drawings for a screen are smaller.
const MAX_BYTES: usize = 16 << 20;

/// Maximum number of elements, attributes and texts in the file, with entities expanded.
const MAX_NODES: u32 = 500_000;

/// Maximum pixels of all embedded images together.
const MAX_EMBEDDED_PIXELS: u64 = 25_000_000;

/// Stack size in bytes. Parsing and drawing are recursive over nested elements. Only the part that is used takes
/// memory.
const STACK_BYTES: usize = 64 << 20;

/// `true` if the first element of the file is `svg`, after byte order mark, declarations and comments.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    const PROLOGUE_BYTES: usize = 64 << 10;
    let prologue = bytes.get(..PROLOGUE_BYTES).unwrap_or(bytes);
    let mut rest = prologue.strip_prefix(b"\xef\xbb\xbf").unwrap_or(prologue).trim_ascii_start();
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

/// Reads the size of the drawing.
pub(super) fn probe(bytes: &[u8], embedded: Probe) -> Result<SourceInfo, Error> {
    let size = on_deep_stack(|| parse(bytes, embedded).map(|tree| tree.size()))?;
    Ok(SourceInfo {
        format: SourceFormat::Svg,
        size: Size::rounded(f64::from(size.width()), f64::from(size.height())),
        animation: None,
        orientation: Orientation::UPRIGHT,
        channels: Channels::Rgba,
        depth: Depth::Eight,
        profile: None,
        has_metadata: false,
        is_lossless: true,
    })
}

pub(crate) fn parse(bytes: &[u8], embedded: Probe) -> Result<Tree, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooManyBytes { bytes: bytes.len() as u64, limit: MAX_BYTES as u64 });
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| Error::Unsupported("only SVG in UTF-8 is supported"))?;
    // The parser counts the expansion of nested entities and fails if it is too large.
    let options = roxmltree::ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options)
        .map_err(|error| Error::Damaged(error.to_string()))?;
    if has_text(&document) {
        return Err(Error::Unsupported(
            "the SVG has text, and this service has no fonts: convert the text to paths",
        ));
    }
    weight::admit(&document)?;
    Tree::from_xmltree(&document, &options_of_tree(embedded))
        .map_err(|error| Error::Damaged(error.to_string()))
}

/// `true` if the drawing has visible text. It would be missing from the picture, since there are no fonts.
fn has_text(document: &roxmltree::Document<'_>) -> bool {
    let is_text = |node: roxmltree::Node<'_, '_>| node.tag_name().name() == "text";
    let is_written = |node: roxmltree::Node<'_, '_>| node.text().is_some_and(|text| !text.trim().is_empty());
    document.descendants().filter(|node| is_text(*node)).any(|text| text.descendants().any(is_written))
}

fn options_of_tree(probe: Probe) -> Options<'static> {
    let embedded = AtomicU64::new(0);
    let resolver = ImageHrefResolver {
        resolve_data: Box::new(move |_, data, _| raster(data, &embedded, probe)),
        resolve_string: Box::new(|_, _| None),
    };
    Options { image_href_resolver: resolver, ..Options::default() }
}

/// An embedded image, if it and those before it have at most [`MAX_EMBEDDED_PIXELS`] pixels together.
fn raster(data: Arc<Vec<u8>>, embedded: &AtomicU64, probe: Probe) -> Option<ImageKind> {
    if is_svg(&data) {
        return None;
    }
    let info = probe(&data).ok()?;
    let pixels = info.size.pixels();
    let before = embedded.fetch_add(pixels.min(u64::from(u32::MAX)), Ordering::Relaxed);
    if pixels > MAX_EMBEDDED_PIXELS || before + pixels > MAX_EMBEDDED_PIXELS {
        return None;
    }
    match info.format {
        SourceFormat::Jpeg(_) => Some(ImageKind::JPEG(data)),
        SourceFormat::Png => Some(ImageKind::PNG(data)),
        SourceFormat::Webp(header) => (!header.is_animated).then_some(ImageKind::WEBP(data)),
        SourceFormat::Gif
        | SourceFormat::Avif(_)
        | SourceFormat::Heic(_)
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl => None,
    }
}

/// Runs `work` on a thread with a stack that is deep enough for every file within the limits.
pub(crate) fn on_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    let unavailable = |error: std::io::Error| Error::Internal(error.to_string());
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        let gave_up = |_| Err(Error::Damaged("the SVG can't be drawn".to_owned()));
        thread.map_err(unavailable)?.join().unwrap_or_else(gave_up)
    })
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
    }
}
