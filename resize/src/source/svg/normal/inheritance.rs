//! What an element leaves to its children and to the renderer.

use super::cascade::Element;
use super::context::{Context, Letters, Parent, Showing, Stroke};
use super::output::Output;

/// Properties that the renderer reads from `style` only.
const STYLES: [&str; 4] = ["font-kerning", "image-rendering", "isolation", "mix-blend-mode"];

/// Properties that have become others.
const OBSOLETE: [&str; 3] = ["text-transform", "vector-effect", "white-space"];

/// What the children of an element inherit. `is_target` is true if something refers to the element.
pub(crate) fn below(element: &Element, context: &Context, is_target: bool) -> Context {
    let attributes = &element.attributes;
    let inherited = |name: &str, value: &str| {
        attributes.get(name).filter(|value| *value != "inherit").unwrap_or(value).to_owned()
    };
    let name = element.name.as_str();
    let is_hidden = attributes.get("display") == Some("none")
        || matches!(name, "defs" | "symbol" | "clipPath" | "mask" | "pattern" | "marker") && !context.is_copy;
    Context {
        variables: element.variables.clone(),
        units: element.units,
        matrix: context.matrix,
        stroke: Stroke {
            width: inherited("stroke-width", &context.stroke.width),
            dashes: inherited("stroke-dasharray", &context.stroke.dashes),
            offset: inherited("stroke-dashoffset", &context.stroke.offset),
        },
        showing: Showing {
            is_drawn: context.showing.is_drawn && !is_hidden || is_target,
            is_visible: match attributes.get("visibility") {
                Some("visible") => true,
                Some("hidden" | "collapse") => false,
                _ => context.showing.is_visible,
            },
        },
        letters: attributes.get("text-transform").map_or(context.letters, Letters::by_keyword),
        parent: match name {
            "text" => Parent::Text,
            "switch" => Parent::Switch,
            _ if context.parent == Parent::Text => Parent::Text,
            _ => Parent::Other,
        },
        is_copy: context.is_copy,
    }
}

/// Writes the attributes of an element.
pub(crate) fn write_attributes(output: &mut Output, element: &Element) {
    let mut style = String::new();
    let mut keeps_space = false;
    for (name, value) in element.attributes.iter() {
        if STYLES.contains(&name) {
            style.extend([name, ":", value, ";"]);
        } else if name == "white-space" {
            keeps_space = matches!(value, "pre" | "pre-wrap" | "break-spaces");
        } else if !OBSOLETE.contains(&name) {
            output.attribute(name, value);
        }
    }
    if keeps_space && element.attributes.get("xml:space").is_none() {
        output.attribute("xml:space", "preserve");
    }
    if !style.is_empty() {
        output.attribute("style", &style);
    }
}
