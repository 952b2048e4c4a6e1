//! The operator's policy, which `policy.json` holds.

use contract::key::Key;
use contract::limits::Limits;
use contract::policy::{Profile, Rules};

use crate::video::VideoPolicy;

mod delivery;
mod document;
mod lists;
mod marks;
mod structure;
mod values;
mod video;

/// The operator's settings. Every value is within its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The grammar's rules, which limit unsigned requests.
    pub rules: Rules,
    /// The maximum predicted encoding time of an AVIF that is chosen for viewers that read it, in milliseconds, 0 to
    /// 60,000. With 0, AVIF is never chosen.
    pub avif_budget_milliseconds: u32,
    /// The names of presets that are rendered for every new picture before a viewer requests them. Empty if no variant is
    /// stored.
    pub prewarm: Vec<String>,
    /// The variants that are stored.
    pub keep: Keep,
    /// Cache lifetimes of keys that the upload signer didn't generate.
    pub max_age: MaxAge,
    /// `true` if variants keep the artist and the copyright notice of their source. All other metadata is removed.
    pub keeps_credit: bool,
    /// The origins whose scripts may read responses.
    pub cors: Cors,
    /// The client hints that `Accept-CH` asks viewers to send.
    pub client_hints: Vec<&'static str>,
    /// The public file that is sent, with the status of the failure, instead of a variant that can't be rendered.
    pub fallback_image: Option<Key>,
    /// `true` if JPEGs are encoded as progressive files.
    pub is_jpeg_progressive: bool,
    /// Trade-off between image quality and time.
    pub profile: Profile,
    /// Limits of sources and variants.
    pub limits: Limits,
    /// The renditions of a video.
    pub video: VideoPolicy,
}

/// The variants that a deployment stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The variants that take long to render, and presets that are rendered in advance. The resize service looks for them
    /// while it reads the original.
    Dear {
        /// The predicted time of rendering a variant from which it is stored, in milliseconds of one processor, 0 to
        /// 60,000. It includes the rest of the original's fetch.
        from_milliseconds: u32,
    },
    /// Every variant. The CDN looks for it before it asks the resize service.
    Always,
    /// No variant. The deployment has no bucket for variants.
    Never,
}

impl Keep {
    /// The name in the policy.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dear { .. } => "dear",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// Cache lifetimes of responses that may change, 0 to 31,536,000 seconds each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxAge {
    /// The lifetime of an original, in seconds.
    pub originals_seconds: u32,
    /// The lifetime of a variant, in seconds.
    pub variants_seconds: u32,
}

/// The origins whose scripts may read responses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cors {
    /// All origins.
    Any,
    /// These origins, such as `https://www.example.com`.
    Listed(Vec<String>),
}

impl Cors {
    /// The value of `Access-Control-Allow-Origin` for a page of an origin. `None` if the page may not read the response.
    pub fn allowed<'a>(&'a self, origin: Option<&str>) -> Option<&'a str> {
        match self {
            Self::Any => Some("*"),
            Self::Listed(listed) => listed.iter().map(String::as_str).find(|one| Some(*one) == origin),
        }
    }
}

/// The reason why a text is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The text is not JSON.
    #[error("policy: it is not JSON: {problem}")]
    NotJson {
        /// The mistake and its place.
        problem: String,
    },
    /// A member is missing, unknown or has the wrong type.
    #[error("policy: {field}: {problem}")]
    Structure {
        /// The path of the member, such as `limits.sourceBytes`.
        field: String,
        /// The mistake and the allowed values.
        problem: String,
    },
    /// The grammar doesn't allow a preset.
    #[error("policy: presets.{name}: {problem}")]
    Preset {
        /// The preset's name.
        name: String,
        /// The mistake.
        problem: String,
    },
    /// A preset has a mark that the policy lacks.
    #[error("policy: presets.{preset}: there is no mark '{mark}' in 'marks'")]
    Mark {
        /// The preset's name.
        preset: String,
        /// The mark's name.
        mark: String,
    },
    /// `prewarm` names a preset that doesn't exist.
    #[error("policy: prewarm: there is no preset '{name}'")]
    Prewarm {
        /// The preset's name.
        name: String,
    },
    /// `prewarm` names a preset, but no variant is stored.
    #[error(
        "policy: prewarm: must be empty if delivery.keep is never: a variant that is rendered in advance must be stored"
    )]
    PrewarmWithoutStore,
    /// A member's value is out of its bounds.
    #[error("policy: {field}: must be {allowed}")]
    Value {
        /// The path of the member or of an entry of a list, such as `ladder[3]`.
        field: String,
        /// The allowed values.
        allowed: String,
    },
}

impl PolicyError {
    /// A member's value is out of its bounds.
    fn value(field: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self::Value { field: field.into(), allowed: allowed.into() }
    }
}

#[cfg(test)]
mod tests;
