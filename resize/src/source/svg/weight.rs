//! Counts the elements of a drawing with every reference expanded. Masks, patterns, clip paths and markers are built
//! again for each use, so a short file can refer to more of them than can ever be drawn.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use crate::error::Error;

/// Maximum nesting of references. Real drawings nest less.
const MAX_DEPTH: u32 = 2_000;

pub(super) const TOO_MANY: Error =
    Error::Unsupported("the SVG has too many elements when its references are expanded");

/// Elements that take as much work as a letter.
const LETTER: u64 = 8;

/// The number of elements of a drawing without style sheets.
pub(super) fn weight(document: &Document<'_>) -> Result<u64, Error> {
    let targets = document.descendants().filter_map(|node| Some((node.attribute("id")?, node))).collect();
    Scales { targets, weights: HashMap::new() }.weigh(document.root_element(), 0)
}

struct Scales<'a, 'input> {
    targets: HashMap<&'a str, Node<'a, 'input>>,
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
        for child in node.children() {
            let own = match child.text().filter(|_| child.is_text()) {
                Some(text) => LETTER * text.trim().len() as u64,
                None => self.weigh(child, depth + 1)?,
            };
            weight = weight.saturating_add(own);
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
        let rest = rest.trim_start();
        let inside = match rest.chars().next()? {
            quote @ ('"' | '\'') => rest.get(1..)?.split(quote).next()?,
            _ => rest.split(')').next()?,
        }
        .trim();
        inside.strip_prefix('#')
    })
}
