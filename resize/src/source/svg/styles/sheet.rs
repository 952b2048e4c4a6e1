//! The rules of style sheets, in the order of the cascade.

use std::collections::HashMap;
use std::rc::Rc;

use resvg::usvg::roxmltree::Node;

use super::matching::Matcher;
use super::media;
use super::notation::list;
use super::scan::{block, find, without_comments};
use super::selector::{Condition, Selector, Specificity};

/// Deepest nesting of blocks.
const MAX_NESTING: u32 = 16;

/// Longest selector of a rule around other rules, in bytes. Nested rules repeat it.
const MAX_SELECTOR_BYTES: usize = 4096;

/// Rules outside of every layer take precedence over those in one.
const NO_LAYER: usize = usize::MAX;

/// A property and its value as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declaration {
    /// In small letters, unless it is a custom property.
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) is_important: bool,
}

struct Rule {
    selectors: Vec<Selector>,
    declarations: Rc<Vec<Declaration>>,
    layer: usize,
}

/// All style sheets of a file.
pub(crate) struct Sheet {
    rules: Vec<Rule>,
    layers: Vec<String>,
    /// The rules that an element with an identifier, a class, or a name may have; those with other selectors have an
    /// empty text as their key.
    index: HashMap<String, Vec<(usize, usize)>>,
    /// Initial values of custom properties.
    initial: HashMap<String, String>,
    /// The drawing's own size in CSS pixels.
    size: (f64, f64),
}

impl Sheet {
    pub(crate) fn new(size: (f64, f64)) -> Self {
        Self { rules: Vec::new(), layers: Vec::new(), index: HashMap::new(), initial: HashMap::new(), size }
    }

    /// Initial values of custom properties by `@property`.
    pub(crate) fn initial(&self) -> HashMap<String, String> {
        self.initial.clone()
    }

    /// Adds the rules of a style sheet. Unknown rules are left out.
    pub(crate) fn add(&mut self, text: &str) {
        let first = self.rules.len();
        self.read(&without_comments(text), &Place { parent: None, layer: NO_LAYER, nesting: 0 });
        for (rule, place) in self.rules.iter().zip(0..).skip(first) {
            for (selector, number) in rule.selectors.iter().zip(0..) {
                self.index.entry(key(selector)).or_default().push((place, number));
            }
        }
    }

    fn read(&mut self, text: &str, place: &Place<'_>) {
        let mut rest = text.trim_start();
        while !rest.is_empty() && place.nesting <= MAX_NESTING {
            let end = find(rest, &['{', ';']).unwrap_or(rest.len());
            let is_statement = rest.get(end..).is_none_or(|behind| !behind.starts_with('{'));
            if is_statement {
                self.statement(rest.get(..end).unwrap_or_default());
                rest = rest.get(end + 1..).unwrap_or_default().trim_start();
                continue;
            }
            let Some((prelude, inside, behind)) = block(rest, '{', '}') else { return };
            self.read_block(prelude.trim(), inside, place);
            rest = behind.trim_start();
        }
    }

    /// `@layer a, b;` gives the order of layers. Other statements load files, which aren't read.
    fn statement(&mut self, text: &str) {
        if let Some(names) = text.trim().strip_prefix("@layer") {
            for name in names.split(',') {
                self.layer(name.trim());
            }
        }
    }

    fn layer(&mut self, name: &str) -> usize {
        let known = self.layers.iter().position(|layer| layer == name).filter(|_| !name.is_empty());
        known.unwrap_or_else(|| {
            self.layers.push(name.to_owned());
            self.layers.len() - 1
        })
    }

    fn read_block(&mut self, prelude: &str, inside: &str, place: &Place<'_>) {
        let below = Place { nesting: place.nesting + 1, ..*place };
        let Some(at_rule) = prelude.strip_prefix('@') else {
            self.read_rule(prelude, inside, &below);
            return;
        };
        let end = at_rule.find(|next: char| next.is_whitespace() || next == '(').unwrap_or(at_rule.len());
        let (name, condition) = at_rule.split_at(end);
        let (width, height) = self.size;
        match name.to_ascii_lowercase().as_str() {
            "media" if media::holds(condition, width, height) => self.read_inside(inside, &below),
            "supports" if media::is_supported(condition) => self.read_inside(inside, &below),
            "property" => {
                let values = attribute_declarations(inside);
                let initial = values.into_iter().find(|declaration| declaration.name == "initial-value");
                if let Some(initial) = initial {
                    self.initial.insert(condition.trim().to_owned(), initial.value);
                }
            }
            "layer" => {
                let layer = self.layer(condition.trim());
                self.read_inside(inside, &Place { layer, ..below });
            }
            _ => {}
        }
    }

    /// The inside of a block such as `@media`, which may be inside of a rule itself.
    fn read_inside(&mut self, inside: &str, place: &Place<'_>) {
        match place.parent {
            Some(parent) => self.read_rule(parent, inside, &Place { parent: None, ..*place }),
            None => self.read(inside, place),
        }
    }

    fn read_rule(&mut self, prelude: &str, inside: &str, place: &Place<'_>) {
        let selector = match place.parent {
            Some(parent) => nested(prelude, parent),
            None => prelude.to_owned(),
        };
        let Some(selectors) = list(&selector) else { return };
        let mut declarations = Vec::new();
        let mut blocks = Vec::new();
        let mut rest = inside.trim_start();
        while !rest.is_empty() {
            let end = find(rest, &['{', ';']).unwrap_or(rest.len());
            if rest.get(end..).is_some_and(|behind| behind.starts_with('{')) && !rest.starts_with("--") {
                let Some((prelude, inside, behind)) = block(rest, '{', '}') else { break };
                blocks.push((prelude.trim(), inside));
                rest = behind.trim_start();
            } else {
                let end = find(rest, &[';']).unwrap_or(rest.len());
                declarations.extend(declaration(rest.get(..end).unwrap_or_default()));
                rest = rest.get(end + 1..).unwrap_or_default().trim_start();
            }
        }
        self.rules.push(Rule { selectors, declarations: Rc::new(declarations), layer: place.layer });
        for (prelude, inside) in blocks {
            if place.nesting < MAX_NESTING {
                let below = Place { parent: Some(&selector), ..*place };
                self.read_block(prelude, inside, &below);
            }
        }
    }

    /// The declarations of all rules for the element, in ascending precedence; important ones come with the others.
    pub(crate) fn declarations(&self, node: Node<'_, '_>, matcher: &Matcher) -> Vec<Rc<Vec<Declaration>>> {
        let mut found: Vec<(usize, Specificity, usize)> = Vec::new();
        let classes = node.attribute("class").unwrap_or_default().split_whitespace();
        let id = node.attribute("id").map(|id| format!("#{id}"));
        let keys = classes.map(|class| format!(".{class}")).chain(id);
        for key in keys.chain([node.tag_name().name().to_owned(), String::new()]) {
            for (place, number) in self.index.get(&key).into_iter().flatten() {
                let Some(rule) = self.rules.get(*place) else { continue };
                let Some(selector) = rule.selectors.get(*number) else { continue };
                if matcher.matches(selector, node) {
                    found.push((rule.layer, selector.specificity, *place));
                }
            }
        }
        found.sort_unstable();
        found.iter().filter_map(|(.., place)| Some(self.rules.get(*place)?.declarations.clone())).collect()
    }
}

/// Where a block is.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The selectors of the rule around the block.
    parent: Option<&'a str>,
    layer: usize,
    nesting: u32,
}

/// The selector of a rule inside of another rule. Empty if it becomes too long.
fn nested(selector: &str, parent: &str) -> String {
    if parent.len() + selector.len() > MAX_SELECTOR_BYTES {
        return String::new();
    }
    let inside = |selector: &str| {
        if selector.contains('&') {
            selector.replace('&', &format!(":is({parent})"))
        } else {
            format!(":is({parent}) {selector}")
        }
    };
    super::scan::split(selector, ',').into_iter().map(inside).collect::<Vec<_>>().join(",")
}

/// What an element must have so that the selector can match it.
fn key(selector: &Selector) -> String {
    let conditions = selector.compounds.first().map(|(compound, _)| compound.as_slice()).unwrap_or_default();
    let of = |condition: &Condition| match condition {
        Condition::Id(id) => Some(format!("#{id}")),
        Condition::Class(class) => Some(format!(".{class}")),
        Condition::Element(name) => Some(name.clone()),
        Condition::Attribute { .. }
        | Condition::Is(_)
        | Condition::Not(_)
        | Condition::Has(_)
        | Condition::Root
        | Condition::Empty
        | Condition::Link
        | Condition::Place { .. }
        | Condition::Never => None,
    };
    conditions.iter().rev().find_map(of).unwrap_or_default()
}

/// The declarations of a `style` attribute.
pub(crate) fn attribute_declarations(text: &str) -> Vec<Declaration> {
    let text = without_comments(text);
    super::scan::split(&text, ';').into_iter().filter_map(declaration).collect()
}

fn declaration(text: &str) -> Option<Declaration> {
    let (name, value) = text.split_once(':')?;
    let name = name.trim();
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    let name = if name.starts_with("--") { name.to_owned() } else { name.to_ascii_lowercase() };
    let value = value.trim();
    let without = value.rsplit_once('!').filter(|(_, mark)| mark.trim().eq_ignore_ascii_case("important"));
    let is_important = without.is_some();
    let value = without.map_or(value, |(value, _)| value.trim_end()).to_owned();
    is_name.then_some(Declaration { name, value, is_important })
}
