//! The JSON form of a policy, and its validation.

use std::collections::BTreeMap;

use contract::limits::Limits;
use contract::policy::{DefaultQualities, Profile, Rules, UnknownParameters, UnsignedAccess};
use contract::preset::Preset;
use contract::ratio::Ratio;
use contract::variant::{MAX_SIDE, Quality, Side};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::video::VideoPolicy;

use super::delivery::{self, CorsJson};
use super::structure::{json_error, structure_error};
use super::video::VideoJson;
use super::{MaxAge, Policy, PolicyError};

/// The maximum numbers of rungs, shapes and quality steps. Together they fit into one value of the key-value store.
const MAX_RUNGS: usize = 64;
const MAX_QUALITIES: usize = 16;
const MAX_SHAPES: usize = 32;

/// The largest term of a shape.
const MAX_TERM: u32 = 1000;

/// The maximum number of presets: more than a site has uses for pictures.
const MAX_PRESETS: usize = 256;

/// A year: the longest lifetime that caches honour.
const MAX_AGE_SECONDS: u32 = 31_536_000;

/// A minute: longer than a Lambda function behind a CDN may run.
const MAX_BUDGET_MILLISECONDS: u32 = 60_000;

/// The policy that the product ships with.
pub(super) const BUILT_IN: &str = include_str!("../../policy.json");

impl Policy {
    /// Reads a policy. All members are required, except `unknownParameters`, `shapes`, `presets`, `prewarm`, `metadata`,
    /// `cors`, `clientHints`, `fallbackImage`, `profile` and `video`. Unknown members are an error.
    ///
    /// # Errors
    /// The text is no policy. The error names the member and the allowed values.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        serde_json::from_str::<IgnoredAny>(text).map_err(|error| json_error(&error))?;
        let mut json = serde_json::Deserializer::from_str(text);
        let policy: PolicyJson = serde_path_to_error::deserialize(&mut json).map_err(structure_error)?;
        policy.validate()
    }

    /// The policy that the product ships with.
    #[expect(clippy::missing_panics_doc, reason = "the text is part of the program, and a test reads it")]
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the text is part of the program, and a test reads it")]
        Self::parse(BUILT_IN).expect("the built-in policy is valid")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PolicyJson {
    unsigned: UnsignedAccessJson,
    #[serde(default)]
    unknown_parameters: UnknownParametersJson,
    ladder: Vec<u32>,
    #[serde(default = "usual_shapes")]
    shapes: Vec<String>,
    qualities: Vec<u32>,
    default_qualities: QualitiesJson,
    formats: FormatsJson,
    #[serde(default)]
    presets: BTreeMap<String, String>,
    #[serde(default)]
    prewarm: Vec<String>,
    max_age_seconds: MaxAgeJson,
    #[serde(default)]
    metadata: MetadataJson,
    #[serde(default)]
    cors: CorsJson,
    #[serde(default)]
    client_hints: Vec<String>,
    #[serde(default)]
    fallback_image: Option<String>,
    #[serde(default)]
    profile: ProfileJson,
    limits: LimitsJson,
    #[serde(default)]
    video: Option<VideoJson>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct MetadataJson {
    keep_credit: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum UnsignedAccessJson {
    Presets,
    Widths,
    Sizes,
    Open,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ProfileJson {
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
struct QualitiesJson {
    jpeg: u32,
    webp: u32,
    avif: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormatsJson {
    avif: AvifJson,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AvifJson {
    budget_milliseconds: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaxAgeJson {
    originals: u32,
    variants: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LimitsJson {
    source_bytes: u64,
    source_pixels: u64,
    frames: u32,
    animation_pixels: u64,
    output_side: u32,
    memory_bytes: u64,
}

impl PolicyJson {
    fn validate(self) -> Result<Policy, PolicyError> {
        let rules = Rules {
            unsigned: match self.unsigned {
                UnsignedAccessJson::Presets => UnsignedAccess::Presets,
                UnsignedAccessJson::Widths => UnsignedAccess::Widths,
                UnsignedAccessJson::Sizes => UnsignedAccess::Sizes,
                UnsignedAccessJson::Open => UnsignedAccess::Open,
            },
            unknown: match self.unknown_parameters {
                UnknownParametersJson::Ignored => UnknownParameters::Ignore,
                UnknownParametersJson::Refused => UnknownParameters::Reject,
            },
            ladder: ladder(&self.ladder)?,
            shapes: shapes(&self.shapes)?,
            qualities: qualities(&self.qualities)?,
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
            output_side: side(self.limits.output_side).ok_or_else(|| {
                PolicyError::value("limits.outputSide", format!("a whole number from 1 to {MAX_SIDE}"))
            })?,
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
            cors: self.cors.validate()?,
            client_hints: delivery::hints(&self.client_hints)?,
            fallback_image: delivery::fallback_image(self.fallback_image.as_ref())?,
            profile: match self.profile {
                ProfileJson::Standard => Profile::Standard,
                ProfileJson::Fast => Profile::Fast,
            },
            limits,
            video: self.video.map_or_else(|| Ok(VideoPolicy::default()), VideoJson::validate)?,
        })
    }
}

fn ladder(pixels: &[u32]) -> Result<Vec<Side>, PolicyError> {
    let sides: Option<Vec<Side>> = pixels.iter().map(|pixels| side(*pixels)).collect();
    sides.filter(|sides| is_ascending(sides, MAX_RUNGS)).ok_or_else(|| {
        PolicyError::value(
            "ladder",
            format!("1 to {MAX_RUNGS} whole numbers from 1 to {MAX_SIDE}, ascending"),
        )
    })
}

fn qualities(numbers: &[u32]) -> Result<Vec<Quality>, PolicyError> {
    let qualities: Result<Vec<Quality>, PolicyError> =
        numbers.iter().map(|number| quality("qualities", *number)).collect();
    qualities.ok().filter(|qualities| is_ascending(qualities, MAX_QUALITIES)).ok_or_else(|| {
        PolicyError::value(
            "qualities",
            format!("1 to {MAX_QUALITIES} whole numbers from 1 to 100, ascending"),
        )
    })
}

/// The shapes of a policy that doesn't name any.
fn usual_shapes() -> Vec<String> {
    const WIDE: [(u32, u32); 9] =
        [(1, 1), (5, 4), (4, 3), (3, 2), (16, 10), (16, 9), (2, 1), (21, 9), (3, 1)];
    let wide = WIDE.map(|(across, down)| format!("{across}:{down}"));
    let high = WIDE.into_iter().skip(1).map(|(across, down)| format!("{down}:{across}"));
    wide.into_iter().chain(high).collect()
}

fn shapes(texts: &[String]) -> Result<Vec<Ratio>, PolicyError> {
    let term = |text: &str| {
        let number = text.parse::<u32>().ok().filter(|number| *number <= MAX_TERM);
        number.filter(|_| !text.starts_with('+'))
    };
    let shape = |text: &String| {
        let (across, down) = text.split_once(':')?;
        Ratio::new(term(across)?, term(down)?)
    };
    let shapes: Option<Vec<Ratio>> = texts.iter().map(shape).collect();
    shapes.filter(|shapes| (1..=MAX_SHAPES).contains(&shapes.len())).ok_or_else(|| {
        let each = format!("of two whole numbers from 1 to {MAX_TERM}");
        PolicyError::value("shapes", format!("1 to {MAX_SHAPES} ratios such as 16:9, each {each}"))
    })
}

fn presets(texts: &BTreeMap<String, String>) -> Result<BTreeMap<String, Preset>, PolicyError> {
    if texts.len() > MAX_PRESETS || texts.keys().any(|name| !Preset::is_name(name)) {
        let names = "each name 1 to 32 lower case letters, digits and hyphens";
        return Err(PolicyError::value("presets", format!("at most {MAX_PRESETS} sets, {names}")));
    }
    let presets = texts.iter().map(|(name, query)| {
        let preset = Preset::parse(query)
            .map_err(|error| PolicyError::Preset { name: name.clone(), problem: error.detail })?;
        Ok((name.clone(), preset))
    });
    presets.collect()
}

fn quality(field: &'static str, number: u32) -> Result<Quality, PolicyError> {
    Quality::clamped(number)
        .filter(|quality| u32::from(quality.get()) == number)
        .ok_or_else(|| PolicyError::value(field, "a whole number from 1 to 100"))
}

fn max_age(field: &'static str, seconds: u32) -> Result<u32, PolicyError> {
    if seconds <= MAX_AGE_SECONDS {
        return Ok(seconds);
    }
    Err(PolicyError::value(field, format!("a whole number from 0 to {MAX_AGE_SECONDS}")))
}

fn budget(milliseconds: u32) -> Result<u32, PolicyError> {
    if milliseconds <= MAX_BUDGET_MILLISECONDS {
        return Ok(milliseconds);
    }
    Err(PolicyError::value(
        "formats.avif.budgetMilliseconds",
        format!("a whole number from 0 to {MAX_BUDGET_MILLISECONDS}"),
    ))
}

fn at_least_one<T: From<bool> + PartialOrd>(field: &'static str, number: T) -> Result<T, PolicyError> {
    if number >= T::from(true) { Ok(number) } else { Err(PolicyError::value(field, "a whole number from 1")) }
}

fn side(pixels: u32) -> Option<Side> {
    Side::clamped(pixels).filter(|side| side.pixels() == pixels)
}

fn is_ascending<T: PartialOrd>(values: &[T], max_len: usize) -> bool {
    (1..=max_len).contains(&values.len()) && values.is_sorted_by(|a, b| a < b)
}
