//! View boxes of elements in the drawing.

use kurbo::{Affine, Rect, Vec2};

use super::cascade::Element;
use super::context::Context;
use super::size::{view_box, view_matrix};

/// How far an element `use` moves what it shows.
pub(crate) fn offset(element: &Element) -> Vec2 {
    let length = |name: &str| element.attributes.get(name).and_then(|text| text.parse().ok()).unwrap_or(0.0);
    Vec2::new(length("x"), length("y"))
}

/// Changes what children inherit if the element has a view box.
pub(crate) fn enter_view(below: &mut Context, element: &Element) {
    let attributes = &element.attributes;
    if element.name == "use" {
        let offset = Affine::translate(offset(element));
        below.matrix = below.matrix.map(|matrix| matrix * offset);
    }
    if !matches!(element.name.as_str(), "svg" | "symbol") {
        return;
    }
    let units = &element.units;
    let (across, down) = units.view;
    let length = |name: &str, whole: f64| attributes.get(name).and_then(|text| units.length_of(text, whole));
    let (width, height) = (length("width", across).unwrap_or(across), length("height", down).unwrap_or(down));
    let (x, y) = (length("x", across).unwrap_or(0.0), length("y", down).unwrap_or(0.0));
    let target = Rect::new(x, y, x + width, y + height);
    let view = view_box(attributes.get("viewBox"));
    let inner = match view {
        Some(view) => view_matrix(view, target, attributes.get("preserveAspectRatio")),
        None => Affine::translate((x, y)),
    };
    below.units.view = view.map_or((width, height), |view| (view.width(), view.height()));
    below.matrix = below.matrix.map(|matrix| matrix * inner);
}
