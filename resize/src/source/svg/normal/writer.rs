//! Writes elements in the order of the file.

use std::collections::HashMap;

use kurbo::{Affine, Rect, Shape};
use resvg::usvg::roxmltree::{Node, NodeId};

use super::cascade::{Element, element};
use super::context::{Context, Letters, Parent, Showing, Stroke};
use super::inheritance::{below, write_attributes};
use super::masks::{clip_path, simplify_clip, simplify_mask};
use super::output::Output;
use super::placement::{Placement, notation};
use super::references::References;
use super::size::{UNITS, own_size, view_box, view_matrix};
use super::stroke::simplify;
use super::views::{enter_view, offset};
use crate::error::Error;
use crate::source::svg::styles::matching::Matcher;
use crate::source::svg::styles::sheet::Sheet;
use crate::source::svg::styles::variables::Variables;
use crate::source::svg::values::color::Rgba;
use crate::source::svg::values::expression::Units;
use crate::source::svg::values::shape::element_outline;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Maximum bytes of the text. Copies for uses can multiply.
const MAX_BYTES: usize = 48 << 20;

/// Deepest nesting of elements. The renderer refuses deeper ones.
const MAX_NESTING: u32 = 1024;

/// Writes a drawing in the notation of the renderer.
pub(crate) struct Writer<'a, 'input> {
    sheet: Sheet,
    matcher: Matcher,
    references: References<'a, 'input>,
    /// Bounds of elements that were written, in the user space of their parents.
    bounds: HashMap<NodeId, Rect>,
    output: Output,
    /// Copies of elements, each for one use.
    copies: String,
    /// Number of identifiers that were made.
    number: u32,
    /// Elements that are being copied.
    open: Vec<NodeId>,
    nesting: u32,
    fault: Option<Error>,
}

impl<'a, 'input> Writer<'a, 'input> {
    pub(crate) fn new(sheet: Sheet, references: References<'a, 'input>) -> Self {
        Self {
            sheet,
            matcher: Matcher::new(),
            references,
            bounds: HashMap::new(),
            output: Output::default(),
            copies: String::new(),
            number: 0,
            open: Vec::new(),
            nesting: 0,
            fault: None,
        }
    }

    /// The text. Fails if the drawing has parts that can't be drawn.
    pub(crate) fn finish(self) -> Result<String, Error> {
        if self.matcher.is_exhausted() {
            return Err(Error::Unsupported("the style sheet of the SVG takes too long to be applied"));
        }
        self.fault.map_or_else(|| Ok(self.output.finish()), Err)
    }

    fn refuse(&mut self, reason: &'static str) {
        self.fault.get_or_insert(Error::Unsupported(reason));
    }

    fn identifier(&mut self) -> String {
        self.number += 1;
        format!("tintype-{}", self.number)
    }

    /// Writes everything, and returns the colour behind the drawing.
    pub(crate) fn root(&mut self, node: Node<'a, 'input>) -> Option<Rgba> {
        let context = Context {
            variables: Variables::default().with(self.sheet.initial()),
            units: UNITS,
            matrix: Some(Affine::IDENTITY),
            stroke: Stroke::default(),
            showing: Showing { is_drawn: true, is_visible: true },
            letters: Letters::default(),
            parent: Parent::Other,
            is_copy: false,
        };
        let mut element = element(node, &context, &self.sheet, &self.matcher);
        let view = view_box(element.attributes.get("viewBox"));
        let lengths = [element.attributes.remove("width"), element.attributes.remove("height")];
        let [width, height] = lengths.each_ref().map(Option::as_deref);
        let (width, height) = own_size(width, height, view, &element.units);
        let whole = Rect::new(0.0, 0.0, width, height);
        let view_units = view.map_or((width, height), |view| (view.width(), view.height()));
        let units = Units {
            root_font: element.units.font,
            screen: (width, height),
            view: view_units,
            ..element.units
        };
        element.units = units;
        let aspect = element.attributes.get("preserveAspectRatio");
        let to_view = view.map_or(Affine::IDENTITY, |view| view_matrix(view, whole, aspect));
        if view.is_none() {
            element.attributes.remove("viewBox");
        }
        element.attributes.remove("x");
        element.attributes.remove("y");
        element.attributes.set("width", width.to_string());
        element.attributes.set("height", height.to_string());
        let placed = Placement::take(&mut element).map(|placement| placement.matrix(&element, whole, None));
        if let Some(matrix) = placed {
            element.attributes.set("transform", notation(matrix));
        }
        let own = placed.unwrap_or(Affine::IDENTITY) * to_view;
        let below = below(&element, &Context { units, matrix: Some(own), ..context }, true);
        self.masks(&mut element);
        self.output.push("<svg xmlns=\"http://www.w3.org/2000/svg\"");
        write_attributes(&mut self.output, &element);
        self.output.push(">");
        self.children(node, &below);
        let copies = std::mem::take(&mut self.copies);
        self.output.push("<defs>");
        self.output.push(&copies);
        self.output.push("</defs></svg>");
        element.background
    }

    /// Writes the children, and returns their bounds.
    fn children(&mut self, node: Node<'a, 'input>, context: &Context) -> Option<Rect> {
        let mut bounds: Option<Rect> = None;
        for child in node.children() {
            if self.fault.is_some() {
                return None;
            }
            if child.is_element() {
                let own = self.element(child, context, None);
                bounds = match (bounds, own) {
                    (Some(all), Some(own)) => Some(all.union(own)),
                    (all, own) => all.or(own),
                };
            } else if let (true, Some(text)) =
                (context.parent == Parent::Text && child.is_text(), child.text())
            {
                self.output.content(&context.letters.apply(text));
            }
        }
        bounds
    }

    /// Writes an element, and returns its bounds in the user space of its parent, if they are known. `copied` is the
    /// identifier of a copy.
    fn element(&mut self, node: Node<'a, 'input>, context: &Context, copied: Option<&str>) -> Option<Rect> {
        let name = node.tag_name().name();
        let is_known = matches!(node.tag_name().namespace(), None | Some(SVG));
        let is_left_out = name.starts_with("animate")
            || matches!(name, "style" | "script" | "title" | "desc" | "metadata" | "set");
        if name == "foreignObject" && is_known {
            let own = element(node, context, &self.sheet, &self.matcher);
            let has_content = node.children().any(|child| child.is_element())
                && own.attributes.get("display") != Some("none");
            let is_shown = context.showing.is_drawn && context.showing.is_visible;
            if is_shown && context.parent != Parent::Switch && has_content {
                self.refuse("the SVG has HTML in a foreignObject, which isn't drawn: convert it to SVG");
            }
            return None;
        }
        if !is_known || is_left_out {
            return None;
        }
        if self.nesting >= MAX_NESTING || self.output.len() + self.copies.len() > MAX_BYTES {
            self.refuse("the SVG has too many elements when its references are expanded");
            return None;
        }
        self.nesting += 1;
        let bounds = self.known_element(node, context, copied);
        self.nesting -= 1;
        bounds
    }

    fn known_element(
        &mut self,
        node: Node<'a, 'input>,
        context: &Context,
        copied: Option<&str>,
    ) -> Option<Rect> {
        let mut element = element(node, context, &self.sheet, &self.matcher);
        if context.is_copy {
            element.attributes.remove("id");
        }
        if let Some(id) = copied {
            element.attributes.set("id", id);
        }
        let attribute = |name: &str| element.attributes.get(name).map(str::to_owned);
        let own_outline = if self.references.needs_outlines {
            element_outline(&element.name, &attribute, &element.units)
        } else {
            None
        };
        let own_bounds = own_outline.as_ref().map(Shape::bounding_box);
        let (width, height) = element.units.view;
        let view = Rect::new(0.0, 0.0, width, height);
        let placement = Placement::take(&mut element);
        let is_late =
            placement.as_ref().is_some_and(|placement| placement.needs_bounds) && own_bounds.is_none();
        let mut moved = Affine::IDENTITY;
        if let Some(placement) = placement.as_ref().filter(|_| !is_late) {
            moved = placement.matrix(&element, view, own_bounds);
            element.attributes.set("transform", notation(moved));
        }
        let matrix = context.matrix.filter(|_| !is_late).map(|around| around * moved);
        let is_target = node.attribute("id").is_some_and(|id| self.references.used.contains(id));
        let mut below = below(&element, &Context { matrix, ..context.clone() }, is_target);
        simplify(&mut element, &below.stroke, own_outline.as_ref(), matrix, context.matrix);
        enter_view(&mut below, &element);
        if element.name == "use" {
            self.copy_target(&mut element, &below);
        }
        let clip = self.masks(&mut element);
        if !below.showing.is_visible
            && element.name == "text"
            && !node.children().any(|child| child.is_element())
        {
            return None;
        }
        self.output.push("<");
        self.output.push(&element.name.clone());
        write_attributes(&mut self.output, &element);
        let place = self.output.mark();
        self.output.push(">");
        let inside = self.children(node, &below).or(own_bounds).or_else(|| self.bounds_of_target(&element));
        self.output.push("</");
        self.output.push(&element.name);
        self.output.push(">");
        if let Some(placement) = placement.filter(|_| is_late) {
            moved = placement.matrix(&element, view, inside);
            self.output.insert(place, "transform", &notation(moved));
        }
        if let Some(shape) = clip {
            let id = self.identifier();
            match clip_path(&shape, &element, inside, &id) {
                Ok(path) => self.copies.push_str(&path),
                Err(reason) => self.refuse(reason),
            }
            self.output.insert(place, "clip-path", &format!("url(#{id})"));
        }
        let bounds = inside.map(|bounds| moved.transform_rect_bbox(bounds));
        if let Some(bounds) = bounds {
            self.bounds.insert(node.id(), bounds);
        }
        bounds.filter(|_| below.showing.is_drawn)
    }

    /// The bounds of what an element `use` shows.
    fn bounds_of_target(&self, element: &Element) -> Option<Rect> {
        let id = element.attributes.get("href").filter(|_| element.name == "use")?.strip_prefix('#')?;
        let bounds = self.bounds.get(&self.references.targets.get(id)?.id())?;
        Some(*bounds + offset(element))
    }

    /// Copies what an element `use` refers to, with the values that it inherits there.
    fn copy_target(&mut self, element: &mut Element, below: &Context) {
        if !self.references.needs_copies {
            return;
        }
        let href = element.attributes.get("href").and_then(|address| address.strip_prefix('#'));
        let Some(target) = href.and_then(|id| self.references.targets.get(id)).copied() else { return };
        if self.open.contains(&target.id()) {
            return;
        }
        let id = self.identifier();
        let context = Context { is_copy: true, ..below.clone() };
        let around = std::mem::take(&mut self.output);
        self.open.push(target.id());
        let bounds = self.bounds.get(&target.id()).copied();
        self.element(target, &context, Some(&id));
        if let Some(bounds) = bounds {
            self.bounds.insert(target.id(), bounds);
        }
        self.open.pop();
        let copy = std::mem::replace(&mut self.output, around).finish();
        self.copies.push_str(&copy);
        element.attributes.set("href", format!("#{id}"));
    }

    /// Puts masks and clip paths into the notation of the renderer, and returns a basic shape.
    fn masks(&mut self, element: &mut Element) -> Option<String> {
        simplify_mask(element).unwrap_or_else(|reason| self.refuse(reason));
        simplify_clip(element)
    }
}
