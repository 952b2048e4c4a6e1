//! What of a variant depends on the picture: settled before anything is planned, so that the plan is arithmetic.

pub mod smart_crop;
pub mod trim;

use contract::format::{Format, FormatChoice};
use contract::variant::{Crop, CropAnchor, Cutout, Fit, Side, Trim, Variant};

use crate::error::Error;
use crate::pipeline::picture;
use crate::pixels::rect::Rect;
use crate::pixels::{Pixels, Size};
use crate::plan::Plan;
use crate::plan::cost::admit_memory;
use crate::settings::Settings;
use crate::source::info::SourceInfo;
use crate::stopwatch::Stopwatch;
use trim::Inner;

/// The longest side of the picture that is looked at to find what a crop keeps, in pixels: a crop is placed to a
/// 256th of a side.
const LOOK_SIDE: u32 = 256;

/// The variant with a cutout that lies inside the source, a border found and cut off, and a focal point for what
/// is kept by its content. Each of the latter two decodes the source once more. Fails where the cutout lies
/// outside.
pub fn settle(
    bytes: &[u8],
    source: &SourceInfo,
    variant: &Variant,
    settings: &Settings,
    watch: &mut Stopwatch,
) -> Result<Variant, Error> {
    let variant = clamp_cutout(variant, source.upright_size())?;
    let variant = trim_border(bytes, source, variant, settings, watch)?;
    keep_content(bytes, source, variant, settings, watch)
}

fn clamp_cutout(variant: &Variant, size: Size) -> Result<Variant, Error> {
    let Some(cutout) = variant.cutout() else { return Ok(variant.clone()) };
    let (width, height) = (size.width(), size.height());
    let inside = Rect::inside(cutout, size).ok_or(Error::NothingLeft { width, height })?;
    Ok(variant.clone().with_cutout(cutout_of(inside).filter(|_| inside != Rect::whole(size))))
}

fn trim_border(
    bytes: &[u8],
    source: &SourceInfo,
    variant: Variant,
    settings: &Settings,
    watch: &mut Stopwatch,
) -> Result<Variant, Error> {
    let Some(color) = variant.trim() else { return Ok(variant) };
    let whole = plain(&variant).with_cutout(variant.cutout());
    let seen = look(bytes, source, &whole, settings, watch)?;
    let region = region(&variant, source);
    let trimmed = trimmed(&seen, color, region).filter(|rect| *rect != Rect::whole(source.upright_size()));
    let cutout = trimmed.and_then(cutout_of).or(variant.cutout());
    Ok(variant.with_cutout(cutout).with_trim(None))
}

/// What a border leaves of the region that is seen; none where it leaves all or nothing.
fn trimmed(seen: &Pixels, color: Trim, region: Rect) -> Option<Rect> {
    let Inner { left, top, right, bottom } = trim::inner(seen, color)?;
    // Above the longest side the picture is seen smaller than it is; outwards then.
    let across = region.width / f64::from(seen.size.width());
    let down = region.height / f64::from(seen.size.height());
    let (left, top) = ((f64::from(left) * across).floor(), (f64::from(top) * down).floor());
    let right = (f64::from(right) * across).ceil().min(region.width);
    let bottom = (f64::from(bottom) * down).ceil().min(region.height);
    Some(Rect { left: region.left + left, top: region.top + top, width: right - left, height: bottom - top })
}

fn keep_content(
    bytes: &[u8],
    source: &SourceInfo,
    variant: Variant,
    settings: &Settings,
    watch: &mut Stopwatch,
) -> Result<Variant, Error> {
    let (Fit::Crop(crop), Some(width), Some(height)) = (variant.fit(), variant.width(), variant.height())
    else {
        return Ok(variant);
    };
    match crop.anchor {
        CropAnchor::Gravity(_) | CropAnchor::FocalPoint(_) => return Ok(variant),
        CropAnchor::Entropy | CropAnchor::Attention => {}
    }
    let side = Side::clamped(LOOK_SIDE);
    let small = plain(&variant).with_cutout(variant.cutout()).with_turn(variant.turn()).with_size(
        side,
        side,
        Fit::Max,
    );
    let seen = look(bytes, source, &small, settings, watch)?;
    let focus = smart_crop::focus(&seen, crop.anchor, f64::from(width.pixels()), f64::from(height.pixels()))?;
    let fit = Fit::Crop(Crop { anchor: CropAnchor::FocalPoint(focus), ..crop });
    Ok(variant.with_size(Some(width), Some(height), fit))
}

/// The pixels of a variant, upright and in sRGB.
fn look(
    bytes: &[u8],
    source: &SourceInfo,
    variant: &Variant,
    settings: &Settings,
    watch: &mut Stopwatch,
) -> Result<Pixels, Error> {
    let plan = Plan::new(source, variant, settings);
    admit_memory(&settings.limits, plan.peak_bytes(bytes.len() as u64))?;
    picture(bytes, source, &plan, watch)
}

/// A variant that nothing was asked of but the frame; its format is never encoded.
fn plain(variant: &Variant) -> Variant {
    Variant::new(FormatChoice::Fixed(Format::Png)).with_frame(variant.frame())
}

fn region(variant: &Variant, source: &SourceInfo) -> Rect {
    let size = source.upright_size();
    variant.cutout().and_then(|cutout| Rect::inside(cutout, size)).unwrap_or(Rect::whole(size))
}

/// A part in whole pixels.
fn cutout_of(rect: Rect) -> Option<Cutout> {
    Cutout::new(rect.left as u32, rect.top as u32, rect.width as u32, rect.height as u32)
}
