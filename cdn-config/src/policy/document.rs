//! The JSON form of a policy, and its validation.

use std::collections::BTreeMap;

use contract::limits::Limits;
use contract::policy::{DefaultQualities, Profile, Rules, UnknownParameters, UnsignedAccess};
use contract::variant::MAX_SIDE;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::video::VideoPolicy;

use super::delivery::{self, CorsJson, DeliveryJson};
use super::marks::{self, MarkJson};
use super::structure::{json_error, structure_error};
use super::values;
use super::video::VideoJson;
use super::{Keep, MaxAge, Policy, PolicyError};

/// The policy that the product ships with.
pub(super) const BUILT_IN: &str = include_str!("../../policy.json");

impl Policy {
    /// Reads a policy. All members are required, except `unknownParameters`, `shapes`, `presets`, `marks`, `prewarm`, `delivery`,
    /// `metadata`, `jpeg`, `cors`, `clientHints`, `fallbackImage`, `profile` and `video`. Unknown members are an error.
    ///
    /// # Errors
    /// The text is not a policy. The error names the member and the allowed values.
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
    #[serde(default = "values::usual_shapes")]
    shapes: Vec<String>,
    qualities: Vec<u32>,
    default_qualities: QualitiesJson,
    formats: FormatsJson,
    #[serde(default)]
    presets: BTreeMap<String, String>,
    #[serde(default)]
    marks: BTreeMap<String, MarkJson>,
    #[serde(default)]
    prewarm: Vec<String>,
    #[serde(default)]
    delivery: DeliveryJson,
    max_age_seconds: MaxAgeJson,
    #[serde(default)]
    metadata: MetadataJson,
    #[serde(default)]
    jpeg: JpegJson,
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

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct JpegJson {
    progressive: bool,
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
    Faithful,
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
            ladder: values::ladder(&self.ladder)?,
            shapes: values::shapes(&self.shapes)?,
            qualities: values::qualities(&self.qualities)?,
            default_qualities: DefaultQualities {
                jpeg: values::quality("defaultQualities.jpeg", self.default_qualities.jpeg)?,
                webp: values::quality("defaultQualities.webp", self.default_qualities.webp)?,
                avif: values::quality("defaultQualities.avif", self.default_qualities.avif)?,
            },
            presets: values::presets(&self.presets)?,
            marks: marks::marks(&self.marks)?,
        };
        marks::check_presets(&rules)?;
        let max_age = MaxAge {
            originals_seconds: values::max_age("maxAgeSeconds.originals", self.max_age_seconds.originals)?,
            variants_seconds: values::max_age("maxAgeSeconds.variants", self.max_age_seconds.variants)?,
        };
        let limits = Limits {
            source_bytes: values::at_least_one("limits.sourceBytes", self.limits.source_bytes)?,
            source_pixels: values::at_least_one("limits.sourcePixels", self.limits.source_pixels)?,
            frames: values::at_least_one("limits.frames", self.limits.frames)?,
            animation_pixels: values::at_least_one("limits.animationPixels", self.limits.animation_pixels)?,
            output_side: values::side(self.limits.output_side).ok_or_else(|| {
                PolicyError::value("limits.outputSide", format!("a whole number from 1 to {MAX_SIDE}"))
            })?,
            memory_bytes: values::at_least_one("limits.memoryBytes", self.limits.memory_bytes)?,
        };
        let avif_budget_milliseconds = values::budget(self.formats.avif.budget_milliseconds)?;
        if let Some(name) = self.prewarm.iter().find(|name| !rules.presets.contains_key(*name)) {
            return Err(PolicyError::Prewarm { name: name.clone() });
        }
        let keep = self.delivery.validate()?;
        if keep == Keep::Never && !self.prewarm.is_empty() {
            return Err(PolicyError::PrewarmWithoutStore);
        }
        Ok(Policy {
            rules,
            prewarm: self.prewarm,
            keep,
            avif_budget_milliseconds,
            max_age,
            keeps_credit: self.metadata.keep_credit,
            is_jpeg_progressive: self.jpeg.progressive,
            cors: self.cors.validate()?,
            client_hints: delivery::hints(&self.client_hints)?,
            fallback_image: delivery::fallback_image(self.fallback_image.as_ref())?,
            profile: match self.profile {
                ProfileJson::Standard => Profile::Standard,
                ProfileJson::Fast => Profile::Fast,
                ProfileJson::Faithful => Profile::Faithful,
            },
            limits,
            video: self.video.map_or_else(|| Ok(VideoPolicy::default()), VideoJson::validate)?,
        })
    }
}
