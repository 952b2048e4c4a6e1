//! A viewer's request, read: path, query and `Accept` in, a [`Route`] or a [`Refusal`] out.
//!
//! The CDN's edge function (`cdn-config/viewer_request.js`) is the same grammar in JavaScript. Both are held
//! to one table of cases and, by a property test, to each other over random input.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::color::Color;
use crate::format::{AcceptClass, Format, FormatChoice};
use crate::key::{Area, Key, KeyError, escapes_are_whole};
use crate::policy::{Rules, Unknown, Unsigned};
use crate::refusal::{Reason, Refusal};
use crate::variant::{Fit, Gravity, MAX_SIDE, Quality, Side, Variant, looks_canonical};

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

/// The longest `v`, in bytes of UTF-8.
const MAX_VERSION_BYTES: usize = 32;

/// The parameters, by canonical name and aliases. A request gives each once, under one of its names.
const PARAMETERS: [(&str, &[&str]); 11] = [
    ("w", &["w", "width"]),
    ("h", &["h", "height"]),
    ("dpr", &["dpr"]),
    ("fit", &["fit"]),
    ("crop", &["crop", "gravity"]),
    ("bg", &["bg", "background"]),
    ("q", &["q", "quality"]),
    ("fm", &["fm", "format", "f"]),
    ("auto", &["auto"]),
    ("v", &["v"]),
    ("original", &["original"]),
];

/// Parameters of the image API that are not available yet. Passing over them would give another picture than
/// was asked for, so they are refused even where unknown ones are ignored.
const RESERVED: [&str; 18] = [
    "ar", "blur", "dl", "enlarge", "expires", "flip", "fp-x", "fp-y", "frame", "lossless", "p", "page",
    "preset", "rect", "rot", "s", "sharp", "trim",
];

/// Where a request goes, or why it is refused. `path` and `query` as in the request line, still escaped,
/// `query` without its question mark; `accept` is the header's value, empty where there is none.
pub fn route(path: &str, query: &str, accept: &str, rules: &Rules) -> Result<Route, Refusal> {
    let key = key_of(path)?;
    let given = Given::read(query, rules.unknown)?;
    let asked = given.variant(accept)?;
    if key.area() == Area::Private {
        return Err(needs_signature(None, "files below /private/ need a signed link".to_owned()));
    }
    match asked {
        None => Ok(Route::Original(key)),
        Some(variant) => Ok(Route::Variant(key, allowed_unsigned(variant, rules)?)),
    }
}

/// The pairs of a query as they stand, still escaped; a name without `=` has an empty value.
pub fn query_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn key_of(path: &str) -> Result<Key, Refusal> {
    let key = Key::from_path(path).map_err(|error| {
        let reason = match error {
            KeyError::Area => Reason::NotFound,
            KeyError::Segment | KeyError::Length | KeyError::Encoding => Reason::BadRequest,
        };
        Refusal { reason, parameter: None, detail: error.to_string() }
    })?;
    if looks_canonical(key.file_name()) {
        let detail = "variants are asked for by parameters, such as ?w=640".to_owned();
        return Err(Refusal { reason: Reason::NotFound, parameter: None, detail });
    }
    Ok(key)
}

/// The values given for [`PARAMETERS`], row by row, decoded.
struct Given([Option<String>; PARAMETERS.len()]);

impl Given {
    fn read(query: &str, unknown: Unknown) -> Result<Self, Refusal> {
        let pairs: Vec<(Option<String>, &str)> =
            query_pairs(query).map(|(name, value)| (decode_component(name), value)).collect();
        let is_given = |wanted: &str| pairs.iter().any(|(name, _)| name.as_deref() == Some(wanted));

        if let Some(name) = RESERVED.into_iter().find(|name| is_given(name)) {
            return Err(bad(name, format!("'{name}' is not available yet")));
        }
        // Of several the first in the order of UTF-16, as JavaScript sorts: at the edge parameters have no order.
        let names_given = pairs.iter().map(|(name, _)| name.as_deref().unwrap_or_default());
        let first_unknown =
            names_given.filter(|name| !is_known(name)).min_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        if let (Unknown::Refused, Some(name)) = (unknown, first_unknown) {
            return Err(bad(name.to_owned(), format!("unknown parameter; known are {}", names().join(", "))));
        }
        let mut given = [const { None }; PARAMETERS.len()];
        for ((canonical, aliases), slot) in PARAMETERS.into_iter().zip(&mut given) {
            let mut values =
                pairs.iter().filter(|(name, _)| name.as_deref().is_some_and(|n| aliases.contains(&n)));
            let Some((_, value)) = values.next() else { continue };
            if values.next().is_some() {
                return Err(bad(
                    canonical,
                    format!("'{canonical}' must be given once, under one of its names"),
                ));
            }
            let unescape = || bad(canonical, format!("'{canonical}' must be valid percent-encoded UTF-8"));
            *slot = Some(decode_component(value).ok_or_else(unescape)?);
        }
        Ok(Self(given))
    }

    /// The variant asked for, before any rule of the policy; none where the original is meant.
    fn variant(&self, accept: &str) -> Result<Option<Variant>, Refusal> {
        let [width, height, dpr, fit, crop, background, quality, format, auto, version, original] = &self.0;
        let width = width.as_deref().map(|text| integer("w", text, u32::from(MAX_SIDE))).transpose()?;
        let height = height.as_deref().map(|text| integer("h", text, u32::from(MAX_SIDE))).transpose()?;
        let dpr_tenths = dpr.as_deref().map_or(Ok(10), dpr_tenths)?;
        let gravity = crop.as_deref().map_or(Ok(Gravity::default()), gravity)?;
        let fit = fit.as_deref().map_or(Ok(Fit::Max), |text| fit_of(text, gravity))?;
        let background = background.as_deref().map(background_of).transpose()?;
        let quality = quality.as_deref().map(|text| integer("q", text, 100)).transpose()?;
        let format = format.as_deref().map_or(Ok(None), format_of)?;
        auto.as_deref().map_or(Ok(()), check_auto)?;
        version.as_deref().map_or(Ok(()), check_version)?;

        let [transforming @ .., _, _] = &self.0;
        let is_transformed = transforming.iter().any(Option::is_some);
        if original.is_some() && is_transformed {
            return Err(bad("original", "'original' must be given alone"));
        }
        if !is_transformed {
            return Ok(None);
        }
        let side =
            |css_pixels: Option<u32>| css_pixels.and_then(|n| Side::clamped((n * dpr_tenths + 5) / 10));
        let choice = format.unwrap_or_else(|| FormatChoice::Auto(AcceptClass::of(accept)));
        let variant = Variant::new(choice)
            .sized(side(width), side(height), fit)
            .over(background)
            .at_quality(quality.and_then(Quality::clamped));
        Ok(Some(variant))
    }
}

/// The variant on the policy's ladder, if its level lets unsigned requests ask for such.
fn allowed_unsigned(variant: Variant, rules: &Rules) -> Result<Variant, Refusal> {
    if rules.unsigned == Unsigned::Open {
        return Ok(variant);
    }
    if rules.unsigned == Unsigned::Widths && variant.height().is_some() {
        return Err(over_level("h"));
    }
    let may_crop = rules.unsigned >= Unsigned::Sizes;
    match variant.fit() {
        Fit::Max => {}
        Fit::Crop(_) if may_crop => {}
        Fit::Crop(_) | Fit::Clip => {
            return Err(over_level("fit"));
        }
    }
    if let Some(background) = variant.background()
        && !(may_crop && rules.backgrounds.contains(&background))
    {
        return Err(over_level("bg"));
    }
    let on_ladder = |side: Option<Side>| side.map(|side| rules.rung(side));
    let quality = variant.quality().map(|quality| rules.quality_step(quality));
    let (width, height, fit) = (on_ladder(variant.width()), on_ladder(variant.height()), variant.fit());
    Ok(variant.sized(width, height, fit).at_quality(quality))
}

/// An integer from 1, clamped to `max`. Digits alone: no sign, no fraction, no blank.
fn integer(name: &'static str, text: &str, max: u32) -> Result<u32, Refusal> {
    let refused = || bad(name, format!("'{name}' must be a whole number from 1 to {max}"));
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refused());
    }
    match text.parse::<u32>().map_or(max, |number| number.min(max)) {
        0 => Err(refused()),
        number => Ok(number),
    }
}

/// Device pixels per CSS pixel, in tenths.
fn dpr_tenths(text: &str) -> Result<u32, Refusal> {
    const MAX_TENTHS: u32 = 50;
    let refused = || bad("dpr", "'dpr' must be a number from 1 to 5 with at most one decimal");
    let (whole, tenth) = match text.split_once('.') {
        None => (text, "0"),
        Some((_, tenth)) if tenth.len() != 1 => return Err(refused()),
        Some(parts) => parts,
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || !is_digits(tenth) {
        return Err(refused());
    }
    let tenths = format!("{whole}{tenth}").parse::<u32>().map_or(MAX_TENTHS, |number| number.min(MAX_TENTHS));
    if tenths < 10 { Err(refused()) } else { Ok(tenths) }
}

fn fit_of(text: &str, gravity: Gravity) -> Result<Fit, Refusal> {
    match text {
        "max" => Ok(Fit::Max),
        "clip" => Ok(Fit::Clip),
        "crop" | "min" => Ok(Fit::Crop(gravity)),
        _ => Err(bad("fit", "'fit' must be one of max, clip, crop, min")),
    }
}

fn gravity(text: &str) -> Result<Gravity, Refusal> {
    Ok(match text {
        "center" => Gravity::Center,
        "top" => Gravity::Top,
        "bottom" => Gravity::Bottom,
        "left" => Gravity::Left,
        "right" => Gravity::Right,
        "top,left" | "left,top" => Gravity::TopLeft,
        "top,right" | "right,top" => Gravity::TopRight,
        "bottom,left" | "left,bottom" => Gravity::BottomLeft,
        "bottom,right" | "right,bottom" => Gravity::BottomRight,
        _ => {
            return Err(bad(
                "crop",
                "'crop' must be center, top, bottom, left, right or a corner such as top,left",
            ));
        }
    })
}

fn background_of(text: &str) -> Result<Color, Refusal> {
    Color::parse(text).ok_or_else(|| {
        bad("bg", "'bg' must be hexadecimal RGB, ARGB, RRGGBB or AARRGGBB, or the name of a CSS colour")
    })
}

/// The format named; none for `auto`.
fn format_of(text: &str) -> Result<Option<FormatChoice>, Refusal> {
    match text {
        "jpeg" | "jpg" => Ok(Some(FormatChoice::Fixed(Format::Jpeg))),
        "png" => Ok(Some(FormatChoice::Fixed(Format::Png))),
        "webp" => Ok(Some(FormatChoice::Fixed(Format::Webp))),
        "json" => Ok(Some(FormatChoice::Info)),
        "auto" => Ok(None),
        _ => Err(bad("fm", "'fm' must be one of jpeg, jpg, png, webp, json, auto")),
    }
}

/// imgix's `auto`: what it asks for happens anyway.
fn check_auto(text: &str) -> Result<(), Refusal> {
    if text.split(',').all(|word| matches!(word, "format" | "compress")) {
        return Ok(());
    }
    Err(bad("auto", "'auto' must be format, compress or both, joined by a comma"))
}

fn check_version(text: &str) -> Result<(), Refusal> {
    if text.len() <= MAX_VERSION_BYTES {
        return Ok(());
    }
    Err(bad("v", format!("'v' must be at most {MAX_VERSION_BYTES} bytes long")))
}

fn names() -> Vec<&'static str> {
    PARAMETERS.iter().flat_map(|(_, aliases)| aliases.iter().copied()).collect()
}

fn is_known(name: &str) -> bool {
    names().contains(&name)
}

/// One name or value of a query, unescaped; none where an escape is broken.
fn decode_component(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    if !escapes_are_whole(&text) {
        return None;
    }
    percent_decode_str(&text).decode_utf8().ok().map(Cow::into_owned)
}

fn bad(parameter: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Refusal {
    Refusal { reason: Reason::BadRequest, parameter: Some(parameter.into()), detail: detail.into() }
}

/// The parameter asks for more than the policy's level lets unsigned requests ask for.
fn over_level(parameter: &'static str) -> Refusal {
    needs_signature(Some(parameter), format!("this '{parameter}' needs a signed link"))
}

fn needs_signature(parameter: Option<&'static str>, detail: String) -> Refusal {
    Refusal { reason: Reason::NeedsSignature, parameter: parameter.map(Cow::Borrowed), detail }
}
