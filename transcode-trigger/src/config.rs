//! The trigger that the environment describes.

use std::ops::RangeInclusive;
use std::time::Duration;

use cdn_config::policy::Policy;
use service::env::{self, EnvError, Variable};

use crate::handler::{Clock, Trigger};
use crate::places::{Places, RecursionError};
use crate::store::{Store, StoreConfig};
use crate::submit::{SubmitConfig, Submitter};

/// How often each request is tried before its event is left to another delivery.
const ATTEMPTS: u32 = 4;

/// Why the environment describes no trigger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or no text.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// Transcoding would feed on itself.
    #[error("{}: {_0}", env::VIDEO_INPUTS.name)]
    Recursion(#[from] RecursionError),
    /// Not a whole number, or out of range.
    #[error("{name}: '{value}' is no whole number from {} to {}", .range.start(), .range.end())]
    Number {
        /// The variable.
        name: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        range: RangeInclusive<u32>,
    },
}

/// The trigger of this environment.
pub fn from_env() -> Result<Trigger, ConfigError> {
    let (region, credentials) = (env::read(env::AWS_REGION)?, env::credentials()?);
    let bucket = env::read(env::ORIGINALS_BUCKET)?;
    let places = Places::new(&bucket, &env::read(env::VIDEO_INPUTS)?)?;
    let store = Store::new(&StoreConfig {
        endpoint: env::optional(env::S3_ENDPOINT)?,
        region: region.clone(),
        credentials: credentials.clone(),
        bucket,
    });
    let submitter = Submitter::new(&SubmitConfig {
        region,
        credentials,
        endpoint: env::optional(env::MEDIACONVERT_ENDPOINT)?,
        role: env::read(env::MEDIACONVERT_ROLE)?,
        queue: env::optional(env::MEDIACONVERT_QUEUE)?,
        bus: env::optional(env::EVENT_BUS)?,
        events_endpoint: env::optional(env::EVENTS_ENDPOINT)?,
        attempts: ATTEMPTS,
    });
    let claim_seconds = number(env::CLAIM_SECONDS, env::read(env::CLAIM_SECONDS)?, 90..=3_600)?;
    Ok(Trigger {
        places,
        policy: Policy::built_in().video,
        store,
        submitter,
        claim_time: Duration::from_secs(u64::from(claim_seconds)),
        max_receives: number(env::MAX_RECEIVES, env::read(env::MAX_RECEIVES)?, 1..=1_000)?,
        clock: Clock::system(),
    })
}

fn number(variable: Variable, value: String, range: RangeInclusive<u32>) -> Result<u32, ConfigError> {
    match value.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(ConfigError::Number { name: variable.name, value, range }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_lies_in_its_range() {
        let check = |value: &str, expected: Option<u32>| {
            assert_eq!(number(env::MAX_RECEIVES, value.to_owned(), 1..=5).ok(), expected, "{value:?}");
        };
        check("1", Some(1));
        check("5", Some(5));
        check("0", None);
        check("6", None);
        check("", None);
        let error = number(env::MAX_RECEIVES, "x".to_owned(), 1..=5).unwrap_err().to_string();
        assert_eq!(error, "TINTYPE_MAX_RECEIVES: 'x' is no whole number from 1 to 5");
    }
}
