//! The variant that a query asks for, before any rule of the policy applies.

use crate::color::Color;
use crate::error::RequestError;
use crate::format::{AcceptClass, FormatChoice};
use crate::query::QueryValues;
use crate::query::size::RequestedSize;
use crate::query::values::{self, CropValue, FitValue};
use crate::variant::{
    Crop, CropAnchor, Fit, FocalPoint, FrameNumber, Gravity, Trim, Turn, Variant, VariantMark,
};

/// Parameters that a request for the original may have.
const ORIGINAL_PARAMETERS: [&str; 5] = ["original", "v", "dl", "expires", "s"];

/// The variant that a query asks for, with the facts that the policy's rules need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestedVariant {
    /// The variant exactly as the query asks for it.
    pub(crate) variant: Variant,
    /// The size from which the variant's sides follow.
    pub(crate) size: RequestedSize,
    /// The parameter that turns the variant: a vertical flip is half a turn.
    pub(crate) source_of_turn: &'static str,
}

/// The variant that the values ask for. `None` if they ask for the original. `accept` is the header's value, empty if
/// the request has none.
///
/// # Errors
/// A value isn't allowed, by itself or in this combination. Values are checked in the order of the table of parameters.
pub(crate) fn requested_variant(
    values: &QueryValues,
    accept: &str,
) -> Result<Option<RequestedVariant>, RequestError> {
    let size = RequestedSize::parse(values)?;
    let fit = values.value("fit", FitValue::parse)?.unwrap_or(FitValue::Max);
    let may_enlarge = values.value("enlarge", values::one)?.is_some();
    let crop = values.value("crop", CropValue::parse)?;
    let focus_x = values.value("fp-x", values::thousandths)?;
    let focus_y = values.value("fp-y", values::thousandths)?;
    let ratio = values.value("ar", values::ratio)?;
    let cutout = values.value("rect", values::cutout)?;
    let quarters = values.value("rot", values::quarter_turns)?.unwrap_or(0);
    let (is_mirrored, is_flipped) = values.value("flip", values::flips)?.unwrap_or_default();
    let trim = values.value("trim", trim)?;
    let is_linear = values.value("light", values::linear)?.is_some();
    let blur =
        values.value("blur", |text| values::number(text, 0, 0, Variant::MAX_BLUR.into()))?.unwrap_or(0);
    let sharpness =
        values.value("sharp", |text| values::number(text, 0, 0, Variant::MAX_SHARPNESS.into()))?.unwrap_or(0);
    let mark = values.value("mark", VariantMark::parse)?;
    let background = values.value("bg", Color::parse)?;
    let quality = values.value("q", values::quality)?;
    let is_lossless = values.value("lossless", values::one)?.is_some();
    let frame = values.value("frame", |text| values::number(text, 0, 1, FrameNumber::MAX.get()))?;
    let moment =
        values.value("t", |text| values::number(text, 0, 0, Variant::MAX_MOMENT_SECONDS))?.unwrap_or(0);
    let is_explained = values.value("explain", values::one)?.is_some();
    let version = values.value("v", values::version)?.flatten();
    let format = values.value("fm", values::format)?.flatten();
    values.value("auto", values::auto)?;
    values.value("dl", values::file_name)?;
    values.value("expires", values::expires)?;

    if values.has_only(&ORIGINAL_PARAMETERS) {
        return Ok(None);
    }
    if values.text("original").is_some() {
        return Err(RequestError::invalid_value("original"));
    }
    let anchor = crop_anchor(crop, focus_x, focus_y)?;
    if ratio.is_some() && !(matches!(fit, FitValue::Crop | FitValue::Min) && size.has_one_side()) {
        return Err(RequestError::invalid_value("ar"));
    }
    let size = size.with_ratio(ratio);
    let (width, height) = size.sides(!matches!(fit, FitValue::Max | FitValue::Clip));
    let choice = format.unwrap_or_else(|| FormatChoice::Auto(AcceptClass::of(accept)));
    let variant = Variant::new(choice)
        .with_size(width, height, fit_of(fit, anchor, may_enlarge))
        .with_cutout(cutout)
        .with_turn(Turn::new(quarters, is_mirrored, is_flipped))
        .with_trim(trim)
        .with_linear_light(is_linear)
        .with_blur(blur)
        .with_sharpening(sharpness)
        .with_mark(mark)
        .with_background(background)
        .with_quality(quality)
        .with_frame(frame.and_then(FrameNumber::clamped))
        .with_moment(moment)
        .with_explanation(is_explained)
        .with_version(version);
    let variant = if is_lossless { variant.with_lossless() } else { variant };
    let source_of_turn = if values.text("rot").is_some() { "rot" } else { "flip" };
    Ok(Some(RequestedVariant { variant, size, source_of_turn }))
}

/// The anchor of a crop. A focal point excludes every value of `crop` but `focalpoint`.
fn crop_anchor(crop: Option<CropValue>, x: Option<u16>, y: Option<u16>) -> Result<CropAnchor, RequestError> {
    let focal_point = CropAnchor::FocalPoint(FocalPoint::new(x.unwrap_or(500), y.unwrap_or(500)));
    let has_focal_point = x.is_some() || y.is_some();
    match crop {
        Some(CropValue::FocalPoint) => Ok(focal_point),
        None if has_focal_point => Ok(focal_point),
        Some(_) if has_focal_point => Err(RequestError::invalid_value("crop")),
        Some(CropValue::Gravity(gravity)) => Ok(CropAnchor::Gravity(gravity)),
        Some(CropValue::Entropy) => Ok(CropAnchor::Entropy),
        Some(CropValue::Attention) => Ok(CropAnchor::Attention),
        Some(CropValue::Faces) => Ok(CropAnchor::Faces),
        None => Ok(CropAnchor::Gravity(Gravity::Center)),
    }
}

/// The fit of a variant. `enlarge` turns a fit into the same fit that may enlarge, except `min`, which never enlarges.
const fn fit_of(fit: FitValue, anchor: CropAnchor, may_enlarge: bool) -> Fit {
    match (fit, may_enlarge) {
        (FitValue::Max, false) => Fit::Max,
        (FitValue::Max, true) | (FitValue::Clip, _) => Fit::Clip,
        (FitValue::Crop, may_enlarge) => Fit::Crop(Crop { anchor, may_enlarge }),
        (FitValue::Min, _) => Fit::Crop(Crop { anchor, may_enlarge: false }),
        (FitValue::FillMax, false) => Fit::FillMax,
        (FitValue::FillMax, true) | (FitValue::Fill, _) => Fit::Fill,
        (FitValue::Scale, _) => Fit::Scale,
    }
}

fn trim(text: &str) -> Option<Trim> {
    if text == "auto" { Some(Trim::Auto) } else { Color::parse(text).map(Trim::Color) }
}
