//! The policy as it stands in JSON, and the checks that make it a [`Policy`].

use std::collections::BTreeMap;

use contract::color::Color;
use contract::limits::Limits;
use contract::policy::{DefaultQualities, Profile, Rules, UnknownParameters, UnsignedAccess};
use contract::preset::Preset;
use contract::variant::{MAX_SIDE, Quality, Side};
use serde::Deserialize;

use crate::video::VideoPolicy;

use super::delivery::{self, Origins};
use super::video::VideoDocument;
use super::{MaxAge, Policy, PolicyError};

/// Rungs, steps and colours that fit into one value of the key-value store together.
const MAX_RUNGS: usize = 64;
const MAX_QUALITIES: usize = 16;
const MAX_BACKGROUNDS: usize = 16;

/// More sets than a site has places for pictures.
const MAX_PRESETS: usize = 256;

/// A year: the longest that caches honour.
const MAX_AGE_SECONDS: u32 = 31_536_000;

/// A minute: longer than a Lambda behind a CDN gets.
const MAX_BUDGET_MILLISECONDS: u32 = 60_000;

pub(super) fn read(text: &str) -> Result<Policy, PolicyError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let document: Document = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = Some(error.path().to_string()).filter(|path| path != "?").unwrap_or(".".to_owned());
        PolicyError::Structure { field, problem: error.inner().to_string() }
    })?;
    json.end()
        .map_err(|error| PolicyError::Structure { field: ".".to_owned(), problem: error.to_string() })?;
    document.checked()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    unsigned: Level,
    #[serde(default)]
    unknown_parameters: UnknownParametersJson,
    ladder: Vec<u32>,
    qualities: Vec<u32>,
    default_qualities: QualityByFormat,
    formats: OptionsByFormat,
    backgrounds: Vec<String>,
    #[serde(default)]
    presets: BTreeMap<String, String>,
    #[serde(default)]
    prewarm: Vec<String>,
    max_age_seconds: Seconds,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    cors: Origins,
    #[serde(default)]
    client_hints: Vec<String>,
    #[serde(default)]
    fallback_image: Option<String>,
    #[serde(default)]
    profile: Speed,
    limits: Bounds,
    #[serde(default)]
    video: Option<VideoDocument>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Metadata {
    keep_credit: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Presets,
    Widths,
    Sizes,
    Open,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Speed {
    #[default]
    Standard,
    Fast,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum UnknownParametersJson {
    #[default]
    Ignored,
    Refused,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QualityByFormat {
    jpeg: u32,
    webp: u32,
    avif: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OptionsByFormat {
    avif: AvifOptions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AvifOptions {
    budget_milliseconds: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    originals: u32,
    variants: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Bounds {
    source_bytes: u64,
    source_pixels: u64,
    frames: u32,
    animation_pixels: u64,
    output_side: u32,
    memory_bytes: u64,
}

impl Document {
    fn checked(self) -> Result<Policy, PolicyError> {
        let rules = Rules {
            unsigned: match self.unsigned {
                Level::Presets => UnsignedAccess::Presets,
                Level::Widths => UnsignedAccess::Widths,
                Level::Sizes => UnsignedAccess::Sizes,
                Level::Open => UnsignedAccess::Open,
            },
            unknown: match self.unknown_parameters {
                UnknownParametersJson::Ignored => UnknownParameters::Ignore,
                UnknownParametersJson::Refused => UnknownParameters::Reject,
            },
            ladder: ladder(&self.ladder)?,
            qualities: qualities(&self.qualities)?,
            backgrounds: backgrounds(&self.backgrounds)?,
            presets: presets(&self.presets)?,
        };
        let default_qualities = DefaultQualities {
            jpeg: quality("defaultQualities.jpeg", self.default_qualities.jpeg)?,
            webp: quality("defaultQualities.webp", self.default_qualities.webp)?,
            avif: quality("defaultQualities.avif", self.default_qualities.avif)?,
        };
        let max_age = MaxAge {
            originals_seconds: max_age("maxAgeSeconds.originals", self.max_age_seconds.originals)?,
            variants_seconds: max_age("maxAgeSeconds.variants", self.max_age_seconds.variants)?,
        };
        let limits = Limits {
            source_bytes: at_least_one("limits.sourceBytes", self.limits.source_bytes)?,
            source_pixels: at_least_one("limits.sourcePixels", self.limits.source_pixels)?,
            frames: at_least_one("limits.frames", self.limits.frames)?,
            animation_pixels: at_least_one("limits.animationPixels", self.limits.animation_pixels)?,
            output_side: side(self.limits.output_side)
                .ok_or_else(|| value("limits.outputSide", format!("a whole number from 1 to {MAX_SIDE}")))?,
            memory_bytes: at_least_one("limits.memoryBytes", self.limits.memory_bytes)?,
        };
        let avif_budget_milliseconds = budget(self.formats.avif.budget_milliseconds)?;
        if let Some(name) = self.prewarm.iter().find(|name| !rules.presets.contains_key(*name)) {
            return Err(PolicyError::Prewarm { name: name.clone() });
        }
        Ok(Policy {
            rules,
            prewarm: self.prewarm,
            default_qualities,
            avif_budget_milliseconds,
            max_age,
            keeps_credit: self.metadata.keep_credit,
            cors: self.cors.checked()?,
            client_hints: delivery::hints(&self.client_hints)?,
            fallback_image: delivery::fallback_image(self.fallback_image.as_ref())?,
            profile: match self.profile {
                Speed::Standard => Profile::Standard,
                Speed::Fast => Profile::Fast,
            },
            limits,
            video: self.video.map_or_else(|| Ok(VideoPolicy::default()), VideoDocument::checked)?,
        })
    }
}

fn ladder(pixels: &[u32]) -> Result<Vec<Side>, PolicyError> {
    let sides: Option<Vec<Side>> = pixels.iter().map(|pixels| side(*pixels)).collect();
    sides.filter(|sides| is_ascending(sides, MAX_RUNGS)).ok_or_else(|| {
        value("ladder", format!("1 to {MAX_RUNGS} whole numbers from 1 to {MAX_SIDE}, ascending"))
    })
}

fn qualities(numbers: &[u32]) -> Result<Vec<Quality>, PolicyError> {
    let qualities: Result<Vec<Quality>, PolicyError> =
        numbers.iter().map(|number| quality("qualities", *number)).collect();
    qualities.ok().filter(|qualities| is_ascending(qualities, MAX_QUALITIES)).ok_or_else(|| {
        value("qualities", format!("1 to {MAX_QUALITIES} whole numbers from 1 to 100, ascending"))
    })
}

fn backgrounds(texts: &[String]) -> Result<Vec<Color>, PolicyError> {
    let colors: Option<Vec<Color>> = texts.iter().map(|text| Color::parse(text)).collect();
    colors.filter(|colors| colors.len() <= MAX_BACKGROUNDS).ok_or_else(|| {
        let each = "hexadecimal RGB, ARGB, RRGGBB or AARRGGBB or the name of a CSS colour";
        value("backgrounds", format!("at most {MAX_BACKGROUNDS} colours, each {each}"))
    })
}

fn presets(texts: &BTreeMap<String, String>) -> Result<BTreeMap<String, Preset>, PolicyError> {
    if texts.len() > MAX_PRESETS || texts.keys().any(|name| !Preset::is_name(name)) {
        let names = "each name 1 to 32 lower case letters, digits and hyphens";
        return Err(value("presets", format!("at most {MAX_PRESETS} sets, {names}")));
    }
    let presets = texts.iter().map(|(name, query)| {
        let preset = Preset::parse(query)
            .map_err(|refusal| PolicyError::Preset { name: name.clone(), problem: refusal.detail })?;
        Ok((name.clone(), preset))
    });
    presets.collect()
}

fn quality(field: &'static str, number: u32) -> Result<Quality, PolicyError> {
    Quality::clamped(number)
        .filter(|quality| u32::from(quality.get()) == number)
        .ok_or_else(|| value(field, "a whole number from 1 to 100"))
}

fn max_age(field: &'static str, seconds: u32) -> Result<u32, PolicyError> {
    if seconds <= MAX_AGE_SECONDS {
        return Ok(seconds);
    }
    Err(value(field, format!("a whole number from 0 to {MAX_AGE_SECONDS}")))
}

fn budget(milliseconds: u32) -> Result<u32, PolicyError> {
    if milliseconds <= MAX_BUDGET_MILLISECONDS {
        return Ok(milliseconds);
    }
    Err(value(
        "formats.avif.budgetMilliseconds",
        format!("a whole number from 0 to {MAX_BUDGET_MILLISECONDS}"),
    ))
}

fn at_least_one<T: From<bool> + PartialOrd>(field: &'static str, number: T) -> Result<T, PolicyError> {
    if number >= T::from(true) { Ok(number) } else { Err(value(field, "a whole number from 1")) }
}

fn side(pixels: u32) -> Option<Side> {
    Side::clamped(pixels).filter(|side| side.pixels() == pixels)
}

fn is_ascending<T: PartialOrd>(values: &[T], max_len: usize) -> bool {
    (1..=max_len).contains(&values.len()) && values.is_sorted_by(|a, b| a < b)
}

fn value(field: &'static str, allowed: impl Into<String>) -> PolicyError {
    PolicyError::Value { field, allowed: allowed.into() }
}
