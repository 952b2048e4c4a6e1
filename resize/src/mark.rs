//! Marks: pictures of the policy that are laid over variants.

use contract::format::{Format, FormatChoice};
use contract::limits::Limits;
use contract::mark::Mark;
use contract::variant::{Fit, Gravity, Side, Variant};

use crate::decode::decode;
use crate::error::Error;
use crate::pixels::picture::Picture;
use crate::pixels::{Pixels, Size};
use crate::plan::Plan;
use crate::settings::Settings;
use crate::source::Source;
use crate::source::info::SourceFormat;
use crate::steps::stamp::{Stamp, stamp};
use crate::steps::transform;
use crate::stopwatch::Stopwatch;

/// Maximum pixels of a mark's picture. [`crate::plan`] predicts the memory for them.
pub(crate) const MAX_PIXELS: u64 = 4_000_000;

/// A mark of the policy with the file of its picture, a PNG or JPEG.
#[derive(Clone, Copy, Debug)]
pub struct MarkFile<'a> {
    /// Place, size and opacity.
    pub mark: &'a Mark,
    /// The file.
    pub bytes: &'a [u8],
}

/// Lays a mark over the picture of a variant, or over each of an animation's. The mark's own picture is drawn once.
pub(crate) struct Marking<'a> {
    file: Option<MarkFile<'a>>,
    settings: &'a Settings,
    stamp: Option<Stamp>,
}

impl<'a> Marking<'a> {
    /// The marking of a variant, with the file if the variant has a mark.
    pub(crate) fn new(
        variant: &Variant,
        file: Option<MarkFile<'a>>,
        settings: &'a Settings,
    ) -> Result<Self, Error> {
        if variant.mark().is_some() && file.is_none() {
            return Err(Error::Internal("the file of the mark is missing".to_owned()));
        }
        let file = file.filter(|_| variant.mark().is_some());
        Ok(Self { file, settings, stamp: None })
    }

    /// The picture with the mark. All pictures must have one size.
    pub(crate) fn lay(&mut self, picture: Picture, watch: &mut Stopwatch) -> Result<Picture, Error> {
        let Some(file) = self.file else { return Ok(picture) };
        let pixels = picture.into_pixels()?;
        if self.stamp.is_none() {
            self.stamp = drawn(file, pixels.size, self.settings, watch)?;
        }
        Ok(Picture::Pixels(match &self.stamp {
            Some(mark) => stamp(pixels, mark),
            None => pixels,
        }))
    }
}

/// The mark for a canvas. `None` if the canvas has no room for it beside its margins.
fn drawn(
    file: MarkFile<'_>,
    canvas: Size,
    settings: &Settings,
    watch: &mut Stopwatch,
) -> Result<Option<Stamp>, Error> {
    let limits = Limits { source_pixels: MAX_PIXELS, ..settings.limits };
    let source = Source::open(file.bytes, &limits).map_err(|_| Error::Mark)?;
    // Other decoders can't be interrupted, and this process has no limits of memory and time.
    if !matches!(source.info().format, SourceFormat::Png | SourceFormat::Jpeg(_)) {
        return Err(Error::Mark);
    }
    let Some(place) = Place::new(file.mark, source.info().upright_size(), canvas) else { return Ok(None) };
    let (width, height) = (Side::clamped(place.size.width()), Side::clamped(place.size.height()));
    let variant = Variant::new(FormatChoice::Fixed(Format::Png)).with_size(width, height, Fit::Scale);
    let plan = Plan::new(&source, &variant, settings)?;
    let decoded = decode(&source, &plan.decode, watch).map_err(|_| Error::Mark)?;
    let picture = transform(decoded, source.info().profile_of_pixels(), &plan.frame, &plan.finish)?;
    let pixels: Pixels = picture.into_pixels()?.to_rgba();
    Ok(Some(Stamp { pixels, left: place.left, top: place.top, opacity: file.mark.opacity }))
}

/// The place of a mark on a canvas, in pixels.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    left: u32,
    top: u32,
    size: Size,
}

impl Place {
    fn new(mark: &Mark, own: Size, canvas: Size) -> Option<Self> {
        let share = |length: u32, thousandths: u16| f64::from(length) * f64::from(thousandths) / 1000.0;
        let margin = share(canvas.width().min(canvas.height()), mark.margin).round() as u32;
        let room = |side: u32| side.checked_sub(2 * margin).filter(|room| *room > 0);
        let (across, down) = (room(canvas.width())?, room(canvas.height())?);
        let width = share(canvas.width(), mark.width).min(f64::from(across));
        let (own_width, own_height) = (f64::from(own.width()), f64::from(own.height()));
        let scale = (width / own_width).min(f64::from(down) / own_height);
        let size = Size::rounded(own_width * scale, own_height * scale);
        let (free_across, free_down) =
            (across.saturating_sub(size.width()), down.saturating_sub(size.height()));
        let (x, y) = parts(mark.place);
        Some(Self { left: margin + free_across * x / 2, top: margin + free_down * y / 2, size })
    }
}

/// The part of the free room that lies before the mark, in halves, across and down.
const fn parts(place: Gravity) -> (u32, u32) {
    match place {
        Gravity::Center => (1, 1),
        Gravity::Top => (1, 0),
        Gravity::Bottom => (1, 2),
        Gravity::Left => (0, 1),
        Gravity::Right => (2, 1),
        Gravity::TopLeft => (0, 0),
        Gravity::TopRight => (2, 0),
        Gravity::BottomLeft => (0, 2),
        Gravity::BottomRight => (2, 2),
    }
}

#[cfg(test)]
mod tests;
