//! SVG, drawn straight at the size that is wanted. Nothing outside the file is read: no scripts, no files, no
//! addresses; of embedded images only JPEG, PNG and WebP, in bounds.

mod cost;

mod weight;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree, roxmltree};

use crate::error::Error;
use crate::orient::Orientation;
use crate::pixels::{Channels, Pixels, Size};
use crate::source::{self, Depth, SourceFormat, SourceInfo};

/// A drawing is text: one of more bytes than this is not meant for a screen.
const MAX_BYTES: usize = 16 << 20;

/// Elements, attributes and texts of the file, entities expanded.
const MAX_NODES: u32 = 500_000;

/// Pixels of all embedded images together.
const MAX_EMBEDDED_PIXELS: u64 = 25_000_000;

/// Elements nest, and what reads and draws them recurs. Only what is used of it takes memory.
const STACK_BYTES: usize = 64 << 20;

/// Whether the file's first element is `svg`, behind whatever may stand in front of it.
pub(crate) fn is_svg(bytes: &[u8]) -> bool {
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

/// Reads the drawing's size.
pub(crate) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let size = on_deep_stack(|| parse(bytes).map(|tree| tree.size()))?;
    Ok(SourceInfo {
        format: SourceFormat::Svg,
        size: Size::rounded(f64::from(size.width()), f64::from(size.height())),
        orientation: Orientation::UPRIGHT,
        channels: Channels::Rgba,
        depth: Depth::Eight,
        profile: None,
        has_metadata: false,
        is_lossless: true,
    })
}

/// Draws it at `size`.
pub(super) fn decode(bytes: &[u8], size: Size) -> Result<Pixels, Error> {
    on_deep_stack(|| {
        let tree = parse(bytes)?;
        let (width, height) = (size.width() as f32, size.height() as f32);
        let (across, down) = (width / tree.size().width(), height / tree.size().height());
        cost::admit(&tree, across, down, size)?;
        let mut canvas = Pixmap::new(size.width(), size.height())
            .ok_or(Error::Unsupported("the SVG is too large to be drawn"))?;
        resvg::render(&tree, Transform::from_scale(across, down), &mut canvas.as_mut());
        Ok(Pixels { samples: canvas.take_demultiplied(), size, channels: Channels::Rgba })
    })
}

fn parse(bytes: &[u8]) -> Result<Tree, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooManyBytes { bytes: bytes.len() as u64, limit: MAX_BYTES as u64 });
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| Error::Unsupported("only SVG in UTF-8 is read here"))?;
    // Entities that name entities are counted by the parser, and refused where they multiply.
    let options = roxmltree::ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options)
        .map_err(|error| Error::Damaged(error.to_string()))?;
    if has_text(&document) {
        return Err(Error::Unsupported(
            "the SVG has text, and there are no fonts here: turn the text into paths",
        ));
    }
    weight::admit(&document)?;
    Tree::from_xmltree(&document, &options_of_tree()).map_err(|error| Error::Damaged(error.to_string()))
}

/// Without fonts text would be left out, and the picture be another one.
fn has_text(document: &roxmltree::Document<'_>) -> bool {
    let is_text = |node: roxmltree::Node<'_, '_>| node.tag_name().name() == "text";
    let is_written = |node: roxmltree::Node<'_, '_>| node.text().is_some_and(|text| !text.trim().is_empty());
    document.descendants().filter(|node| is_text(*node)).any(|text| text.descendants().any(is_written))
}

fn options_of_tree() -> Options<'static> {
    let embedded = AtomicU64::new(0);
    let resolver = ImageHrefResolver {
        resolve_data: Box::new(move |_, data, _| raster(data, &embedded)),
        resolve_string: Box::new(|_, _| None),
    };
    Options { image_href_resolver: resolver, ..Options::default() }
}

/// An embedded image, while those before it leave pixels for it.
fn raster(data: Arc<Vec<u8>>, embedded: &AtomicU64) -> Option<ImageKind> {
    if is_svg(&data) {
        return None;
    }
    let info = source::probe(&data).ok()?;
    let pixels = info.size.pixels();
    let before = embedded.fetch_add(pixels.min(u64::from(u32::MAX)), Ordering::Relaxed);
    if pixels > MAX_EMBEDDED_PIXELS || before + pixels > MAX_EMBEDDED_PIXELS {
        return None;
    }
    match info.format {
        SourceFormat::Jpeg { .. } => Some(ImageKind::JPEG(data)),
        SourceFormat::Png => Some(ImageKind::PNG(data)),
        SourceFormat::Webp(_) => Some(ImageKind::WEBP(data)),
        SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl => None,
    }
}

/// Runs on a thread of its own, whose stack is deep enough for whatever the limits let through.
fn on_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    let unavailable = |error: std::io::Error| Error::Internal(error.to_string());
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        let gave_up = |_| Err(Error::Damaged("the SVG can't be drawn".to_owned()));
        thread.map_err(unavailable)?.join().unwrap_or_else(gave_up)
    })
}

/// What follows the first `mark`.
fn after<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let start = text.windows(mark.len()).position(|window| window == mark)?;
    text.get(start + mark.len()..)
}

/// What follows a `<!DOCTYPE …>`, which may have an internal subset in brackets.
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
    fn an_svg_is_told_by_its_first_element() {
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

    fn drawn(content: &str) -> Result<Pixels, Error> {
        let text = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='8' height='8'>{content}</svg>"
        );
        probe(text.as_bytes()).and_then(|info| decode(text.as_bytes(), info.size))
    }

    #[test]
    fn nothing_outside_the_file_is_drawn_and_nothing_in_it_runs() {
        for content in [
            "<image href='file:///etc/passwd' width='8' height='8'/>",
            "<image href='/etc/hostname' width='8' height='8'/>",
            "<image xlink:href='http://127.0.0.1:1/a.png' width='8' height='8'/>",
            "<image href='data:image/svg+xml,&lt;svg/&gt;' width='8' height='8'/>",
            "<image href='data:image/png;base64,AAAA' width='8' height='8'/>",
            "<use href='http://127.0.0.1:1/a.svg#b'/>",
            "<script>document.write('x')</script>",
            "<style>@import url('http://127.0.0.1:1/a.css');</style>",
        ] {
            let pixels = drawn(content).unwrap();
            assert!(pixels.samples.iter().all(|sample| *sample == 0), "{content}");
        }
    }

    #[test]
    fn alpha_is_straight() {
        let pixels = drawn("<rect width='8' height='8' fill='#f00' fill-opacity='0.5'/>").unwrap();
        let [red, green, blue, alpha] = pixels.samples.as_chunks::<4>().0[0];
        assert!(red >= 254 && green == 0 && blue == 0 && alpha.abs_diff(128) <= 1, "{red} {alpha}");
    }

    #[test]
    fn text_is_refused_rather_than_left_out() {
        assert!(matches!(drawn("<text y='8'>hello</text>"), Err(Error::Unsupported(_))));
        assert!(drawn("<text y='8'> </text>").is_ok());
    }

    #[test]
    fn what_multiplies_is_refused() {
        let entities: String =
            (1..9).map(|n| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(10))).collect();
        let bomb = format!(
            "<!DOCTYPE svg [<!ENTITY e0 '<g/>'>{entities}]><svg xmlns='http://www.w3.org/2000/svg'>&e8;</svg>"
        );
        assert!(probe(bomb.as_bytes()).is_err());

        let nested = |make: fn(usize, &str) -> String, name: &str| -> String {
            (1..10)
                .map(|n| {
                    make(
                        n,
                        &format!("<rect width='8' height='8' {name}/>")
                            .replace('N', &(n - 1).to_string())
                            .repeat(10),
                    )
                })
                .collect()
        };
        let uses: String = (1..10)
            .map(|n| format!("<g id='u{n}'>{}</g>", format!("<use href='#u{}'/>", n - 1).repeat(10)))
            .collect();
        assert!(drawn(&format!("<rect id='u0' width='8' height='8'/>{uses}")).is_err());
        let masks = nested(|n, content| format!("<mask id='m{n}'>{content}</mask>"), "mask='url(#mN)'");
        assert!(drawn(&format!("{masks}<rect width='8' height='8' mask='url(#m9)'/>")).is_err());
        let patterns = nested(
            |n, content| format!("<pattern id='p{n}' width='1' height='1'>{content}</pattern>"),
            "style='fill:url(#pN)'",
        );
        assert!(drawn(&format!("{patterns}<rect width='8' height='8' fill='url(#p9)'/>")).is_err());

        let path = "M0 0".to_owned() + &"L1 1".repeat(20_000);
        let marker = format!("<marker id='k'>{}</marker>", "<rect width='1' height='1'/>".repeat(1000));
        assert!(drawn(&format!("{marker}<path d='{path}' marker-mid='url(#k)'/>")).is_err());

        let octaves = "<filter id='f'><feTurbulence baseFrequency='1' numOctaves='2000000000'/></filter><rect width='8' height='8' filter='url(#f)'/>";
        assert!(drawn(octaves).is_err());
    }

    #[test]
    fn what_refers_to_itself_or_nests_deeply_ends() {
        let _ = drawn("<g id='a'><use href='#a'/></g>");
        let _ = drawn(
            "<mask id='m' mask='url(#m)'><rect mask='url(#m)'/></mask><rect width='8' height='8' mask='url(#m)'/>",
        );
        let _ = drawn(&("<g>".repeat(20_000) + &"</g>".repeat(20_000)));
        let _ =
            drawn(&("<g opacity='0.5'>".repeat(900) + "<rect width='8' height='8'/>" + &"</g>".repeat(900)));
        let chain: String = (1..900).map(|n| format!("<g id='c{n}'><use href='#c{}'/></g>", n - 1)).collect();
        let _ = drawn(&format!("<rect id='c0' width='8' height='8'/>{chain}"));
    }
}
