//! What elements refer to.

use std::collections::{HashMap, HashSet};

use resvg::usvg::roxmltree::{Document, Node};

/// The targets of references.
pub(crate) struct References<'a, 'input> {
    pub(crate) targets: HashMap<&'a str, Node<'a, 'input>>,
    /// Identifiers to which an element refers.
    pub(crate) used: HashSet<&'a str>,
    /// `true` if elements look different where they are used, in a way that the renderer doesn't know.
    pub(crate) needs_copies: bool,
    /// `true` if the outline of an element may have an influence on its attributes.
    pub(crate) needs_outlines: bool,
}

/// Words of values that depend on outlines.
const OUTLINES: [&str; 9] =
    ["-box", "non-scaling-stroke", "circle(", "ellipse(", "inset(", "polygon(", "path(", "rect(", "xywh("];

impl<'a, 'input> References<'a, 'input> {
    pub(crate) fn new(document: &'a Document<'input>) -> Self {
        let mut references = Self {
            targets: HashMap::new(),
            used: HashSet::new(),
            needs_copies: false,
            needs_outlines: false,
        };
        for node in document.descendants() {
            references.add(node);
        }
        references
    }

    fn add(&mut self, node: Node<'a, 'input>) {
        let depends_on_outline = |text: &str| OUTLINES.iter().any(|word| text.contains(word));
        let depends_on_use = |text: &str| text.contains("var(") || text.contains("non-scaling-stroke");
        if let Some(id) = node.attribute("id") {
            self.targets.entry(id).or_insert(node);
        }
        for attribute in node.attributes() {
            let value = attribute.value();
            self.used.extend(value.strip_prefix('#').filter(|_| attribute.name() == "href"));
            self.used.extend(value.split("url(#").skip(1).filter_map(|rest| rest.split(')').next()));
            let is_path = attribute.name() == "d" || attribute.name() == "points";
            self.needs_copies |= !is_path && depends_on_use(value);
            self.needs_outlines |= !is_path && depends_on_outline(value) || attribute.name() == "pathLength";
        }
        if node.tag_name().name() == "style" {
            for text in node.children().filter_map(|child| child.text()) {
                self.needs_copies |= depends_on_use(text);
                self.needs_outlines |= depends_on_outline(text);
            }
        }
    }
}
