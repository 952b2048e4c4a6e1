//! Reads the tree and the size of an SVG. Only the file itself is read: scripts, file names and addresses are ignored.
//!
//! The renderer knows a part of CSS and SVG. So the file is written anew in the notation that it knows, and refused if it
//! has visible parts that can't be drawn:
//!
//! - [`prologue`]: how an SVG is recognised; [`encoding`]: the text of the file;
//! - [`styles`]: style sheets; [`values`]: the values of properties; [`normal`]: the drawing in the renderer's notation;
//! - [`weight`]: how many elements it has;
//! - [`fonts`]: the faces of its text; [`embedded`]: the pictures in it.

mod encoding;

mod prologue;

mod styles;

mod values;

mod normal;

mod weight;

mod fonts;

mod embedded;

use std::sync::Arc;

use resvg::usvg::{Tree, roxmltree};

use self::embedded::{Budget, Embedded, Probe, options};
#[cfg(feature = "edge")]
pub(super) use self::fonts::add_faces;
use self::normal::entry::normal;
pub(super) use self::prologue::is_svg;
use super::info::{Depth, SourceFormat, SourceInfo};
use crate::deep_stack;
use crate::error::Error;
use crate::pixels::orientation::Orientation;
use crate::pixels::{Channels, Size};

/// Maximum number of elements, attributes and texts in the file, with entities expanded.
const MAX_NODES: u32 = 500_000;

/// Maximum number of them after style sheets have become attributes and uses have become copies.
const MAX_NORMAL_NODES: u32 = 4 * MAX_NODES;

/// Longest own side in pixels; the longest side of a variant. A drawing has no pixels of its own: a larger one is as
/// good at this size.
const MAX_SIDE: f64 = 8192.0;

/// A drawing, ready to be drawn.
pub(crate) struct Drawing {
    pub(crate) tree: Tree,
    /// The colour behind it: red, green, blue and opacity.
    pub(crate) background: Option<[u8; 4]>,
}

/// Reads the size of the drawing.
pub(super) fn probe(bytes: &[u8], embedded: Probe) -> Result<SourceInfo, Error> {
    let size = on_deep_stack(|| parse(bytes, embedded).map(|drawing| drawing.tree.size()))?;
    let (width, height) = (f64::from(size.width()), f64::from(size.height()));
    let factor = (MAX_SIDE / width.max(height)).min(1.0);
    Ok(SourceInfo {
        format: SourceFormat::Svg,
        size: Size::rounded(width * factor, height * factor),
        animation: None,
        orientation: Orientation::UPRIGHT,
        channels: Channels::Rgba,
        depth: Depth::Eight,
        profile: None,
        has_metadata: false,
        is_lossless: true,
    })
}

pub(crate) fn parse(bytes: &[u8], probe: Probe) -> Result<Drawing, Error> {
    drawing(bytes, probe, &Arc::new(Budget::default()), 0)
}

/// `nesting` counts the drawings around this one.
fn drawing(bytes: &[u8], probe: Probe, budget: &Arc<Budget>, nesting: u32) -> Result<Drawing, Error> {
    let text = encoding::text(bytes)?;
    let normal = normal(&document(&text, MAX_NODES)?)?;
    let document = document(&normal.text, MAX_NORMAL_NODES)?;
    budget.add_weight(weight::weight(&document)?)?;
    embedded::check_places(&document)?;
    let missing = Arc::default();
    let embedded = Embedded { probe, draw: tree, budget: Arc::clone(budget), nesting };
    let options = options(embedded, &missing);
    let tree = Tree::from_xmltree(&document, &options).map_err(|error| Error::Damaged(error.to_string()))?;
    budget.result()?;
    fonts::result(&missing)?;
    Ok(Drawing { tree, background: normal.background })
}

/// The tree of a drawing in a drawing.
fn tree(bytes: &[u8], probe: Probe, budget: &Arc<Budget>, nesting: u32) -> Result<Tree, Error> {
    drawing(bytes, probe, budget, nesting).map(|drawing| drawing.tree)
}

/// The parser counts the expansion of nested entities and fails if it is too large.
fn document(text: &str, nodes_limit: u32) -> Result<roxmltree::Document<'_>, Error> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, nodes_limit, ..Default::default() };
    roxmltree::Document::parse_with_options(text, options).map_err(|error| Error::Damaged(error.to_string()))
}

/// Runs `work` with a stack that is deep enough: parsing and drawing are recursive over nested elements.
pub(crate) fn on_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    deep_stack::on_deep_stack(|| Error::Damaged("the SVG can't be drawn".to_owned()), work)
}
