//! Decisions that depend on pixels: a border to trim, and a crop by content. They are made on a preview before the variant
//! is planned, so that the plan is arithmetic.

pub(crate) mod decode;
pub mod smart_crop;
pub mod trim;

use std::time::Duration;

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

/// The time of looking for faces on a preview, on the machine of docs/benchmarks.md.
const LOOKING_FOR_FACES: Duration = Duration::from_millis(10);

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
    let settings = settings.of_previews();
    let variant = resolve_trim(source, variant.clone(), &settings, watch)?;
    resolve_crop(source, variant, &settings, watch)
}

/// The plans of the previews that [`resolve`] decodes, as far as they are known before a border is trimmed.
///
/// # Errors
/// Those of [`Plan::new`].
pub(crate) fn plans(source: &Source<'_>, variant: &Variant, settings: &Settings) -> Result<Vec<Plan>, Error> {
    let plans = [trim_plan(source, variant, settings)?, crop_plan(source, variant, settings)?];
    Ok(plans.into_iter().flatten().collect())
}

/// The time of looking at the previews, where it counts beside that of decoding them.
pub(crate) fn looking_time(variant: &Variant) -> Duration {
    let is_of_faces = matches!(variant.fit(), Fit::Crop(Crop { anchor: CropAnchor::Faces, .. }));
    if is_of_faces { LOOKING_FOR_FACES } else { Duration::ZERO }
}

/// The plan of the preview on which a border is found. `None` if no border is trimmed.
fn trim_plan(source: &Source<'_>, variant: &Variant, settings: &Settings) -> Result<Option<Plan>, Error> {
    variant.trim().map(|_| Plan::new(source, &plain(variant), settings)).transpose()
}

/// The plan of the preview on which a crop is placed. `None` if the crop doesn't depend on content.
fn crop_plan(source: &Source<'_>, variant: &Variant, settings: &Settings) -> Result<Option<Plan>, Error> {
    let (Fit::Crop(crop), Some(_), Some(_)) = (variant.fit(), variant.width(), variant.height()) else {
        return Ok(None);
    };
    let side = Side::clamped(match crop.anchor {
        CropAnchor::Gravity(_) | CropAnchor::FocalPoint(_) => return Ok(None),
        CropAnchor::Entropy | CropAnchor::Attention => CROP_PREVIEW_SIDE,
        CropAnchor::Faces => faces::BEST_SIDE,
    });
    let small = plain(variant).with_turn(variant.turn()).with_size(side, side, Fit::Max);
    Plan::new(source, &small, settings).map(Some)
}

fn resolve_trim(
    source: &Source<'_>,
    variant: Variant,
    settings: &Settings,
    watch: &mut Stopwatch,
) -> Result<Variant, Error> {
    let (Some(color), Some(plan)) = (variant.trim(), trim_plan(source, &variant, settings)?) else {
        return Ok(variant);
    };
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
    let Some(plan) = crop_plan(source, &variant, settings)? else { return Ok(variant) };
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
