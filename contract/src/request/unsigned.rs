//! What a level of the policy lets unsigned requests ask for.

use super::needs_signature;
use crate::error::RequestError;
use crate::policy::{Rules, UnsignedAccess};
use crate::sentences;
use crate::variant::{CropAnchor, Fit, QualityChoice, Side, Variant};

/// The variant on the policy's ladder, if its level lets unsigned requests ask for such.
pub(crate) fn allowed(variant: Variant, rules: &Rules) -> Result<Variant, RequestError> {
    if rules.unsigned == UnsignedAccess::Open {
        return Ok(variant);
    }
    for (name, is_asked, needed) in demands(&variant, rules) {
        if is_asked && needed.is_none_or(|needed| needed > rules.unsigned) {
            return Err(needs_signature(Some(name), sentences::UNSIGNED.about(name)));
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

/// Each parameter in canonical order, whether the variant makes use of it, and the least level that may.
fn demands(variant: &Variant, rules: &Rules) -> [(&'static str, bool, Option<UnsignedAccess>); 18] {
    let crop = match variant.fit() {
        Fit::Crop(crop) => Some(crop),
        Fit::Max | Fit::Clip | Fit::Fill | Fit::FillMax | Fit::Scale => None,
    };
    let (is_smart, is_focused) = match crop.map(|crop| crop.anchor) {
        None | Some(CropAnchor::Gravity(_)) => (false, false),
        Some(CropAnchor::FocalPoint(_)) => (false, true),
        // Both decode the picture twice.
        Some(CropAnchor::Entropy | CropAnchor::Attention) => (true, false),
    };
    let is_listed = variant.background().is_some_and(|color| rules.backgrounds.contains(&color));
    let (widths, sizes) = (Some(UnsignedAccess::Widths), Some(UnsignedAccess::Sizes));
    [
        ("w", variant.width().is_some(), widths),
        ("h", variant.height().is_some(), sizes),
        ("fit", variant.fit() != Fit::Max, crop.and(sizes)),
        ("enlarge", crop.is_some_and(|crop| crop.may_enlarge), None),
        ("crop", crop.is_some() && !is_focused, sizes.filter(|_| !is_smart)),
        ("fp-x", is_focused, None),
        ("rect", variant.cutout().is_some(), None),
        ("rot", variant.turn().quarters() != 0, sizes),
        ("flip", variant.turn().is_mirrored(), sizes),
        ("trim", variant.trim().is_some(), None),
        ("blur", variant.blur() != 0, None),
        ("sharp", variant.sharpness() != 0, None),
        ("bg", variant.background().is_some(), sizes.filter(|_| is_listed)),
        ("q", variant.quality().is_some(), widths),
        ("lossless", variant.is_lossless(), None),
        ("frame", variant.frame().is_some(), None),
        ("explain", variant.is_explained(), None),
        ("fm", true, widths),
    ]
}
