//! The configuration of the service, from the policy and the environment.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use bucket::S3Config;
use cdn_config::policy::{Keep, Policy};
use contract::key::Key;
use contract::mark::Mark;
use contract::request::{Route, Verifier, route};
use contract::variant::{Side, Variant};
use service::env::{self, EnvError};

use crate::settings::{JpegDecoder, Settings};

/// The location of originals and variants.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The S3 of both buckets.
    pub s3: S3Config,
    /// The name of the bucket of originals.
    pub originals: String,
    /// The name of the bucket of variants. Without it no variant is stored.
    pub variants: Option<String>,
}

impl StoreConfig {
    /// Reads the environment. It names a bucket for variants, unless none is stored.
    pub fn from_env(keep: Keep) -> Result<Self, EnvError> {
        Ok(Self {
            s3: S3Config::from_env()?,
            originals: env::read(env::ORIGINALS_BUCKET)?,
            variants: match keep {
                Keep::Dear { .. } | Keep::Always => Some(env::read(env::VARIANTS_BUCKET)?),
                Keep::Never => None,
            },
        })
    }
}

/// The reason why the environment is not a valid configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or is not valid UTF-8.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// The variable names an unknown JPEG decoder.
    #[error("{}: '{_0}' is neither own nor libjpeg-turbo", env::JPEG_DECODER.name)]
    JpegDecoder(String),
    /// The program's own file is unknown, and so no worker can be started.
    #[error("no worker can be started: {_0}")]
    Workers(#[from] io::Error),
}

/// The settings of the render service.
#[derive(Clone, Debug)]
pub struct Config {
    /// Settings that apply to every variant.
    pub settings: Settings,
    /// Time for which caches may keep a variant of a key that the signer didn't create, in seconds.
    pub mutable_seconds: u32,
    /// Maximum number of variants rendered concurrently.
    pub slots: usize,
    /// Maximum number of requests that wait for a slot. Further requests get status 503 at once.
    pub queue: usize,
    /// Longest time that a request waits until it may fetch the original, and the longest time until it then gets a
    /// slot.
    pub queue_wait: Duration,
    /// Longest duration of rendering a variant.
    pub deadline: Duration,
    /// The variants that are stored.
    pub keep: Keep,
    /// `true` if the service looks for a stored variant first, where every variant is stored. Behind a CDN this is `false`: the
    /// CDN looks for it before it asks the service.
    pub reads_stored_variants: bool,
    /// `true` if a JPEG is decoded while it arrives. It occupies a slot meanwhile, so this is `false` where slots are scarce:
    /// where several requests are served at once.
    pub decodes_arriving: bool,
    /// `true` if the entity tags of variants are those of their objects in S3, because the CDN reads every variant there.
    pub has_etags_of_objects: bool,
    /// The widths for which `fm=json` lists variants.
    pub ladder: Vec<Side>,
    /// The policy's marks by name.
    pub marks: BTreeMap<String, Mark>,
    /// The picture that is sent instead of a variant that can't be rendered.
    pub fallback_image: Option<Key>,
    /// The variants that are rendered for every new picture before they are requested.
    pub prewarmed_variants: Vec<Variant>,
}

/// Queue places per slot. They are about two seconds of work for a slot, at 60 ms for each picture.
const QUEUE_PER_SLOT: usize = 32;

impl Config {
    /// The settings of a policy, changed by the environment.
    pub fn from_env(policy: &Policy) -> Result<Self, ConfigError> {
        let config = Self::of(policy);
        let jpeg_decoder = jpeg_decoder(env::read(env::JPEG_DECODER)?)?;
        Ok(Self { settings: Settings { jpeg_decoder, ..config.settings }, ..config })
    }

    /// The settings of a policy: one slot per core, a queue of 32 requests per slot, two seconds for each wait, twenty
    /// seconds for a variant.
    pub fn of(policy: &Policy) -> Self {
        let slots = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            settings: Settings {
                limits: policy.limits,
                qualities: policy.rules.default_qualities,
                avif_budget: Duration::from_millis(u64::from(policy.avif_budget_milliseconds)),
                jpeg_decoder: JpegDecoder::Own,
                profile: policy.profile,
                is_progressive: policy.is_jpeg_progressive,
                keeps_credit: policy.keeps_credit,
            },
            mutable_seconds: policy.max_age.variants_seconds,
            slots,
            queue: slots * QUEUE_PER_SLOT,
            queue_wait: Duration::from_secs(2),
            deadline: Duration::from_secs(20),
            keep: policy.keep,
            reads_stored_variants: false,
            decodes_arriving: false,
            has_etags_of_objects: policy.keep == Keep::Always,
            ladder: policy.rules.ladder.clone(),
            marks: policy.rules.marks.clone(),
            fallback_image: policy.fallback_image.clone(),
            prewarmed_variants: prewarmed_variants(policy),
        }
    }
}

impl Config {
    /// The settings of a server without the deployment's CDN, whose processor has no price for a millisecond: it stores every
    /// variant if it has a bucket for them, unless the policy says never, and looks there first.
    #[must_use]
    pub fn of_server(self) -> Self {
        let keep = match self.keep {
            Keep::Dear { .. } | Keep::Always => Keep::Always,
            Keep::Never => Keep::Never,
        };
        Self { keep, reads_stored_variants: true, ..self }
    }

    /// The predicted time of rendering from which a variant is stored. `None` if it is never stored.
    pub(crate) fn kept_from(&self, variant: &Variant) -> Option<Duration> {
        match self.keep {
            Keep::Always => Some(Duration::ZERO),
            Keep::Dear { .. } if self.prewarmed_variants.contains(variant) => Some(Duration::ZERO),
            Keep::Dear { from_milliseconds } => Some(Duration::from_millis(from_milliseconds.into())),
            Keep::Never => None,
        }
    }
}

/// The variants that a policy prewarms: for each preset that it names, the variant of each class of `Accept`.
fn prewarmed_variants(policy: &Policy) -> Vec<Variant> {
    let mut variants = Vec::new();
    for name in &policy.prewarm {
        for accept in ["image/avif,image/webp", "image/webp", ""] {
            let route =
                route("/files/any/any", &format!("preset={name}"), accept, &policy.rules, Verifier::NONE);
            if let Ok(Route::Variant(_, variant)) = route
                && !variants.contains(&variant)
            {
                variants.push(variant);
            }
        }
    }
    variants
}

fn jpeg_decoder(name: String) -> Result<JpegDecoder, ConfigError> {
    match name.as_str() {
        "own" => Ok(JpegDecoder::Own),
        "libjpeg-turbo" => Ok(JpegDecoder::LibjpegTurbo),
        _ => Err(ConfigError::JpegDecoder(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_selects_the_decoder_by_name() {
        let check = |name: &str, expected: Result<JpegDecoder, &str>| {
            let chosen = jpeg_decoder(name.to_owned()).map_err(|error| error.to_string());
            assert_eq!(chosen, expected.map_err(str::to_owned));
        };
        check("own", Ok(JpegDecoder::Own));
        check("libjpeg-turbo", Ok(JpegDecoder::LibjpegTurbo));
        check("zune", Err("TINTYPE_JPEG_DECODER: 'zune' is neither own nor libjpeg-turbo"));
    }
}
