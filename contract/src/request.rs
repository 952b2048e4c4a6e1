//! A viewer's request, read: path, query and `Accept` in, a [`Route`] or a [`RequestError`] out.
//!
//! The CDN's edge function (`cdn-config/viewer_request.js`) is the same grammar in JavaScript. Both are held
//! to one table of cases and, by a property test, to each other over random input.

use std::borrow::Cow;

use crate::color::Color;
use crate::error::{Reason, RequestError};
use crate::format::{AcceptClass, FormatChoice};
use crate::key::{Area, Key, KeyError};
use crate::policy::{Rules, UnknownParameters};
use crate::preset::Preset;
use crate::sentences;
use crate::variant::{
    Crop, CropAnchor, Fit, FocalPoint, FrameNumber, Gravity, MAX_SIDE, Side, Trim, Turn, Variant,
    looks_canonical,
};

pub(crate) mod given;
mod signed;
mod unsigned;
mod values;

use given::Given;
pub use signed::{LinkError, Verifier, key_in, sign};
pub(crate) use unsigned::allowed as allowed_unsigned;
use values::{CropName, FitName};

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The object as it was uploaded.
    Original(Key),
    /// A picture made of it.
    Variant(Key, Variant),
}

impl Route {
    /// The canonical path: the cache's key and what the origin is asked for.
    pub fn canonical_path(&self) -> String {
        match self {
            Self::Original(key) => key.to_path(),
            Self::Variant(key, variant) => format!("{}/{variant}", key.to_path()),
        }
    }
}

/// A canonical path read back, as an origin sees it: the key and the variant.
pub fn from_canonical_path(path: &str) -> Option<(Key, Variant)> {
    let (key, variant) = path.rsplit_once('/')?;
    Some((Key::from_path(key).ok()?, variant.parse().ok()?))
}

/// What a request may give beside a preset and get the preset as it stands, whatever the level.
const WITH_PRESET: [&str; 5] = ["preset", "fm", "auto", "v", "dl"];

/// What may be given where the original is meant.
const WITH_ORIGINAL: [&str; 5] = ["original", "v", "dl", "expires", "s"];

/// Where a request goes, or why it is refused. `path` and `query` as in the request line, still escaped,
/// `query` without its question mark; `accept` is the header's value, empty where there is none.
///
/// A signed request gets what it asks for; any other what the policy lets unsigned requests ask for.
pub fn route(
    path: &str,
    query: &str,
    accept: &str,
    rules: &Rules,
    verifier: Verifier<'_>,
) -> Result<Route, RequestError> {
    let key = key_of(path)?;
    let given = Given::read(query, rules.unknown)?;
    let is_preset = given.text("preset").is_some() && given.is_only(&WITH_PRESET);
    let given = with_preset(given, rules)?;
    let asked = variant_of(&given, accept)?;
    if signed::is_signed(&given) {
        verifier.verify(&key, &given)?;
        return Ok(match asked {
            None => Route::Original(key),
            Some(variant) => Route::Variant(key, variant),
        });
    }
    if key.area() == Area::Private {
        return Err(needs_signature(None, sentences::PRIVATE.about("")));
    }
    // Versions are of the caller's own making: unsigned they would be variants without number.
    match asked.map(|variant| variant.with_version(None)) {
        None => Ok(Route::Original(key)),
        Some(variant) if is_preset => Ok(Route::Variant(key, variant)),
        Some(variant) => Ok(Route::Variant(key, allowed_unsigned(variant, rules)?)),
    }
}

/// The name that a request wants the file saved under, decoded, empty for the file's own; none where it is to be shown.
/// Of a request that [`route`] has let pass.
pub fn saved_as(query: &str) -> Option<String> {
    Given::read(query, UnknownParameters::Ignore).ok()?.text("dl").map(str::to_owned)
}

/// The pairs of a query as they stand, still escaped; a name without `=` has an empty value.
pub fn query_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn key_of(path: &str) -> Result<Key, RequestError> {
    let key = Key::from_path(path).map_err(|error| {
        let reason = match error {
            KeyError::Area => Reason::NotFound,
            KeyError::Segment | KeyError::Length | KeyError::Encoding => Reason::BadRequest,
        };
        RequestError { reason, parameter: None, detail: error.to_string() }
    })?;
    if looks_canonical(key.file_name()) {
        let detail = sentences::CANONICAL.about("");
        return Err(RequestError { reason: Reason::NotFound, parameter: None, detail });
    }
    Ok(key)
}

/// With what a preset sets, unless it is given too.
fn with_preset(given: Given, rules: &Rules) -> Result<Given, RequestError> {
    let Some(name) = given.text("preset") else { return Ok(given) };
    let preset: &Preset = rules.presets.get(name).ok_or_else(|| bad_value("preset"))?;
    let preset = Given::of(preset);
    Ok(given.or(preset))
}

/// The variant asked for, before any rule of the policy; none where the original is meant.
pub(crate) fn variant_of(given: &Given, accept: &str) -> Result<Option<Variant>, RequestError> {
    let max_side = u32::from(MAX_SIDE);
    let width = given.value("w", |text| values::whole(text, 1, max_side))?;
    let height = given.value("h", |text| values::whole(text, 1, max_side))?;
    let dpr_tenths = given.value("dpr", values::tenths)?.unwrap_or(10);
    let fit = given.value("fit", FitName::read)?.unwrap_or(FitName::Max);
    let may_enlarge = given.value("enlarge", |text| (text == "1").then_some(()))?.is_some();
    let crop = given.value("crop", CropName::read)?;
    let focus_x = given.value("fp-x", values::thousandths)?;
    let focus_y = given.value("fp-y", values::thousandths)?;
    let ratio = given.value("ar", values::ratio)?;
    let cutout = given.value("rect", values::cutout)?;
    let quarters = given.value("rot", values::quarter_turns)?.unwrap_or(0);
    let (is_mirrored, is_flipped) = given.value("flip", values::flips)?.unwrap_or_default();
    let trim = given.value("trim", trim)?;
    let blur = given.value("blur", |text| values::whole(text, 0, Variant::MAX_BLUR.into()))?.unwrap_or(0);
    let sharpness =
        given.value("sharp", |text| values::whole(text, 0, Variant::MAX_SHARPNESS.into()))?.unwrap_or(0);
    let background = given.value("bg", Color::parse)?;
    let quality = given.value("q", values::quality)?;
    let is_lossless = given.value("lossless", |text| (text == "1").then_some(()))?.is_some();
    let frame = given.value("frame", |text| values::whole(text, 1, FrameNumber::MAX.get()))?;
    let is_explained = given.value("explain", |text| (text == "1").then_some(()))?.is_some();
    let format = given.value("fm", values::format)?.flatten();
    given.value("auto", values::auto)?;
    let version = given.value("v", values::version)?.flatten();
    given.value("dl", values::file_name)?;
    given.value("expires", values::expires)?;

    if given.is_only(&WITH_ORIGINAL) {
        return Ok(None);
    }
    if given.text("original").is_some() {
        return Err(bad_value("original"));
    }
    let anchor = crop_anchor(crop, focus_x, focus_y)?;
    let side = |css_pixels: Option<u32>| css_pixels.and_then(|n| Side::clamped((n * dpr_tenths + 5) / 10));
    let (width, height) = (side(width), side(height));
    let (width, height) = match (ratio, fit, width, height) {
        (None, ..) => (width, height),
        (Some((across, down)), FitName::Crop | FitName::Min, Some(width), None) => {
            (Some(width), Some(width.times(down, across)))
        }
        (Some((across, down)), FitName::Crop | FitName::Min, None, Some(height)) => {
            (Some(height.times(across, down)), Some(height))
        }
        (Some(_), ..) => return Err(bad_value("ar")),
    };
    let choice = format.unwrap_or_else(|| FormatChoice::Auto(AcceptClass::of(accept)));
    let variant = Variant::new(choice)
        .with_size(width, height, fit_of(fit, anchor, may_enlarge))
        .with_cutout(cutout)
        .with_turn(Turn::new(quarters, is_mirrored, is_flipped))
        .with_trim(trim)
        .with_blur(blur)
        .with_sharpening(sharpness)
        .with_background(background)
        .with_quality(quality)
        .with_frame(frame.and_then(FrameNumber::clamped))
        .with_explanation(is_explained)
        .with_version(version);
    Ok(Some(if is_lossless { variant.with_lossless() } else { variant }))
}

/// A focal point goes with no other value of `crop`.
fn crop_anchor(crop: Option<CropName>, x: Option<u16>, y: Option<u16>) -> Result<CropAnchor, RequestError> {
    let focus = CropAnchor::FocalPoint(FocalPoint::new(x.unwrap_or(500), y.unwrap_or(500)));
    let is_focused = x.is_some() || y.is_some();
    match crop {
        Some(CropName::FocalPoint) => Ok(focus),
        None if is_focused => Ok(focus),
        Some(_) if is_focused => Err(bad_value("crop")),
        Some(CropName::Gravity(gravity)) => Ok(CropAnchor::Gravity(gravity)),
        Some(CropName::Entropy) => Ok(CropAnchor::Entropy),
        Some(CropName::Attention) => Ok(CropAnchor::Attention),
        None => Ok(CropAnchor::Gravity(Gravity::Center)),
    }
}

/// `enlarge` turns a fit into the same one that may enlarge; `min` stays what it says.
const fn fit_of(fit: FitName, anchor: CropAnchor, may_enlarge: bool) -> Fit {
    match (fit, may_enlarge) {
        (FitName::Max, false) => Fit::Max,
        (FitName::Max, true) | (FitName::Clip, _) => Fit::Clip,
        (FitName::Crop, may_enlarge) => Fit::Crop(Crop { anchor, may_enlarge }),
        (FitName::Min, _) => Fit::Crop(Crop { anchor, may_enlarge: false }),
        (FitName::FillMax, false) => Fit::FillMax,
        (FitName::FillMax, true) | (FitName::Fill, _) => Fit::Fill,
        (FitName::Scale, _) => Fit::Scale,
    }
}

fn trim(text: &str) -> Option<Trim> {
    if text == "auto" { Some(Trim::Auto) } else { Color::parse(text).map(Trim::Color) }
}

/// The parameter's value can't be read or isn't allowed.
pub(crate) fn bad_value(name: &'static str) -> RequestError {
    bad(name, sentences::not_allowed(name))
}

/// A link's signature doesn't hold, or no longer.
fn refused_link(reason: Reason, parameter: &'static str, sentence: sentences::Sentence) -> RequestError {
    RequestError { reason, parameter: Some(Cow::Borrowed(parameter)), detail: sentence.about("") }
}

pub(crate) fn bad(parameter: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> RequestError {
    RequestError { reason: Reason::BadRequest, parameter: Some(parameter.into()), detail: detail.into() }
}

fn needs_signature(parameter: Option<&'static str>, detail: String) -> RequestError {
    RequestError { reason: Reason::NeedsSignature, parameter: parameter.map(Cow::Borrowed), detail }
}
