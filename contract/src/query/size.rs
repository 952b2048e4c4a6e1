//! The size that a query asks for: sides in CSS pixels, pixel ratio, aspect ratio.

use crate::error::RequestError;
use crate::query::QueryValues;
use crate::query::values;
use crate::ratio::Ratio;
use crate::variant::Side;

/// The maximum of `w` and `h`, in CSS pixels. It is above [`crate::variant::MAX_SIDE`], so that large values keep their
/// ratio.
const MAX_CSS_PIXELS: u32 = 1_000_000;

/// Device pixels per CSS pixel, in thousandths.
const DPR: u32 = 1000;
const MIN_DPR: u32 = 500;
const MAX_DPR: u32 = 5000;

/// The size that a query asks for, before any rule of the policy applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestedSize {
    /// The value of `w` in CSS pixels, 1 to [`MAX_CSS_PIXELS`].
    width: Option<u32>,
    /// The value of `h` in CSS pixels, 1 to [`MAX_CSS_PIXELS`].
    height: Option<u32>,
    /// The value of `dpr` in thousandths, [`MIN_DPR`] to [`MAX_DPR`].
    dpr: u32,
    /// The value of `ar`, which is given together with one side.
    ratio: Option<Ratio>,
}

impl RequestedSize {
    /// Reads `w`, `h` and `dpr`.
    ///
    /// # Errors
    /// A value isn't allowed.
    pub(crate) fn parse(values: &QueryValues) -> Result<Self, RequestError> {
        let pixels = |text: &str| values::number(text, 0, 1, MAX_CSS_PIXELS);
        Ok(Self {
            width: values.value("w", pixels)?,
            height: values.value("h", pixels)?,
            dpr: values.value("dpr", |text| values::number(text, 3, MIN_DPR, MAX_DPR))?.unwrap_or(DPR),
            ratio: None,
        })
    }

    /// Adds the value of `ar`.
    pub(crate) const fn with_ratio(self, ratio: Option<Ratio>) -> Self {
        Self { ratio, ..self }
    }

    /// `true` if exactly one side is given, which a ratio completes.
    pub(crate) const fn has_one_side(&self) -> bool {
        self.width.is_some() != self.height.is_some()
    }

    /// The sides in device pixels. Each is clamped separately, unless a ratio is given or both sides define the shape
    /// of the result. Then the ratio is kept.
    pub(crate) fn sides(&self, is_shape: bool) -> (Option<Side>, Option<Side>) {
        let (width, height) = (self.width.map(|w| self.scaled(w)), self.height.map(|h| self.scaled(h)));
        let both = match (width, height, self.ratio) {
            (Some(width), None, Some(ratio)) => Some((ratio, width.into(), ratio.height_of(width.into()))),
            (None, Some(height), Some(ratio)) => Some((ratio, ratio.width_of(height.into()), height.into())),
            (Some(width), Some(height), _) if is_shape => {
                Ratio::new(width, height).map(|ratio| (ratio, width.into(), height.into()))
            }
            _ => None,
        };
        match both {
            Some((ratio, width, height)) => {
                let (width, height) = ratio.limited(width, height);
                (Some(width), Some(height))
            }
            None => (width.and_then(Side::clamped), height.and_then(Side::clamped)),
        }
    }

    /// The shape in `shapes` that the query asks for, by `ar` or by both sides in CSS pixels. `None` if it asks for
    /// another shape.
    pub(crate) fn shape(&self, shapes: &[Ratio]) -> Option<Ratio> {
        let of_sides = || Ratio::new(self.width?, self.height?);
        self.ratio.or_else(of_sides)?.nearest(shapes)
    }

    /// The width in device pixels for a shape. `None` if no side is given.
    pub(crate) fn width_in(&self, shape: Ratio) -> Option<u64> {
        let of_height = || self.height.map(|height| shape.width_of(self.scaled(height).into()));
        self.width.map(|width| self.scaled(width).into()).or_else(of_height)
    }

    /// The parameter that gives the width.
    pub(crate) const fn source_of_width(&self) -> &'static str {
        if self.width.is_some() { "w" } else { "ar" }
    }

    /// The parameter that gives the height.
    pub(crate) const fn source_of_height(&self) -> &'static str {
        if self.height.is_some() { "h" } else { "ar" }
    }

    /// Device pixels, rounded half up.
    const fn scaled(&self, css_pixels: u32) -> u32 {
        ((css_pixels as u64 * self.dpr as u64 + DPR as u64 / 2) / DPR as u64) as u32
    }
}
