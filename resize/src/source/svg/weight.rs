//! Counts the elements of a drawing with every reference expanded. Masks, patterns, clip paths and markers are built
//! again for each use, so a short file can refer to more of them than can ever be drawn.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use crate::error::Error;

/// Maximum number of expanded elements, about a second of work.
const MAX_WEIGHT: u64 = 1_000_000;

/// Maximum nesting of references. Real drawings nest less.
const MAX_DEPTH: u32 = 2_000;

const TOO_MANY: Error = Error::Unsupported("the SVG has too many elements when its references are expanded");

/// Refuses a drawing that expands to too many elements.
pub(super) fn admit(document: &Document<'_>) -> Result<(), Error> {
    let targets = document.descendants().filter_map(|node| Some((node.attribute("id")?, node))).collect();
    let styles = document.descendants().filter(|node| node.tag_name().name() == "style");
    let by_style = styles.filter_map(|node| node.text()).flat_map(references).collect();
    let mut scales = Scales { targets, by_style, weights: HashMap::new() };
    let weight = scales.weigh(document.root_element(), 0)?;
    if weight > MAX_WEIGHT { Err(TOO_MANY) } else { Ok(()) }
}

struct Scales<'a, 'input> {
    targets: HashMap<&'a str, Node<'a, 'input>>,
    /// The targets of references in style sheets. Every element may use them.
    by_style: Vec<&'a str>,
    /// `None` while an element is being weighed. An element that refers to itself is not drawn.
    weights: HashMap<NodeId, Option<u64>>,
}

impl<'a, 'input> Scales<'a, 'input> {
    fn weigh(&mut self, node: Node<'a, 'input>, depth: u32) -> Result<u64, Error> {
        if let Some(weight) = self.weights.get(&node.id()) {
            return Ok(weight.unwrap_or(0));
        }
        if depth > MAX_DEPTH {
            return Err(TOO_MANY);
        }
        self.weights.insert(node.id(), None);
        let mut weight = 1_u64;
        for child in node.children().filter(Node::is_element) {
            weight = weight.saturating_add(self.weigh(child, depth + 1)?);
        }
        // A marker is drawn at each point of its path. A point takes at least three characters.
        let points =
            ["d", "points"].iter().filter_map(|name| node.attribute(*name)).map(str::len).sum::<usize>() / 3;
        for attribute in node.attributes() {
            let is_marker = attribute.name().starts_with("marker") || attribute.value().contains("marker");
            let times = if is_marker { points.max(1) as u64 } else { 1 };
            let local = attribute.value().strip_prefix('#').filter(|_| attribute.name() == "href");
            for id in references(attribute.value()).chain(local) {
                weight = weight.saturating_add(times.saturating_mul(self.weigh_target(id, depth)?));
            }
        }
        for place in 0..self.by_style.len() {
            let Some(id) = self.by_style.get(place).copied() else { continue };
            weight = weight.saturating_add(self.weigh_target(id, depth)?);
        }
        self.weights.insert(node.id(), Some(weight));
        Ok(weight)
    }

    fn weigh_target(&mut self, id: &str, depth: u32) -> Result<u64, Error> {
        match self.targets.get(id).copied() {
            Some(target) => self.weigh(target, depth + 1),
            None => Ok(0),
        }
    }
}

/// The identifiers in every `url(#…)` of a text.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("url(").skip(1).filter_map(|rest| {
        let inside = rest.split(')').next()?.trim().trim_matches(['\'', '"']);
        inside.strip_prefix('#')
    })
}
