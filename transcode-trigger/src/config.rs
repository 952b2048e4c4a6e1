//! What the handler is told by its environment.

use service::env::{self, EnvError};

/// The handler's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The bucket that uploads go to: the only one whose objects are looked at.
    pub originals_bucket: String,
}

impl Config {
    /// The configuration of the environment. A variable that is missing or not UTF-8 is an error.
    pub fn from_env() -> Result<Self, EnvError> {
        Ok(Self { originals_bucket: env::read(env::ORIGINALS_BUCKET)? })
    }
}
