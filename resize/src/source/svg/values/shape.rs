//! Basic shapes: `circle()`, `ellipse()`, `inset()`, `rect()`, `xywh()`, `polygon()` and `path()`.

use kurbo::{BezPath, Circle, Ellipse, Point, Rect, RoundedRectRadii, Shape, Size, Vec2};
use svgtypes::{SimplePathSegment, SimplifyingPathParser};

use super::expression::{Axis, Units};
use super::transform::origin;
use crate::source::svg::styles::scan::{function, split, words};

/// Largest distance of curves to the shape, in user units.
const TOLERANCE: f64 = 0.01;

/// The outline of a shape in a reference box, and `true` if the even-odd rule fills it.
pub(crate) fn outline(text: &str, units: &Units, reference: Rect) -> Option<(BezPath, bool)> {
    let (name, arguments) = function(text)?;
    let by_rule = |text: &str| match text.split_once(',') {
        Some((rule, rest)) if rule.trim() == "evenodd" => (true, rest.to_owned()),
        Some((rule, rest)) if rule.trim() == "nonzero" => (false, rest.to_owned()),
        _ => (false, text.to_owned()),
    };
    let path = match name.to_ascii_lowercase().as_str() {
        "circle" => circle(arguments, units, reference)?,
        "ellipse" => ellipse(arguments, units, reference)?,
        "inset" => {
            let [top, right, bottom, left] = edges(arguments, units, reference)?;
            let (start, end) = (reference.origin(), Point::new(reference.x1, reference.y1));
            rounded(Rect::new(start.x + left, start.y + top, end.x - right, end.y - bottom), arguments, units)
        }
        "rect" => {
            let [top, right, bottom, left] = edges(arguments, units, reference)?;
            let start = reference.origin();
            let rect = Rect::new(start.x + left, start.y + top, start.x + right, start.y + bottom);
            rounded(rect, arguments, units)
        }
        "xywh" => {
            let [x, y, width, height] = edges_as(arguments, units, reference, [true, false, true, false])?;
            let start = reference.origin() + Vec2::new(x, y);
            rounded(Rect::from_origin_size(start, Size::new(width, height)), arguments, units)
        }
        "polygon" => {
            let (is_even_odd, points) = by_rule(arguments);
            return Some((polygon(&points, units, reference)?, is_even_odd));
        }
        "path" => {
            let (is_even_odd, data) = by_rule(arguments);
            let data = data.trim().trim_matches(['"', '\'']);
            let moved = kurbo::Affine::translate(reference.origin().to_vec2());
            return Some((moved * path(data), is_even_odd));
        }
        _ => return None,
    };
    Some((path, false))
}

/// The path of an attribute `d`, up to its first error.
pub(crate) fn path(data: &str) -> BezPath {
    let mut path = BezPath::new();
    for segment in SimplifyingPathParser::from(data).map_while(Result::ok) {
        match segment {
            SimplePathSegment::MoveTo { x, y } => path.move_to((x, y)),
            _ if path.elements().is_empty() => break,
            SimplePathSegment::LineTo { x, y } => path.line_to((x, y)),
            SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => path.curve_to((x1, y1), (x2, y2), (x, y)),
            SimplePathSegment::Quadratic { x1, y1, x, y } => path.quad_to((x1, y1), (x, y)),
            SimplePathSegment::ClosePath => path.close_path(),
        }
    }
    path
}

fn center(position: Option<&str>, units: &Units, reference: Rect) -> Option<Point> {
    position.map_or(Some(reference.center()), |text| origin(text, units, reference))
}

/// The part in front of `at`, and the one behind it.
fn size_and_position(arguments: &str) -> (Vec<&str>, Option<String>) {
    let parts = words(arguments);
    match parts.iter().position(|word| *word == "at") {
        Some(place) => {
            let position = parts.get(place + 1..).unwrap_or_default().join(" ");
            (parts.get(..place).unwrap_or_default().to_vec(), Some(position))
        }
        None => (parts, None),
    }
}

fn circle(arguments: &str, units: &Units, reference: Rect) -> Option<BezPath> {
    let (size, position) = size_and_position(arguments);
    let center = center(position.as_deref(), units, reference)?;
    let distances =
        [center.x - reference.x0, reference.x1 - center.x, center.y - reference.y0, reference.y1 - center.y];
    let distances = distances.map(f64::abs);
    let radius = match size.as_slice() {
        [] | ["closest-side"] => distances.into_iter().fold(f64::INFINITY, f64::min),
        ["farthest-side"] => distances.into_iter().fold(0.0, f64::max),
        [radius] => units.length_of(radius, reference.width().hypot(reference.height()) / f64::sqrt(2.0))?,
        _ => return None,
    };
    Some(Circle::new(center, radius).to_path(TOLERANCE))
}

fn ellipse(arguments: &str, units: &Units, reference: Rect) -> Option<BezPath> {
    let (size, position) = size_and_position(arguments);
    let center = center(position.as_deref(), units, reference)?;
    let radius = |text: &str, start: f64, end: f64, place: f64| {
        let (before, behind) = ((place - start).abs(), (end - place).abs());
        match text {
            "closest-side" => Some(before.min(behind)),
            "farthest-side" => Some(before.max(behind)),
            text => units.length_of(text, end - start),
        }
    };
    let (x, y) = match size.as_slice() {
        [] => ("closest-side", "closest-side"),
        [x, y] => (*x, *y),
        _ => return None,
    };
    let radii =
        (radius(x, reference.x0, reference.x1, center.x)?, radius(y, reference.y0, reference.y1, center.y)?);
    Some(Ellipse::new(center, radii, 0.0).to_path(TOLERANCE))
}

/// One to four lengths: top, right, bottom and left.
fn edges(arguments: &str, units: &Units, reference: Rect) -> Option<[f64; 4]> {
    edges_as(arguments, units, reference, [false, true, false, true])
}

/// `are_across` tells which of the lengths refer to the width.
fn edges_as(arguments: &str, units: &Units, reference: Rect, are_across: [bool; 4]) -> Option<[f64; 4]> {
    let parts: Vec<&str> = words(arguments).into_iter().take_while(|word| *word != "round").collect();
    let texts = match parts.as_slice() {
        [all] => [*all; 4],
        [down, across] => [*down, *across, *down, *across],
        [top, across, bottom] => [*top, *across, *bottom, *across],
        [top, right, bottom, left] => [*top, *right, *bottom, *left],
        _ => return None,
    };
    let mut edges = [0.0; 4];
    for ((edge, text), is_across) in edges.iter_mut().zip(texts).zip(are_across) {
        *edge = units.length_of(text, if is_across { reference.width() } else { reference.height() })?;
    }
    Some(edges)
}

/// The rectangle with the radius behind `round`.
fn rounded(rect: Rect, arguments: &str, units: &Units) -> BezPath {
    let behind = arguments.split_once("round").map_or("", |(_, radii)| radii);
    let across = behind.split('/').next().unwrap_or_default();
    let radius = |text: &&str| units.length_of(text, rect.width()).unwrap_or(0.0).max(0.0);
    let radii: Vec<f64> = words(across).iter().map(radius).collect();
    let radii = match radii.as_slice() {
        [] => return rect.to_path(TOLERANCE),
        [all] => RoundedRectRadii::from_single_radius(*all),
        [a, b] => RoundedRectRadii::new(*a, *b, *a, *b),
        [a, b, c] => RoundedRectRadii::new(*a, *b, *c, *b),
        [a, b, c, d, ..] => RoundedRectRadii::new(*a, *b, *c, *d),
    };
    rect.to_rounded_rect(radii).to_path(TOLERANCE)
}

fn polygon(points: &str, units: &Units, reference: Rect) -> Option<BezPath> {
    let mut path = BezPath::new();
    for point in split(points, ',') {
        let [x, y] = words(point).try_into().ok()?;
        let x = reference.x0 + units.length_of(x, reference.width())?;
        let y = reference.y0 + units.length_of(y, reference.height())?;
        if path.elements().is_empty() { path.move_to((x, y)) } else { path.line_to((x, y)) }
    }
    path.close_path();
    Some(path)
}

/// The outline of a basic element by its attributes. `length` reads one of them; absent ones have no value.
pub(crate) fn element_outline(
    name: &str,
    attribute: &dyn Fn(&str) -> Option<String>,
    units: &Units,
) -> Option<BezPath> {
    let length = |name: &str, axis: Axis| attribute(name).and_then(|text| units.length(&text, axis));
    let (across, down) = (|name: &str| length(name, Axis::Across), |name: &str| length(name, Axis::Down));
    let (x, y) = (across("x").unwrap_or(0.0), down("y").unwrap_or(0.0));
    let middle = Point::new(across("cx").unwrap_or(0.0), down("cy").unwrap_or(0.0));
    Some(match name {
        "path" => path(&attribute("d")?),
        "rect" | "image" => {
            let size = Size::new(across("width")?, down("height")?);
            let rect = Rect::from_origin_size((x, y), size);
            match across("rx").or(down("ry")) {
                Some(radius) if radius > 0.0 => rect.to_rounded_rect(radius).to_path(TOLERANCE),
                _ => rect.to_path(TOLERANCE),
            }
        }
        "circle" => Circle::new(middle, length("r", Axis::Both)?).to_path(TOLERANCE),
        "ellipse" => {
            let (rx, ry) = (across("rx"), down("ry"));
            Ellipse::new(middle, (rx.or(ry)?, ry.or(rx)?), 0.0).to_path(TOLERANCE)
        }
        "line" => {
            let mut path = BezPath::new();
            path.move_to((across("x1").unwrap_or(0.0), down("y1").unwrap_or(0.0)));
            path.line_to((across("x2").unwrap_or(0.0), down("y2").unwrap_or(0.0)));
            path
        }
        "polyline" | "polygon" => {
            let mut path = BezPath::new();
            for (x, y) in svgtypes::PointsParser::from(attribute("points")?.as_str()) {
                if path.elements().is_empty() { path.move_to((x, y)) } else { path.line_to((x, y)) }
            }
            if name == "polygon" && !path.elements().is_empty() {
                path.close_path();
            }
            path
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: Units = Units { font: 16.0, root_font: 16.0, screen: (300.0, 150.0), view: (100.0, 50.0) };

    #[test]
    fn shapes_lie_in_their_reference_box() {
        let check = |text: &str, expected: [f64; 4]| {
            let (path, _) = outline(text, &UNITS, Rect::new(10.0, 20.0, 110.0, 70.0)).unwrap();
            let bounds = path.bounding_box();
            let edges = [bounds.x0, bounds.y0, bounds.x1, bounds.y1];
            assert!(edges.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.1), "{text}: {edges:?}");
        };
        check("circle()", [35.0, 20.0, 85.0, 70.0]);
        check("circle(10px at 0 0)", [0.0, 10.0, 20.0, 30.0]);
        check("ellipse(50% 50%)", [10.0, 20.0, 110.0, 70.0]);
        check("inset(10px 20%)", [30.0, 30.0, 90.0, 60.0]);
        check("inset(10% round 5px)", [20.0, 25.0, 100.0, 65.0]);
        check("rect(0 50px 10px 0)", [10.0, 20.0, 60.0, 30.0]);
        check("xywh(10px 5px 20px 50%)", [20.0, 25.0, 40.0, 50.0]);
        check("polygon(evenodd, 0 0, 100% 0, 50% 100%)", [10.0, 20.0, 110.0, 70.0]);
        check("path('M0 0H10V20Z')", [10.0, 20.0, 20.0, 40.0]);
        assert!(outline("star()", &UNITS, Rect::ZERO).is_none());
    }

    #[test]
    fn a_path_ends_at_its_first_error() {
        assert_eq!(path("M0 0 L10 0 X").to_svg(), "M0,0 L10,0");
        assert!(path("L10 0").is_empty());
    }
}
