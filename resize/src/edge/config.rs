//! The configuration of the service, from the policy and the environment.

use std::io;
use std::time::Duration;

use bucket::S3Config;
use cdn_config::policy::Policy;
use contract::key::Key;
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
    /// The name of the bucket of variants. Without it every request renders its variant.
    pub variants: Option<String>,
}

impl StoreConfig {
    /// Reads the environment.
    pub fn from_env() -> Result<Self, EnvError> {
        Ok(Self {
            s3: S3Config::from_env()?,
            originals: env::read(env::ORIGINALS_BUCKET)?,
            variants: Some(env::read(env::VARIANTS_BUCKET)?),
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
    /// `true` if the service reads stored variants itself. Behind a CDN this is `false`: the CDN reads them before it
    /// asks the service.
    pub reads_stored_variants: bool,
    /// The widths for which `fm=json` lists variants.
    pub ladder: Vec<Side>,
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
                keeps_credit: policy.keeps_credit,
            },
            mutable_seconds: policy.max_age.variants_seconds,
            slots,
            queue: slots * QUEUE_PER_SLOT,
            queue_wait: Duration::from_secs(2),
            deadline: Duration::from_secs(20),
            reads_stored_variants: false,
            ladder: policy.rules.ladder.clone(),
            fallback_image: policy.fallback_image.clone(),
            prewarmed_variants: prewarmed_variants(policy),
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
