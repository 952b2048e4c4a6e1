//! The trigger's configuration, read from the environment.

use std::ops::RangeInclusive;
use std::time::Duration;

use bucket::{S3Config, Transport};
use cdn_config::policy::Policy;
use service::env::{self, EnvError, Variable};

use super::clock::Clock;
use super::store::Store;
use super::submit::{SubmitConfig, Submitter, TIMEOUTS};
use super::trigger::Trigger;
use crate::inputs::{Inputs, RecursionError};

/// Attempts for each request to MediaConvert and EventBridge. After the last one the event fails and is delivered
/// again.
const ATTEMPTS: u32 = 4;

/// Reason why the environment does not configure a trigger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or not UTF-8.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// The prefix of inputs overlaps with the outputs.
    #[error("{}: {_0}", env::VIDEO_INPUTS.name)]
    Recursion(#[from] RecursionError),
    /// The value is not a whole number, or it is out of range.
    #[error("{name}: '{value}' is not a whole number from {} to {}", .range.start(), .range.end())]
    Number {
        /// The variable's name.
        name: &'static str,
        /// The value.
        value: String,
        /// The allowed range.
        range: RangeInclusive<u32>,
    },
}

/// Builds the trigger of this environment.
pub fn from_env() -> Result<Trigger, ConfigError> {
    let s3 = S3Config::from_env()?;
    let bucket = env::read(env::ORIGINALS_BUCKET)?;
    let inputs = Inputs::new(&bucket, &env::read(env::VIDEO_INPUTS)?)?;
    let submitter = Submitter::new(&SubmitConfig {
        region: s3.region.clone(),
        credentials: s3.credentials.clone(),
        endpoint: env::optional(env::MEDIACONVERT_ENDPOINT)?,
        role: env::read(env::MEDIACONVERT_ROLE)?,
        queue: env::optional(env::MEDIACONVERT_QUEUE)?,
        bus: env::optional(env::EVENT_BUS)?,
        events_endpoint: env::optional(env::EVENTS_ENDPOINT)?,
        attempts: ATTEMPTS,
        timeouts: TIMEOUTS,
        transport: Transport::NETWORK,
    });
    let claim_seconds = number(env::CLAIM_SECONDS, env::read(env::CLAIM_SECONDS)?, 90..=3_600)?;
    Ok(Trigger {
        inputs,
        policy: Policy::built_in().video,
        store: Store::new(&s3, &bucket),
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
    fn a_number_must_be_in_its_range() {
        let check = |value: &str, expected: Option<u32>| {
            assert_eq!(number(env::MAX_RECEIVES, value.to_owned(), 1..=5).ok(), expected, "{value:?}");
        };
        check("1", Some(1));
        check("5", Some(5));
        check("0", None);
        check("6", None);
        check("", None);
        let error = number(env::MAX_RECEIVES, "x".to_owned(), 1..=5).unwrap_err().to_string();
        assert_eq!(error, "TINTYPE_MAX_RECEIVES: 'x' is not a whole number from 1 to 5");
    }
}
