//! What an operator decides: `policy.json`, read and checked.

use contract::key::Key;
use contract::limits::Limits;
use contract::policy::{DefaultQualities, Profile, Rules};

use crate::video::VideoPolicy;

mod delivery;

mod document;

mod video;

pub use delivery::Cors;

/// The policy that the product ships with.
const BUILT_IN: &str = include_str!("../policy.json");

/// An operator's decisions, each within its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The grammar's rules: what unsigned requests may ask for.
    pub rules: Rules,
    /// The encoder's quality where a request names none.
    pub default_qualities: DefaultQualities,
    /// How long making an AVIF may take, as predicted, to be the choice for viewers that read it, in
    /// milliseconds; 0 never chooses it.
    pub avif_budget_milliseconds: u32,
    /// The presets whose variants are made of every new picture before anyone asks for them; each is one of the
    /// rules' presets.
    pub prewarm: Vec<String>,
    /// How long answers to keys that the signer didn't make may be kept.
    pub max_age: MaxAge,
    /// Whether variants keep the artist and the copyright notice of their source. All other metadata goes.
    pub keeps_credit: bool,
    /// Pages of which origins may read what is served by script.
    pub cors: Cors,
    /// The client hints that viewers are asked to send, as `Accept-CH` names them.
    pub client_hints: Vec<&'static str>,
    /// The public file that is shown, under the status of the failure, instead of a variant that can't be made.
    pub fallback_image: Option<Key>,
    /// What comes first where looks and time are at odds.
    pub profile: Profile,
    /// What a source and a variant may be.
    pub limits: Limits,
    /// Which renditions are made of a video.
    pub video: VideoPolicy,
}

/// How long caches may keep what may change, each 0 to 31,536,000 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxAge {
    /// An original, in seconds.
    pub originals_seconds: u32,
    /// A variant, in seconds.
    pub variants_seconds: u32,
}

/// Why a text is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not JSON, or a member is missing, unknown or of another type.
    #[error("policy: {field}: {problem}")]
    Structure {
        /// The path of the member, such as `limits.sourceBytes`; `.` is the whole.
        field: String,
        /// What is wrong and what would be allowed.
        problem: String,
    },
    /// A preset isn't a request that the grammar allows.
    #[error("policy: presets.{name}: {problem}")]
    Preset {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A preset that is to be made ready doesn't exist.
    #[error("policy: prewarm: there is no preset '{name}'")]
    Prewarm {
        /// The name.
        name: String,
    },
    /// A member's value is out of its bounds.
    #[error("policy: {field}: must be {allowed}")]
    Value {
        /// The path of the member, such as `ladder`.
        field: &'static str,
        /// What would be allowed.
        allowed: String,
    },
}

impl Policy {
    /// Reads a policy. Every member must be there but `unknownParameters`, `presets`, `prewarm`, `metadata`,
    /// `cors`, `clientHints`, `fallbackImage`, `profile` and `video`, and no other.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        document::read(text)
    }

    /// The policy that the product ships with.
    #[expect(clippy::missing_panics_doc, reason = "the text is part of the program, and a test reads it")]
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the text is part of the program, and a test reads it")]
        Self::parse(BUILT_IN).expect("the built-in policy is valid")
    }
}

#[cfg(test)]
mod tests;
