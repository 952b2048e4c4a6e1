//! A part of a picture.

use contract::variant::Cutout;

use super::Size;

/// A rectangular part of a picture, in the picture's pixels. Its edges may lie between pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Distance from the picture's left edge, at least 0.
    pub left: f64,
    /// Distance from the picture's upper edge, at least 0.
    pub top: f64,
    /// Width, more than 0.
    pub width: f64,
    /// Height, more than 0.
    pub height: f64,
}

impl Rect {
    /// The whole picture.
    pub fn whole(size: Size) -> Self {
        Self { left: 0.0, top: 0.0, width: f64::from(size.width()), height: f64::from(size.height()) }
    }

    /// The part of a cutout, in whole pixels, that lies inside a picture of `size`. `None` if the cutout lies outside.
    pub fn inside(cutout: Cutout, size: Size) -> Option<Self> {
        let width = cutout.width().min(size.width().checked_sub(cutout.x)?);
        let height = cutout.height().min(size.height().checked_sub(cutout.y)?);
        let [left, top, width, height] = [cutout.x, cutout.y, width, height].map(f64::from);
        (width > 0.0 && height > 0.0).then_some(Self { left, top, width, height })
    }

    /// The same part as a cutout in whole pixels, without fractions. `None` if it is then empty.
    pub fn to_cutout(self) -> Option<Cutout> {
        Cutout::new(self.left as u32, self.top as u32, self.width as u32, self.height as u32)
    }

    /// The intersection with a picture of `size`. Rounding may have moved the rectangle slightly outside.
    #[must_use]
    pub fn within(self, size: Size) -> Self {
        let (left, top) = (self.left.max(0.0), self.top.max(0.0));
        Self {
            left,
            top,
            width: self.width.min(f64::from(size.width()) - left),
            height: self.height.min(f64::from(size.height()) - top),
        }
    }

    /// The same part of a picture that is `across` times as wide and `down` times as high.
    #[must_use]
    pub fn stretched(self, across: f64, down: f64) -> Self {
        Self {
            left: self.left * across,
            top: self.top * down,
            width: self.width * across,
            height: self.height * down,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cutout_is_clamped_to_the_picture_and_one_outside_is_none() {
        let check = |x, y, width, height, expected: Option<(f64, f64, f64, f64)>| {
            let cutout = Cutout::new(x, y, width, height).unwrap();
            let rect = Rect::inside(cutout, Size::new(300, 200).unwrap());
            assert_eq!(rect.map(|rect| (rect.left, rect.top, rect.width, rect.height)), expected);
        };
        check(0, 0, 300, 200, Some((0.0, 0.0, 300.0, 200.0)));
        check(299, 199, 9, 9, Some((299.0, 199.0, 1.0, 1.0)));
        check(10, 20, 1_000_000, 30, Some((10.0, 20.0, 290.0, 30.0)));
        check(300, 0, 9, 9, None);
        check(0, 200, 9, 9, None);
        check(1_000_000, 1_000_000, 9, 9, None);
    }
}
