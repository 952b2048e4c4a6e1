//! Transforms of CSS as matrices.

use kurbo::{Affine, Point, Rect, Vec2};

use super::expression::{Units, angle, number};
use crate::source::svg::styles::scan::{block, split, words};

/// The matrix of a list of functions such as `translate(50%, 0) rotate(45deg)`. Percentages refer to the sides of
/// `reference`. `None` if a function is unknown.
pub(crate) fn matrix(text: &str, units: &Units, reference: Rect) -> Option<Affine> {
    let mut matrix = Affine::IDENTITY;
    let mut rest = text.trim();
    if rest.eq_ignore_ascii_case("none") {
        return Some(matrix);
    }
    while !rest.is_empty() {
        let (name, inside, behind) = block(rest, '(', ')')?;
        let arguments = split(inside, ',');
        matrix *= function(&name.trim().to_ascii_lowercase(), &arguments, units, reference)?;
        rest = behind.trim_start();
    }
    Some(matrix)
}

fn function(name: &str, arguments: &[&str], units: &Units, reference: Rect) -> Option<Affine> {
    let across = |text: &str| length(text, units, reference.width());
    let down = |text: &str| length(text, units, reference.height());
    let skew = |x: f64, y: f64| Affine::skew(x.to_radians().tan(), y.to_radians().tan());
    let turn = |text: &str| Some(Affine::rotate(degrees(text)?.to_radians()));
    let numbers = || arguments.iter().map(|text| number(text)).collect::<Option<Vec<f64>>>();
    Some(match (name, arguments) {
        ("translate" | "translatex", [x]) => Affine::translate((across(x)?, 0.0)),
        ("translate", [x, y]) | ("translate3d", [x, y, _]) => Affine::translate((across(x)?, down(y)?)),
        ("translatey", [y]) => Affine::translate((0.0, down(y)?)),
        ("scale", [x]) => Affine::scale(number(x)?),
        ("scale", [x, y]) | ("scale3d", [x, y, _]) => Affine::scale_non_uniform(number(x)?, number(y)?),
        ("scalex", [x]) => Affine::scale_non_uniform(number(x)?, 1.0),
        ("scaley", [y]) => Affine::scale_non_uniform(1.0, number(y)?),
        ("rotate" | "rotatez", [turned]) => turn(turned)?,
        ("rotate3d", [x, y, z, turned]) if number(x) == Some(0.0) && number(y) == Some(0.0) => {
            if number(z)? < 0.0 { turn(turned)?.inverse() } else { turn(turned)? }
        }
        ("skew" | "skewx", [x]) => skew(degrees(x)?, 0.0),
        ("skew", [x, y]) => skew(degrees(x)?, degrees(y)?),
        ("skewy", [y]) => skew(0.0, degrees(y)?),
        ("matrix", [_, _, _, _, _, _]) => Affine::new(numbers()?.try_into().ok()?),
        ("matrix3d", [..]) => {
            let all = numbers()?;
            let flat = [0, 1, 4, 5, 12, 13].map(|place| all.get(place).copied().unwrap_or(f64::NAN));
            return (all.len() == 16).then(|| Affine::new(flat));
        }
        ("translatez" | "perspective" | "scalez", [_]) => Affine::IDENTITY,
        _ => return None,
    })
}

/// Lengths need a unit, unless they are zero.
fn length(text: &str, units: &Units, whole: f64) -> Option<f64> {
    match text.trim().parse::<f64>() {
        Ok(0.0) => Some(0.0),
        Ok(_) => None,
        Err(_) => units.length_of(text, whole),
    }
}

fn degrees(text: &str) -> Option<f64> {
    match text.trim().parse::<f64>() {
        Ok(0.0) => Some(0.0),
        Ok(_) => None,
        Err(_) => angle(text),
    }
}

/// `true` if the value of a property such as `transform` or `rotate` is valid.
pub(crate) fn is_movement(property: &str, value: &str, units: &Units) -> bool {
    let is_keyword = matches!(value.trim(), "initial" | "inherit" | "unset" | "revert");
    let known = match property {
        "translate" => translation(value, units, Rect::ZERO),
        "rotate" => rotation(value),
        "scale" => scaling(value),
        _ => matrix(value, units, Rect::ZERO),
    };
    is_keyword || known.is_some()
}

/// The value of the property `translate`.
pub(crate) fn translation(text: &str, units: &Units, reference: Rect) -> Option<Affine> {
    let offset = match words(text).as_slice() {
        [none] if none.eq_ignore_ascii_case("none") => Vec2::ZERO,
        [x] => Vec2::new(length(x, units, reference.width())?, 0.0),
        [x, y] | [x, y, _] => {
            Vec2::new(length(x, units, reference.width())?, length(y, units, reference.height())?)
        }
        _ => return None,
    };
    Some(Affine::translate(offset))
}

/// The value of the property `rotate`.
pub(crate) fn rotation(text: &str) -> Option<Affine> {
    let turn = |text: &str| Some(Affine::rotate(degrees(text)?.to_radians()));
    match words(text).as_slice() {
        [none] if none.eq_ignore_ascii_case("none") => Some(Affine::IDENTITY),
        [turned] => turn(turned),
        [axis, turned] | [turned, axis] if axis.eq_ignore_ascii_case("z") => turn(turned),
        _ => None,
    }
}

/// The value of the property `scale`.
pub(crate) fn scaling(text: &str) -> Option<Affine> {
    match words(text).as_slice() {
        [none] if none.eq_ignore_ascii_case("none") => Some(Affine::IDENTITY),
        [both] => Some(Affine::scale(number(both)?)),
        [x, y] | [x, y, _] => Some(Affine::scale_non_uniform(number(x)?, number(y)?)),
        _ => None,
    }
}

/// The point that transforms keep in place.
pub(crate) fn origin(text: &str, units: &Units, reference: Rect) -> Option<Point> {
    let lower = text.to_ascii_lowercase();
    let words = words(&lower);
    let (x, y) = match words.as_slice() {
        [one @ ("top" | "bottom")] => ("center", *one),
        [one] => (*one, "center"),
        [first, second] | [first, second, _] => {
            let is_swapped = matches!(*first, "top" | "bottom")
                || *first == "center" && matches!(*second, "left" | "right");
            if is_swapped { (*second, *first) } else { (*first, *second) }
        }
        _ => return None,
    };
    let place = |text: &str, start: f64, whole: f64| {
        let offset = match text {
            "left" | "top" => 0.0,
            "center" => whole / 2.0,
            "right" | "bottom" => whole,
            text => units.length_of(text, whole)?,
        };
        Some(start + offset)
    };
    Some(Point::new(place(x, reference.x0, reference.width())?, place(y, reference.y0, reference.height())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: Units = Units { font: 16.0, root_font: 16.0, screen: (300.0, 150.0), view: (100.0, 50.0) };

    fn moved(text: &str) -> Option<(i64, i64)> {
        let matrix = matrix(text, &UNITS, Rect::new(0.0, 0.0, 100.0, 50.0))?;
        let point = matrix * Point::new(10.0, 20.0);
        Some((point.x.round() as i64, point.y.round() as i64))
    }

    #[test]
    fn functions_are_applied_from_right_to_left() {
        assert_eq!(moved("translate(50px, 10%)"), Some((60, 25)));
        assert_eq!(moved("translateX(1em) translateY(-1px)"), Some((26, 19)));
        assert_eq!(moved("translate(5px) scale(2)"), Some((25, 40)));
        assert_eq!(moved("scale(50%, 1)"), Some((5, 20)));
        assert_eq!(moved("rotate(.25turn)"), Some((-20, 10)));
        assert_eq!(moved("rotate3d(0, 0, 1, 90deg)"), Some((-20, 10)));
        assert_eq!(moved("skewX(45deg)"), Some((30, 20)));
        assert_eq!(moved("matrix(1, 0, 0, 1, 5, 6)"), Some((15, 26)));
        assert_eq!(moved("translate3d(0, 1px, 9px)"), Some((10, 21)));
        assert_eq!(moved("none"), Some((10, 20)));
    }

    #[test]
    fn numbers_without_units_are_no_lengths_or_angles() {
        assert_eq!(moved("translate(50, 0)"), None);
        assert_eq!(moved("rotate(45)"), None);
        assert_eq!(moved("rotateX(45deg)"), None);
        assert_eq!(moved("jump(1px)"), None);
    }

    #[test]
    fn origins_are_places_in_the_reference_box() {
        let check = |text, expected: (f64, f64)| {
            let point = origin(text, &UNITS, Rect::new(10.0, 20.0, 110.0, 70.0)).unwrap();
            assert_eq!((point.x, point.y), expected, "{text}");
        };
        check("center", (60.0, 45.0));
        check("top", (60.0, 20.0));
        check("bottom right", (110.0, 70.0));
        check("25% 10px", (35.0, 30.0));
        check("0 0 5px", (10.0, 20.0));
    }
}
