//! Strokes with `vector-effect: non-scaling-stroke`, and dashes with `pathLength`, which the renderer doesn't know.

use kurbo::{Affine, BezPath, Shape};

use super::cascade::Element;
use super::context::Stroke;
use super::placement::notation;
use crate::source::svg::values::expression::{Axis, Units};

/// Accuracy of a path's length, in user units.
const ACCURACY: f64 = 0.01;

/// Replaces both by plain strokes. `matrix` is the one from the element's own user space to the drawing's pixels, and
/// `around` the one from its parent's.
pub(crate) fn simplify(
    element: &mut Element,
    stroke: &Stroke,
    outline: Option<&BezPath>,
    matrix: Option<Affine>,
    around: Option<Affine>,
) {
    let mut factor = 1.0;
    let mut dash_factor = 1.0;
    if let (Some(length), Some(outline)) = (path_length(element), outline) {
        dash_factor = outline.perimeter(ACCURACY) / length;
    }
    let effect = element.attributes.remove("vector-effect");
    if effect.as_deref() == Some("non-scaling-stroke")
        && let Some(matrix) = matrix
    {
        if is_similarity(matrix) {
            factor = 1.0 / matrix.determinant().abs().sqrt();
        } else if let (Some(outline), Some(around)) = (outline, around) {
            flatten(element, outline, matrix, around);
            dash_factor = 1.0;
        }
    }
    if !factor.is_finite() || !dash_factor.is_finite() {
        return;
    }
    let units = element.units;
    if (factor - 1.0).abs() > 1e-9 {
        element.attributes.set("stroke-width", scaled(&stroke.width, factor, &units));
    }
    let all = factor * dash_factor;
    if stroke.dashes != "none" && (all - 1.0).abs() > 1e-9 {
        element.attributes.set("stroke-dasharray", scaled(&stroke.dashes, all, &units));
        element.attributes.set("stroke-dashoffset", scaled(&stroke.offset, all, &units));
    }
}

fn path_length(element: &mut Element) -> Option<f64> {
    if element.name == "textPath" {
        return None;
    }
    element.attributes.remove("pathLength")?.trim().parse().ok().filter(|length| *length > 0.0)
}

fn is_similarity(matrix: Affine) -> bool {
    let [a, b, c, d, ..] = matrix.as_coeffs();
    let scale = a.hypot(b).max(c.hypot(d));
    (a.hypot(b) - c.hypot(d)).abs() <= 1e-6 * scale && (a * c + b * d).abs() <= 1e-6 * scale * scale
}

/// Makes the element a path in the drawing's pixels.
fn flatten(element: &mut Element, outline: &BezPath, matrix: Affine, around: Affine) {
    if around.determinant().abs() < 1e-12 {
        return;
    }
    for name in ["x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "points"] {
        element.attributes.remove(name);
    }
    "path".clone_into(&mut element.name);
    element.attributes.set("d", (matrix * outline).to_svg());
    element.attributes.set("transform", notation(around.inverse()));
}

/// A list of lengths, each multiplied. Percentages keep their unit.
fn scaled(lengths: &str, factor: f64, units: &Units) -> String {
    let scaled = lengths.split_whitespace().map(|length| match length.strip_suffix('%') {
        Some(number) => format!("{}%", number.parse::<f64>().unwrap_or(0.0) * factor),
        None => (units.length(length, Axis::Both).unwrap_or(0.0) * factor).to_string(),
    });
    scaled.collect::<Vec<_>>().join(" ")
}
