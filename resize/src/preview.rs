//! Decisions that depend on pixels: a border to trim, and a crop by content. They are made on a preview before the variant
//! is planned, so that the plan is arithmetic.

pub(crate) mod decode;
pub mod smart_crop;
pub mod trim;

use contract::format::{Format, FormatChoice};
use contract::variant::{Crop, CropAnchor, Fit, Side, Variant};

use crate::error::Error;
use crate::pixels::rect::Rect;
use crate::plan::Plan;
use crate::plan::geometry::region;
use crate::settings::Settings;
use crate::source::Source;
use crate::stopwatch::Stopwatch;
use decode::decode_preview;

/// Longest side of the preview on which a crop by content is placed, in pixels. The crop is accurate to a 256th of a side.
const CROP_PREVIEW_SIDE: u32 = 256;

/// Replaces a border to trim by a cutout, and a crop by content by a focal point. Each of the two decodes a preview.
///
/// # Errors
/// The source lacks the requested frame, the requested cutout lies outside the picture, or the preview cannot be decoded
/// within the limits.
pub fn resolve(
    source: &Source<'_>,
    variant: &Variant,
    settings: &Settings,
    watch: &mut Stopwatch,
) -> Result<Variant, Error> {
    let variant = resolve_trim(source, variant.clone(), settings, watch)?;
    resolve_crop(source, variant, settings, watch)
}

fn resolve_trim(
    source: &Source<'_>,
    variant: Variant,
    settings: &Settings,
    watch: &mut Stopwatch,
) -> Result<Variant, Error> {
    let Some(color) = variant.trim() else { return Ok(variant) };
    let plan = Plan::new(source, &plain(&variant), settings)?;
    let preview = decode_preview(source, &plan, watch)?;
    let picture = source.info().upright_size();
    let region = region(variant.cutout(), picture, picture);
    let trimmed = trim::trimmed(&preview, color, region).filter(|rect| *rect != Rect::whole(picture));
    let cutout = trimmed.and_then(Rect::to_cutout).or(variant.cutout());
    Ok(variant.with_cutout(cutout).with_trim(None))
}

fn resolve_crop(
    source: &Source<'_>,
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
    let side = Side::clamped(CROP_PREVIEW_SIDE);
    let small = plain(&variant).with_turn(variant.turn()).with_size(side, side, Fit::Max);
    let plan = Plan::new(source, &small, settings)?;
    let preview = decode_preview(source, &plan, watch)?;
    let (ratio_width, ratio_height) = (f64::from(width.pixels()), f64::from(height.pixels()));
    let focal_point = smart_crop::focal_point(&preview, crop.anchor, ratio_width, ratio_height)?;
    let fit = Fit::Crop(Crop { anchor: CropAnchor::FocalPoint(focal_point), ..crop });
    Ok(variant.with_size(Some(width), Some(height), fit))
}

/// A variant with only the frame and the cutout of the given one. The preview is never encoded; PNG is chosen because
/// it is planned in pixels.
fn plain(variant: &Variant) -> Variant {
    Variant::new(FormatChoice::Fixed(Format::Png)).with_frame(variant.frame()).with_cutout(variant.cutout())
}
