//! Estimates the dashes of a path. The renderer makes all of them before it draws the first one.

use resvg::tiny_skia::PathSegment;
use resvg::usvg::Path;

/// Memory of a dash as a hairline, and of a wider one with round caps, in bytes. Both are measured.
const HAIRLINE_BYTES: f64 = 40.0;
const OUTLINE_BYTES: f64 = 1_700.0;

/// The number of dashes of a path's stroke.
pub(super) fn count(path: &Path) -> f64 {
    let Some(dashes) = path.stroke().and_then(|stroke| stroke.dasharray()) else { return 0.0 };
    let period: f64 = dashes.iter().map(|length| f64::from(*length)).sum();
    // A period of odd length is repeated with dashes and gaps exchanged.
    length(path) / period * (dashes.len() as f64 / 2.0).max(1.0)
}

/// The memory of a path's dashes, in bytes. `scale` is pixels per unit of the drawing.
pub(super) fn bytes(path: &Path, scale: f64) -> f64 {
    let width = path.stroke().map_or(0.0, |stroke| f64::from(stroke.width().get()));
    let (across, down) = path.abs_transform().get_scale();
    let is_hairline = width * f64::from(across.max(down)) * scale <= 1.0;
    count(path) * if is_hairline { HAIRLINE_BYTES } else { OUTLINE_BYTES }
}

/// The length of a path's control polygon in its own units. No curve is longer.
fn length(path: &Path) -> f64 {
    let (mut length, mut start, mut at) = (0.0, (0.0, 0.0), (0.0, 0.0));
    for segment in path.data().segments() {
        let points = match segment {
            PathSegment::MoveTo(point) => {
                (start, at) = ((point.x, point.y), (point.x, point.y));
                continue;
            }
            PathSegment::LineTo(end) => [at, at, (end.x, end.y)],
            PathSegment::QuadTo(control, end) => [at, (control.x, control.y), (end.x, end.y)],
            PathSegment::CubicTo(first, second, end) => {
                length += distance(at, (first.x, first.y));
                [(first.x, first.y), (second.x, second.y), (end.x, end.y)]
            }
            PathSegment::Close => [at, at, start],
        };
        let [first, second, end] = points;
        length += distance(first, second) + distance(second, end);
        at = end;
    }
    length
}

fn distance(from: (f32, f32), to: (f32, f32)) -> f64 {
    f64::from(to.0 - from.0).hypot(f64::from(to.1 - from.1))
}
