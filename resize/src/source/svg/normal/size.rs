//! The drawing's own size, as CSS 2 gives it to replaced elements (section 10.3.2).

use kurbo::{Affine, Rect};
use svgtypes::{Align, AspectRatio, ViewBox};

use crate::source::svg::values::expression::{Axis, Units};

/// The size of a drawing that has neither a size nor a view box, in CSS pixels.
const DEFAULT: (f64, f64) = (300.0, 150.0);

/// The font size and the size of a drawing that says nothing about them.
pub(crate) const UNITS: Units = Units { font: 16.0, root_font: 16.0, screen: DEFAULT, view: DEFAULT };

/// The own size in CSS pixels by `width`, `height` and the view box. Percentages count as absent.
pub(crate) fn own_size(
    width: Option<&str>,
    height: Option<&str>,
    view: Option<Rect>,
    units: &Units,
) -> (f64, f64) {
    let length = |text: Option<&str>| {
        let text = text.filter(|text| !text.contains('%'))?;
        units.length(text, Axis::Both).filter(|length| *length >= 0.0)
    };
    let ratio = view.map(|view| view.width() / view.height());
    match (length(width), length(height), ratio) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some(ratio)) => (width, width / ratio),
        (None, Some(height), Some(ratio)) => (height * ratio, height),
        (Some(width), None, None) => (width, DEFAULT.1),
        (None, Some(height), None) => (DEFAULT.0, height),
        (None, None, _) => view.map_or(DEFAULT, |view| (view.width(), view.height())),
    }
}

/// The box of an attribute `viewBox`, unless it is empty.
pub(crate) fn view_box(text: Option<&str>) -> Option<Rect> {
    let view: ViewBox = text?.parse().ok()?;
    (view.w > 0.0 && view.h > 0.0).then(|| Rect::new(view.x, view.y, view.x + view.w, view.y + view.h))
}

/// The matrix from a view box to a rectangle.
pub(crate) fn view_matrix(view: Rect, target: Rect, aspect: Option<&str>) -> Affine {
    let aspect: AspectRatio = aspect.and_then(|text| text.parse().ok()).unwrap_or_default();
    let (across, down) = (target.width() / view.width(), target.height() / view.height());
    let (across, down) = if aspect.align == Align::None {
        (across, down)
    } else {
        let both = if aspect.slice { across.max(down) } else { across.min(down) };
        (both, both)
    };
    let (left, top) = (target.width() - view.width() * across, target.height() - view.height() * down);
    let (x, y) = match aspect.align {
        Align::None | Align::XMinYMin => (0.0, 0.0),
        Align::XMidYMin => (0.5, 0.0),
        Align::XMaxYMin => (1.0, 0.0),
        Align::XMinYMid => (0.0, 0.5),
        Align::XMidYMid => (0.5, 0.5),
        Align::XMaxYMid => (1.0, 0.5),
        Align::XMinYMax => (0.0, 1.0),
        Align::XMidYMax => (0.5, 1.0),
        Align::XMaxYMax => (1.0, 1.0),
    };
    let matrix = Affine::new([across, 0.0, 0.0, down, target.x0 + left * x, target.y0 + top * y]);
    matrix * Affine::translate(-view.origin().to_vec2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_lengths_and_the_view_box() {
        let check = |width: Option<&str>, height: Option<&str>, view: Option<&str>, expected: (f64, f64)| {
            assert_eq!(
                own_size(width, height, view_box(view), &UNITS),
                expected,
                "{width:?} {height:?} {view:?}"
            );
        };
        let view = Some("0 0 200 100");
        check(None, None, None, (300.0, 150.0));
        check(None, None, view, (200.0, 100.0));
        check(Some("100%"), Some("456px"), view, (912.0, 456.0));
        check(Some("100%"), Some("100%"), view, (200.0, 100.0));
        check(Some("50"), None, view, (50.0, 25.0));
        check(Some("50"), None, None, (50.0, 150.0));
        check(None, Some("2em"), None, (300.0, 32.0));
        check(Some("10"), Some("20"), view, (10.0, 20.0));
        check(Some("auto"), Some("calc(1in + 4px)"), view, (200.0, 100.0));
        check(None, None, Some("0 0 0 10"), (300.0, 150.0));
    }
}
