//! The steps from a file's elements to the renderer's notation.

use resvg::usvg::roxmltree::{Document, Node};

use super::references::References;
use super::size::{UNITS, own_size, view_box};
use super::writer::Writer;
use crate::error::Error;
use crate::source::svg::styles::media::holds;
use crate::source::svg::styles::sheet::Sheet;
use crate::source::svg::values::color::Rgba;

/// A drawing in the notation of the renderer.
#[derive(Debug)]
pub(crate) struct Normal {
    pub(crate) text: String,
    /// The colour behind the drawing.
    pub(crate) background: Option<Rgba>,
}

/// Writes the drawing anew. Fails if it has parts that can't be drawn.
pub(crate) fn normal(document: &Document<'_>) -> Result<Normal, Error> {
    let root = document.root_element();
    let view = view_box(root.attribute("viewBox"));
    let size = own_size(root.attribute("width"), root.attribute("height"), view, &UNITS);
    let mut writer = Writer::new(sheet(document, size), References::new(document));
    let background = writer.root(root);
    Ok(Normal { text: writer.finish()?, background })
}

fn sheet(document: &Document<'_>, size: (f64, f64)) -> Sheet {
    let mut sheet = Sheet::new(size);
    for style in document.descendants().filter(|node| node.tag_name().name() == "style") {
        let is_css =
            style.attribute("type").is_none_or(|kind| kind.is_empty() || kind.starts_with("text/css"));
        let (width, height) = size;
        let is_for_screen = style.attribute("media").is_none_or(|media| holds(media, width, height));
        if is_css && is_for_screen {
            let text: String =
                style.children().filter(Node::is_text).filter_map(|child| child.text()).collect();
            sheet.add(&text);
        }
    }
    sheet
}
