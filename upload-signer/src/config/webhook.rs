//! The configuration of the webhook in the environment.

use service::env::{self, EnvError};

use crate::webhook::endpoint::{Endpoint, EndpointError};
use crate::webhook::secret::{WebhookSecret, WebhookSecretError};

/// The configuration of the webhook is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookConfigError {
    /// A variable is not Unicode.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// The URL is invalid.
    #[error("{}: {_0}", env::WEBHOOK_URL.name)]
    Url(#[from] EndpointError),
    /// The secret is invalid.
    #[error("{}: {_0}", env::WEBHOOK_SECRET.name)]
    Secret(#[from] WebhookSecretError),
    /// A secret is set without a URL.
    #[error("{} must be set if {} is set", env::WEBHOOK_URL.name, env::WEBHOOK_SECRET.name)]
    SecretWithoutUrl,
    /// A URL is set without a secret.
    #[error("{} must be set if {} is set: {WebhookSecretError}", env::WEBHOOK_SECRET.name, env::WEBHOOK_URL.name)]
    UrlWithoutSecret,
}

/// The receiver that the environment configures; `None` if no webhook is configured. The variable of the secret must
/// contain the secret itself, and not an ARN.
pub fn endpoint_from_env() -> Result<Option<Endpoint>, WebhookConfigError> {
    endpoint(&env::read(env::WEBHOOK_URL)?, &env::read(env::WEBHOOK_SECRET)?)
}

/// The receiver at a URL; `None` if both texts are empty.
pub(super) fn endpoint(url: &str, secret: &str) -> Result<Option<Endpoint>, WebhookConfigError> {
    match (url.is_empty(), secret.is_empty()) {
        (true, true) => Ok(None),
        (true, false) => Err(WebhookConfigError::SecretWithoutUrl),
        (false, true) => Err(WebhookConfigError::UrlWithoutSecret),
        (false, false) => Ok(Some(Endpoint::new(url, WebhookSecret::parse(secret)?)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_has_a_url_and_a_secret() {
        let check = |url: &str, secret: &str, expected: Result<bool, &str>| {
            let parsed = endpoint(url, secret).map(|endpoint| endpoint.is_some()).map_err(|e| e.to_string());
            match (parsed, expected) {
                (Err(error), Err(beginning)) => assert!(error.starts_with(beginning), "{error}"),
                (parsed, expected) => assert_eq!(parsed, expected.map_err(str::to_owned)),
            }
        };
        let (url, secret) = ("http://127.0.0.1:3000/hook", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        check("", "", Ok(false));
        check(url, secret, Ok(true));
        check(
            url,
            "",
            Err("TINTYPE_WEBHOOK_SECRET must be set if TINTYPE_WEBHOOK_URL is set: a secret is whsec_"),
        );
        check("", secret, Err("TINTYPE_WEBHOOK_URL must be set if TINTYPE_WEBHOOK_SECRET is set"));
        check(
            "app.example.com",
            secret,
            Err("TINTYPE_WEBHOOK_URL: 'app.example.com' is not a URL such as https://"),
        );
        check(url, "short", Err("TINTYPE_WEBHOOK_SECRET: a secret is whsec_"));
    }
}
