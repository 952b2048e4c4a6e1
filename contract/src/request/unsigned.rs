//! The part of the grammar that the policy opens to unsigned requests.

use crate::error::RequestError;
use crate::policy::{Rules, UnsignedAccess};
use crate::sentences;
use crate::variant::{CropAnchor, Fit, QualityChoice, Side, Variant};

/// Applies the policy to the variant of an unsigned request: sizes and quality are rounded to the policy's steps.
///
/// # Errors
/// The variant uses a parameter that the policy opens to signed requests only. The error names the first in canonical
/// order.
pub(crate) fn apply_policy(variant: Variant, rules: &Rules) -> Result<Variant, RequestError> {
    if rules.unsigned == UnsignedAccess::Open {
        return Ok(variant);
    }
    for Requirement { parameter, is_used, level } in requirements(&variant, rules) {
        if is_used && level.is_none_or(|level| level > rules.unsigned) {
            return Err(RequestError::needs_signature(Some(parameter), sentences::UNSIGNED.about(parameter)));
        }
    }
    let on_ladder = |side: Option<Side>| side.map(|side| rules.rung(side));
    let quality = variant.quality().map(|choice| match choice {
        QualityChoice::Fixed(quality) => QualityChoice::Fixed(rules.quality_step(quality)),
        QualityChoice::Auto => QualityChoice::Auto,
    });
    let (width, height, fit) = (on_ladder(variant.width()), on_ladder(variant.height()), variant.fit());
    Ok(variant.with_size(width, height, fit).with_quality(quality))
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
fn requirements(variant: &Variant, rules: &Rules) -> [Requirement; 18] {
    let crop = match variant.fit() {
        Fit::Crop(crop) => Some(crop),
        Fit::Max | Fit::Clip | Fit::Fill | Fit::FillMax | Fit::Scale => None,
    };
    let (is_smart, has_focal_point) = match crop.map(|crop| crop.anchor) {
        None | Some(CropAnchor::Gravity(_)) => (false, false),
        Some(CropAnchor::FocalPoint(_)) => (false, true),
        // Both decode the picture twice.
        Some(CropAnchor::Entropy | CropAnchor::Attention) => (true, false),
    };
    let is_listed = variant.background().is_some_and(|color| rules.backgrounds.contains(&color));
    let (widths, sizes) = (Some(UnsignedAccess::Widths), Some(UnsignedAccess::Sizes));
    let row = |parameter, is_used, level| Requirement { parameter, is_used, level };
    [
        row("w", variant.width().is_some(), widths),
        row("h", variant.height().is_some(), sizes),
        row("fit", variant.fit() != Fit::Max, crop.and(sizes)),
        row("enlarge", crop.is_some_and(|crop| crop.may_enlarge), None),
        row("crop", crop.is_some() && !has_focal_point, sizes.filter(|_| !is_smart)),
        row("fp-x", has_focal_point, None),
        row("rect", variant.cutout().is_some(), None),
        row("rot", variant.turn().quarters() != 0, sizes),
        row("flip", variant.turn().is_mirrored(), sizes),
        row("trim", variant.trim().is_some(), None),
        row("blur", variant.blur() != 0, None),
        row("sharp", variant.sharpness() != 0, None),
        row("bg", variant.background().is_some(), sizes.filter(|_| is_listed)),
        row("q", variant.quality().is_some(), widths),
        row("lossless", variant.is_lossless(), None),
        row("frame", variant.frame().is_some(), None),
        row("explain", variant.is_explained(), None),
        row("fm", true, widths),
    ]
}
