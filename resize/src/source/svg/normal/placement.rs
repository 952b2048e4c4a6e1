//! The matrix of an element, by the attributes and properties that move it.

use kurbo::{Affine, Point, Rect};

use super::cascade::Element;
use crate::source::svg::values::transform::{matrix, origin, rotation, scaling, translation};

/// Properties that become one matrix.
const PROPERTIES: [&str; 6] =
    ["transform", "translate", "rotate", "scale", "transform-origin", "transform-box"];

/// What moves an element.
#[derive(Clone, Debug)]
pub(crate) struct Placement {
    values: [Option<String>; 6],
    is_plain: bool,
    /// `true` if percentages and the origin refer to the element's own bounds instead of the view box.
    pub(crate) needs_bounds: bool,
}

impl Placement {
    /// Takes the properties from the element's attributes. `None` if nothing moves it.
    pub(crate) fn take(element: &mut Element) -> Option<Self> {
        // An attribute `rotate` of text turns its letters.
        let is_text = matches!(element.name.as_str(), "text" | "tspan" | "textPath" | "feDisplacementMap");
        let mut values = PROPERTIES.map(|name| {
            let stays = is_text && matches!(name, "rotate" | "scale");
            if stays { None } else { element.attributes.remove(name) }
        });
        for value in &mut values {
            value.take_if(|value| value == "none");
        }
        let [transform, translate, rotate, scale, _, reference] = &values;
        let needs_bounds = reference
            .as_deref()
            .is_some_and(|text| matches!(text, "fill-box" | "stroke-box" | "content-box"));
        let moves = [transform, translate, rotate, scale].into_iter().any(Option::is_some);
        moves.then_some(Self { is_plain: element.has_plain_transform, values, needs_bounds })
    }

    /// The matrix, with percentages of the view box or of `bounds`. Unknown values have no effect.
    pub(crate) fn matrix(&self, element: &Element, view: Rect, bounds: Option<Rect>) -> Affine {
        let reference = if self.needs_bounds { bounds.unwrap_or(view) } else { view };
        let [transform, translate, rotate, scale, at, _] = self.values.each_ref().map(Option::as_deref);
        let units = &element.units;
        let plain = |text: &str| {
            let matrix: svgtypes::Transform = text.parse().ok()?;
            Some(Affine::new([matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f]))
        };
        let by_transform = transform.and_then(|text| {
            let own = if self.is_plain { plain(text) } else { None };
            own.or_else(|| matrix(text, units, reference))
        });
        let parts = [
            translate.and_then(|text| translation(text, units, reference)),
            rotate.and_then(rotation),
            scale.and_then(scaling),
            by_transform,
        ];
        let moved = parts.into_iter().flatten().fold(Affine::IDENTITY, |all, part| all * part);
        let fixed = at.and_then(|text| origin(text, units, reference)).unwrap_or(Point::ORIGIN).to_vec2();
        Affine::translate(fixed) * moved * Affine::translate(-fixed)
    }
}

/// The notation of SVG.
pub(crate) fn notation(matrix: Affine) -> String {
    let coefficients = matrix.as_coeffs().map(|coefficient| coefficient.to_string());
    format!("matrix({})", coefficients.join(" "))
}
