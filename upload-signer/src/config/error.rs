//! The errors of a configuration.

use std::ops::RangeInclusive;

use contract::signing_keys::SigningKeysError;
use service::env::{self, EnvError};

use crate::callers::jwks::JwksError;
use crate::config::scanner::ScannerConfigError;
use crate::config::secrets::SecretError;
use crate::config::webhook::WebhookConfigError;
use crate::http::origins::OriginError;
use crate::signing::bucket_endpoint::BucketEndpointError;

/// The configuration in the environment is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or not Unicode.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// A secret in Secrets Manager can't be read.
    #[error(transparent)]
    SecretsManager(#[from] SecretError),
    /// Bucket, region or endpoint is invalid.
    #[error(transparent)]
    BucketEndpoint(#[from] BucketEndpointError),
    /// The configuration of the scanner is invalid.
    #[error(transparent)]
    Scanner(#[from] ScannerConfigError),
    /// The configuration of the webhook is invalid.
    #[error(transparent)]
    Webhook(#[from] WebhookConfigError),
    /// The text is not a known media type or family of types.
    #[error("{}: '{value}': {reason}", env::UPLOAD_TYPES.name)]
    Type {
        /// The text.
        value: String,
        /// The reason, as a sentence.
        reason: String,
    },
    /// The secret is invalid.
    #[error("{name}: {cause}")]
    Secret {
        /// The variable.
        name: &'static str,
        /// The error in the secret.
        cause: SigningKeysError,
    },
    /// The list of origins is invalid.
    #[error("{}: {_0}", env::UPLOAD_ORIGINS.name)]
    Origin(OriginError),
    /// The key set is invalid.
    #[error("{}: {_0}", env::JWT_KEYS.name)]
    Jwks(JwksError),
    /// The audience is missing. Without it, the signer would accept tokens for other applications of the issuer.
    #[error("{} must be set if {} is set", env::JWT_AUDIENCE.name, env::JWT_ISSUER.name)]
    Audience,
    /// The value is neither `yes` nor `no`.
    #[error("{}: '{_0}' is neither yes nor no", env::UPLOAD_OPEN.name)]
    Open(String),
    /// No way to authenticate callers is configured, and anonymous callers are not allowed.
    #[error(
        "no caller could upload: set {}, or {}, or {} to yes behind a gateway that checks callers",
        env::SESSION_SECRET.name, env::JWT_ISSUER.name, env::UPLOAD_OPEN.name
    )]
    Closed,
    /// The value is not a whole number in the range.
    #[error("{name}: '{value}' is not a whole number from {} to {}", .range.start(), .range.end())]
    Number {
        /// The variable.
        name: &'static str,
        /// The value.
        value: String,
        /// The allowed range.
        range: RangeInclusive<u64>,
    },
}
