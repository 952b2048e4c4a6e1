//! The errors of a configuration.

use std::ops::RangeInclusive;

use contract::signing_keys::SigningKeysError;
use service::env::{self, EnvError};

use crate::callers::jwks::JwksError;
use crate::config::scanner::ScannerConfigError;
use crate::config::secrets::SecretError;
use crate::http::origins::OriginError;
use crate::signing::bucket_endpoint::BucketEndpointError;

/// Why the environment describes no signer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or no text.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// A secret is named and can't be read.
    #[error(transparent)]
    SecretsManager(#[from] SecretError),
    /// Bucket, region or endpoint can't be addressed.
    #[error(transparent)]
    BucketEndpoint(#[from] BucketEndpointError),
    /// The scanner can't be asked.
    #[error(transparent)]
    Scanner(#[from] ScannerConfigError),
    /// Not a media type and not a family of them.
    #[error("{}: '{value}' is no media type such as image/png or image/*", env::UPLOAD_TYPES.name)]
    Type {
        /// What was given.
        value: String,
    },
    /// Not a secret.
    #[error("{name}: {cause}")]
    Secret {
        /// The variable.
        name: &'static str,
        /// What is wrong.
        cause: SigningKeysError,
    },
    /// Not an origin.
    #[error("{}: {_0}", env::UPLOAD_ORIGINS.name)]
    Origin(OriginError),
    /// Not a key set.
    #[error("{}: {_0}", env::JWT_KEYS.name)]
    Jwks(JwksError),
    /// Without an audience the tokens for every other application of the issuer would be taken.
    #[error("{} must be set where {} is", env::JWT_AUDIENCE.name, env::JWT_ISSUER.name)]
    Audience,
    /// Neither `yes` nor `no`.
    #[error("{}: '{_0}' is neither yes nor no", env::UPLOAD_OPEN.name)]
    Open(String),
    /// No client could ever prove that it may upload.
    #[error(
        "nobody could upload: set {}, or {}, or {} to yes behind a gateway that checks callers",
        env::SESSION_SECRET.name, env::JWT_ISSUER.name, env::UPLOAD_OPEN.name
    )]
    Closed,
    /// Not a whole number, or out of range.
    #[error("{name}: '{value}' is no whole number from {} to {}", .range.start(), .range.end())]
    Number {
        /// The variable.
        name: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        range: RangeInclusive<u64>,
    },
}
