//! Keeps the faces of a picture: as many of them as fit into the crop, the larger ones first.

use contract::variant::FocalPoint;
use faces::Face;

use crate::pixels::Pixels;

/// The middle of the faces that a crop of `width` : `height` keeps. `None` if the picture has no faces. `rgba` has four channels.
pub(super) fn focal_point(rgba: &Pixels, width: f64, height: f64) -> Option<FocalPoint> {
    let (own_width, own_height) = (f64::from(rgba.size.width()), f64::from(rgba.size.height()));
    let (pixels, _) = rgba.samples.as_chunks::<4>();
    let colors: Vec<[u8; 3]> = pixels.iter().map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
    let found = faces::detect(&colors, rgba.size.width() as usize);
    let boxes: Vec<Bounds> = found.iter().map(|face| Bounds::of(face, own_width, own_height)).collect();
    let factor = (own_width / width).min(own_height / height);
    let kept = kept(&boxes, width * factor, height * factor)?;
    let thousandths = |from: f64, to: f64, side: f64| (from.midpoint(to) / side * 1000.0).round() as u16;
    Some(FocalPoint::new(
        thousandths(kept.left, kept.right, own_width),
        thousandths(kept.top, kept.bottom, own_height),
    ))
}

/// The part of a face inside the picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bounds {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Bounds {
    fn of(face: &Face, width: f64, height: f64) -> Self {
        let (left, top) = (f64::from(face.left), f64::from(face.top));
        Self {
            left: left.clamp(0.0, width),
            top: top.clamp(0.0, height),
            right: (left + f64::from(face.width)).clamp(0.0, width),
            bottom: (top + f64::from(face.height)).clamp(0.0, height),
        }
    }

    fn area(self) -> f64 {
        (self.right - self.left) * (self.bottom - self.top)
    }

    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// What surrounds the faces in a crop of this size that has the largest area of whole faces. If no face fits, the largest one.
fn kept(boxes: &[Bounds], width: f64, height: f64) -> Option<Bounds> {
    let lefts = boxes.iter().map(|one| one.left);
    let corners = lefts.flat_map(|left| boxes.iter().map(move |one| (left, one.top)));
    let inside = |(left, top): (f64, f64)| {
        boxes.iter().filter(move |one| {
            one.left >= left && one.top >= top && one.right <= left + width && one.bottom <= top + height
        })
    };
    let area = |corner| inside(corner).map(|one| one.area()).sum::<f64>();
    let best = corners.max_by(|one, other| area(*one).total_cmp(&area(*other)));
    let around = best.and_then(|corner| inside(corner).copied().reduce(Bounds::with));
    around.or_else(|| boxes.iter().copied().max_by(|one, other| one.area().total_cmp(&other.area())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(left: f64, top: f64, side: f64) -> Bounds {
        Bounds { left, top, right: left + side, bottom: top + side }
    }

    #[test]
    fn a_crop_keeps_the_largest_area_of_whole_faces() {
        let (small, two, large) = (square(0.0, 10.0, 10.0), square(30.0, 5.0, 10.0), square(80.0, 0.0, 15.0));
        let all = [small, two, large];
        assert_eq!(kept(&all, 100.0, 50.0), Some(small.with(two).with(large)));
        assert_eq!(kept(&all, 70.0, 50.0), Some(two.with(large)));
        assert_eq!(kept(&all, 40.0, 50.0), Some(large), "225 square pixels are more than twice 100");
        assert_eq!(kept(&all[..2], 40.0, 50.0), Some(small.with(two)));
        assert_eq!(kept(&all, 5.0, 50.0), Some(large), "no face fits");
        assert_eq!(kept(&[], 40.0, 50.0), None);
    }
}
