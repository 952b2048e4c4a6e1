//! The values that an element has: of its attributes, of style sheets, of its attribute `style`.

use std::borrow::Cow;
use std::collections::HashMap;

use resvg::usvg::roxmltree::Node;

use super::context::Context;
use super::font::font_size;
use super::properties::{Change, changes, is_property};
use crate::source::svg::styles::matching::Matcher;
use crate::source::svg::styles::scan::{function, words};
use crate::source::svg::styles::sheet::{Declaration, Sheet, attribute_declarations};
use crate::source::svg::styles::variables::Variables;
use crate::source::svg::values::color::{Rgba, color};
use crate::source::svg::values::expression::{Axis, Units};
use crate::source::svg::values::transform::is_movement;

const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The attributes of an element in the notation of the renderer, and what they depend on.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
    pub(crate) variables: Variables,
    pub(crate) units: Units,
    /// `true` if the element's own transform is written in the notation of SVG.
    pub(crate) has_plain_transform: bool,
    pub(crate) background: Option<Rgba>,
}

/// Names and values in the order in which they were set first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.into(),
            None => self.0.push((name.to_owned(), value.into())),
        }
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Attributes of SVG that are properties of CSS on the elements that have them.
fn is_geometry(element: &str, name: &str) -> bool {
    match name {
        "x" | "y" | "width" | "height" => {
            matches!(element, "svg" | "rect" | "image" | "use" | "foreignObject")
        }
        "cx" | "cy" => matches!(element, "circle" | "ellipse"),
        "r" => element == "circle",
        "rx" | "ry" => matches!(element, "rect" | "ellipse"),
        "d" => element == "path",
        _ => false,
    }
}

/// The element with everything that is declared for it.
pub(crate) fn element(node: Node<'_, '_>, context: &Context, sheet: &Sheet, matcher: &Matcher) -> Element {
    let name = node.tag_name().name().to_owned();
    let mut element = Element {
        attributes: Attributes::default(),
        variables: context.variables.clone(),
        units: context.units,
        has_plain_transform: false,
        background: None,
        name,
    };
    let given = given(node, &mut element);
    let of_rules = sheet.declarations(node, matcher);
    let of_style = node.attribute("style").map(attribute_declarations).unwrap_or_default();
    let by_rules = || of_rules.iter().flat_map(|declarations| declarations.iter());
    let all = |is_important: bool| {
        by_rules().chain(&of_style).filter(move |declaration| declaration.is_important == is_important)
    };
    let declared: Vec<&Declaration> = all(false).chain(all(true)).collect();

    let variables: HashMap<String, String> = declared
        .iter()
        .filter(|declaration| declaration.name.starts_with("--"))
        .map(|declaration| (declaration.name.clone(), declaration.value.clone()))
        .collect();
    element.variables = context.variables.with(variables);

    let own = element.variables.clone();
    let values: Vec<(bool, &str, Option<Cow<'_, str>>)> = given
        .iter()
        .map(|(name, value)| (true, name.as_str(), own.resolve(value)))
        .chain(declared.iter().map(|one| (false, one.name.as_str(), own.resolve(&one.value))))
        .filter(|(_, name, _)| !name.starts_with("--"))
        .collect();
    let mut sizes =
        values.iter().filter_map(|(_, name, value)| font_size(name, value.as_deref()?, &context.units));
    if let Some(size) = sizes.next_back() {
        element.units.font = size;
        element.attributes.set("font-size", size.to_string());
    }
    for (is_attribute, name, value) in values {
        element.declare(name, value.as_deref(), is_attribute);
    }
    element
}

/// Sets the attributes that are no properties, and returns the others.
fn given(node: Node<'_, '_>, element: &mut Element) -> Vec<(String, String)> {
    let mut properties = Vec::new();
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        match attribute.namespace() {
            None if matches!(name, "style" | "class") => {}
            None if is_geometry(&element.name, name) || is_property(name) => {
                properties.push((name.to_owned(), value.to_owned()));
            }
            None => element.attributes.set(name, value),
            Some(XLINK) if name == "href" && node.attribute("href").is_some() => {
                let is_given = node.attributes().any(|one| one.namespace().is_none() && one.name() == "href");
                if !is_given {
                    element.attributes.set(name, value);
                }
            }
            Some(XML) if name == "space" => element.attributes.set("xml:space", value),
            Some(_) => {}
        }
    }
    properties
}

impl Element {
    fn declare(&mut self, name: &str, value: Option<&str>, is_attribute: bool) {
        if is_geometry(&self.name, name) {
            self.declare_geometry(name, value, is_attribute);
            return;
        }
        let Some(value) = value else {
            // A variable without a value: the property is as if nothing were declared.
            self.attributes.remove(name);
            return;
        };
        match name {
            "transform" if is_attribute => {
                self.attributes.set(name, value);
                self.has_plain_transform = true;
            }
            // These are attributes of letters and filters only.
            "rotate" | "scale" | "translate" if is_attribute => {
                if matches!(self.name.as_str(), "text" | "tspan" | "feDisplacementMap") {
                    self.attributes.set(name, value);
                }
            }
            "transform" | "translate" | "rotate" | "scale" if !is_movement(name, value, &self.units) => {}
            "background" | "background-color" => {
                self.background = words(value).into_iter().find_map(color);
            }
            _ => {
                for change in changes(name, value, &self.units) {
                    match change {
                        Change::Set(name, value) => {
                            self.has_plain_transform &= name != "transform";
                            self.attributes.set(name, value);
                        }
                        Change::Remove(name) => {
                            self.attributes.remove(name);
                        }
                    }
                }
            }
        }
    }

    fn declare_geometry(&mut self, name: &str, value: Option<&str>, is_attribute: bool) {
        let axis = match name {
            "y" | "height" | "cy" | "ry" => Axis::Down,
            "r" => Axis::Both,
            _ => Axis::Across,
        };
        let Some(value) = value.map(str::trim) else {
            self.attributes.remove(name);
            return;
        };
        if name == "d" {
            let path = if is_attribute { Some(value) } else { path_argument(value) };
            if let Some(path) = path {
                self.attributes.set(name, path);
            } else if value.eq_ignore_ascii_case("none") {
                self.attributes.remove(name);
            }
            return;
        }
        let is_percentage = value.strip_suffix('%').is_some_and(|number| number.parse::<f64>().is_ok());
        if is_percentage {
            self.attributes.set(name, value);
        } else if let Some(length) = self.units.length(value, axis) {
            self.attributes.set(name, length.to_string());
        } else if matches!(value, "auto" | "initial" | "unset" | "revert") {
            self.attributes.remove(name);
        }
    }
}

/// The data in `path("…")`.
fn path_argument(value: &str) -> Option<&str> {
    let (name, argument) = function(value)?;
    let data = argument.split_once(',').map_or(argument, |(rule, data)| {
        if matches!(rule.trim(), "evenodd" | "nonzero") { data } else { argument }
    });
    name.eq_ignore_ascii_case("path").then(|| data.trim().trim_matches(['"', '\'']))
}
