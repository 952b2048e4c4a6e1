//! The part of the grammar that the policy opens to unsigned requests.

use crate::error::RequestError;
use crate::policy::{Rules, UnsignedAccess};
use crate::query::size::RequestedSize;
use crate::query::variant::RequestedVariant;
use crate::sentences;
use crate::variant::{CropAnchor, Fit, QualityChoice, Side, Variant};

/// Applies the policy to an unsigned request: sizes and quality are rounded to the policy's steps.
///
/// # Errors
/// The variant uses a parameter, or has a shape, that the policy opens to signed requests only. The error names the
/// first parameter in canonical order.
pub(crate) fn apply_policy(requested: RequestedVariant, rules: &Rules) -> Result<Variant, RequestError> {
    let requirements = requirements(&requested);
    let RequestedVariant { variant, size, .. } = requested;
    if rules.unsigned == UnsignedAccess::Open {
        return Ok(variant);
    }
    for Requirement { parameter, is_used, level } in requirements {
        if is_used && level.is_none_or(|level| level > rules.unsigned) {
            return Err(RequestError::needs_signature(Some(parameter), sentences::UNSIGNED.about(parameter)));
        }
    }
    let (width, height) = match variant.fit() {
        Fit::Crop(_) => cropped(&size, rules)?,
        // Unsigned requests may use only `fit=crop`.
        Fit::Max | Fit::Clip | Fit::Fill | Fit::FillMax | Fit::Scale => {
            let on_ladder = |side: Option<Side>| side.map(|side| rules.rung(side));
            (on_ladder(variant.width()), on_ladder(variant.height()))
        }
    };
    let quality = variant.quality().and_then(|choice| match choice {
        QualityChoice::Fixed(quality) => {
            rules.quality_step(quality, variant.format()).map(QualityChoice::Fixed)
        }
        QualityChoice::Auto => Some(QualityChoice::Auto),
    });
    let fit = variant.fit();
    Ok(variant.with_size(width, height, fit).with_quality(quality))
}

/// The sides of a crop: a shape of the policy, with a width of the ladder.
fn cropped(size: &RequestedSize, rules: &Rules) -> Result<(Option<Side>, Option<Side>), RequestError> {
    let shape = size.shape(&rules.shapes).ok_or_else(|| {
        let parameter = size.source_of_height();
        RequestError::needs_signature(Some(parameter), sentences::shape(&rules.shapes, parameter))
    })?;
    let (width, height) = size.width_in(shape).map(|width| rules.shaped(width, shape)).unzip();
    Ok((width, height))
}

/// A parameter and the access that it needs.
struct Requirement {
    parameter: &'static str,
    /// `true` if the variant uses the parameter.
    is_used: bool,
    /// The lowest level that opens the parameter to unsigned requests. `None` if no level below
    /// [`UnsignedAccess::Open`] does.
    level: Option<UnsignedAccess>,
}

/// The requirements of a variant, in canonical order of the parameters.
fn requirements(requested: &RequestedVariant) -> [Requirement; 21] {
    let RequestedVariant { variant, size, source_of_turn } = requested;
    let crop = match variant.fit() {
        Fit::Crop(crop) => Some(crop),
        Fit::Max | Fit::Clip | Fit::Fill | Fit::FillMax | Fit::Scale => None,
    };
    let (is_smart, has_focal_point) = match crop.map(|crop| crop.anchor) {
        None | Some(CropAnchor::Gravity(_)) => (false, false),
        Some(CropAnchor::FocalPoint(_)) => (false, true),
        // A crop by content decodes the picture twice.
        Some(CropAnchor::Entropy | CropAnchor::Attention | CropAnchor::Faces) => (true, false),
    };
    let is_auto = variant.quality() == Some(QualityChoice::Auto);
    let (widths, sizes) = (Some(UnsignedAccess::Widths), Some(UnsignedAccess::Sizes));
    let row = |parameter, is_used, level| Requirement { parameter, is_used, level };
    [
        row(size.source_of_width(), variant.width().is_some(), widths),
        row(size.source_of_height(), variant.height().is_some(), sizes),
        row("fit", variant.fit() != Fit::Max, crop.and(sizes)),
        row("enlarge", crop.is_some_and(|crop| crop.may_enlarge), None),
        row("crop", crop.is_some() && !has_focal_point, sizes.filter(|_| !is_smart)),
        row("fp-x", has_focal_point, None),
        row("rect", variant.cutout().is_some(), None),
        row(source_of_turn, variant.turn().quarters() != 0, None),
        row("flip", variant.turn().is_mirrored(), None),
        row("trim", variant.trim().is_some(), None),
        row("light", variant.is_linear(), None),
        row("blur", variant.blur() != 0, None),
        row("sharp", variant.sharpness() != 0, None),
        row("mark", variant.mark().is_some(), None),
        row("bg", variant.background().is_some(), None),
        row("q", variant.quality().is_some(), widths.filter(|_| !is_auto)),
        row("lossless", variant.is_lossless(), None),
        row("frame", variant.frame().is_some(), None),
        row("t", variant.moment() != 0, widths),
        row("explain", variant.is_explained(), None),
        row("fm", true, widths),
    ]
}
