//! What the service is told at its start.

use std::time::Duration;

use aws_credential_types::Credentials;
use cdn_config::policy::Policy;
use contract::key::Key;
use contract::request::{Route, Verifier, route};
use contract::variant::{Side, Variant};
use service::env::{self, EnvError};

use crate::settings::{JpegDecoder, Settings};

/// Where originals and variants are.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Another S3 than the region's own, addressed by path.
    pub endpoint: Option<String>,
    /// The buckets' region.
    pub region: String,
    /// Who reads and writes.
    pub credentials: Credentials,
    /// The bucket of originals.
    pub originals: String,
    /// The bucket of variants; without one they are made for each request.
    pub variants: Option<String>,
}

impl StoreConfig {
    /// From the environment.
    pub fn from_env() -> Result<Self, EnvError> {
        Ok(Self {
            endpoint: env::optional(env::S3_ENDPOINT)?,
            region: env::read(env::AWS_REGION)?,
            credentials: env::credentials()?,
            originals: env::read(env::ORIGINALS_BUCKET)?,
            variants: Some(env::read(env::VARIANTS_BUCKET)?),
        })
    }
}

/// Why the environment describes no service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or no text.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// Neither decoder's name.
    #[error("{}: '{_0}' is neither own nor libjpeg-turbo", env::JPEG_DECODER.name)]
    JpegDecoder(String),
}

/// How the service works.
#[derive(Clone, Debug)]
pub struct Config {
    /// How variants are made.
    pub settings: Settings,
    /// How long a variant of a key that the signer didn't make may be cached, in seconds.
    pub mutable_seconds: u32,
    /// How many variants are made at once.
    pub slots: usize,
    /// How many requests may wait for a slot. Beyond them each is told at once to come again.
    pub queue: usize,
    /// How long a request waits for its turn to fetch the original, and again for a slot.
    pub queue_wait: Duration,
    /// How long making a variant may take.
    pub deadline: Duration,
    /// The widths that information about a source names variants of.
    pub ladder: Vec<Side>,
    /// The picture that is shown instead of a variant that can't be made.
    pub fallback_image: Option<Key>,
    /// What is made of a new picture before anyone asks for it.
    pub prewarmed: Vec<Variant>,
}

/// Two seconds' work of a slot, at some 60 ms a picture.
const QUEUE_A_SLOT: usize = 32;

impl Config {
    /// As a policy says, with what the environment says otherwise.
    pub fn from_env(policy: &Policy) -> Result<Self, ConfigError> {
        let config = Self::of(policy);
        let jpeg_decoder = jpeg_decoder(env::read(env::JPEG_DECODER)?)?;
        Ok(Self { settings: Settings { jpeg_decoder, ..config.settings }, ..config })
    }

    /// As a policy says: one slot a core, a queue of 32 requests a slot and of two seconds, twenty seconds for a
    /// variant.
    pub fn of(policy: &Policy) -> Self {
        let slots = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            settings: Settings {
                limits: policy.limits,
                qualities: policy.default_qualities,
                avif_budget: Duration::from_millis(u64::from(policy.avif_budget_milliseconds)),
                jpeg_decoder: JpegDecoder::Own,
                profile: policy.profile,
                keeps_credit: policy.keeps_credit,
            },
            mutable_seconds: policy.max_age.variants_seconds,
            slots,
            queue: slots * QUEUE_A_SLOT,
            queue_wait: Duration::from_secs(2),
            deadline: Duration::from_secs(20),
            ladder: policy.rules.ladder.clone(),
            fallback_image: policy.fallback_image.clone(),
            prewarmed: prewarmed(policy),
        }
    }
}

/// The variants that a policy wants ready: of each preset that it names, what viewers of each class of `Accept` get.
fn prewarmed(policy: &Policy) -> Vec<Variant> {
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
    fn a_decoder_is_chosen_by_its_name() {
        let check = |name: &str, expected: Result<JpegDecoder, &str>| {
            let chosen = jpeg_decoder(name.to_owned()).map_err(|error| error.to_string());
            assert_eq!(chosen, expected.map_err(str::to_owned));
        };
        check("own", Ok(JpegDecoder::Own));
        check("libjpeg-turbo", Ok(JpegDecoder::LibjpegTurbo));
        check("zune", Err("TINTYPE_JPEG_DECODER: 'zune' is neither own nor libjpeg-turbo"));
    }
}
