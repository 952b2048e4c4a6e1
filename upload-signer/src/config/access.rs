//! The configuration of authentication in the environment.

use std::sync::Arc;

use contract::signing_keys::SigningKeys;
use service::env::{self, Variable};

use crate::callers::access::Access;
use crate::callers::issuer::Issuer;
use crate::callers::jwks::Jwks;
use crate::callers::key_source::KeySource;
use crate::config::error::ConfigError;
use crate::config::fetch;
use crate::config::secrets::SecretsManager;

pub(super) async fn access(secrets: &SecretsManager) -> Result<Access, ConfigError> {
    let sessions = secrets.resolve(env::read(env::SESSION_SECRET)?).await?;
    let access = Access {
        is_open: is_open(env::read(env::UPLOAD_OPEN)?)?,
        anonymous_may_change: false,
        sessions: if sessions.is_empty() { None } else { Some(keys(env::SESSION_SECRET, &sessions)?) },
        issuer: issuer(
            &env::read(env::JWT_ISSUER)?,
            &env::read(env::JWT_AUDIENCE)?,
            &env::read(env::JWT_KEYS)?,
        )?,
    };
    if !access.is_open && access.sessions.is_none() && access.issuer.is_none() {
        return Err(ConfigError::Closed);
    }
    Ok(access)
}

fn is_open(value: String) -> Result<bool, ConfigError> {
    match value.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(ConfigError::Open(value)),
    }
}

fn issuer(name: &str, audience: &str, keys: &str) -> Result<Option<Issuer>, ConfigError> {
    if name.is_empty() {
        return Ok(None);
    }
    if audience.is_empty() {
        return Err(ConfigError::Audience);
    }
    let fetched = |url: &str| KeySource::url(url, Arc::new(|url| Box::pin(fetch::get(url))));
    let keys = if keys.is_empty() {
        fetched(&format!("{}/.well-known/jwks.json", name.trim_end_matches('/')))
    } else if keys.starts_with("https://") || keys.starts_with("http://") {
        fetched(keys)
    } else {
        KeySource::Fixed(Arc::new(Jwks::parse(keys.as_bytes()).map_err(ConfigError::Jwks)?))
    };
    Ok(Some(Issuer { name: name.to_owned(), audience: audience.to_owned(), keys }))
}

/// Parses the signing keys in the value of a variable.
pub(super) fn keys(variable: Variable, text: &str) -> Result<SigningKeys, ConfigError> {
    SigningKeys::parse(text).map_err(|cause| ConfigError::Secret { name: variable.name, cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_needs_an_audience_and_its_keys_have_a_default_url() {
        let spelled = |name: &str, audience: &str, keys: &str| match issuer(name, audience, keys) {
            Ok(issuer) => format!("{:?}", issuer.map(|issuer| issuer.keys)),
            Err(error) => error.to_string(),
        };
        let check = |name: &str, audience: &str, keys: &str, expected: &str| {
            let spelled = spelled(name, audience, keys);
            assert!(spelled.contains(expected), "{spelled}");
        };
        check("", "", "", "None");
        check("https://a/", "", "", "TINTYPE_JWT_AUDIENCE must be set");
        check("https://a/", "b", "", r#"Url("https://a/.well-known/jwks.json")"#);
        check("https://a", "b", "https://c/keys", r#"Url("https://c/keys")"#);
        check("https://a", "b", "{", "TINTYPE_JWT_KEYS: it is not a JSON Web Key Set");
        check("https://a", "b", r#"{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}"#, "Fixed");
    }

    #[test]
    fn only_yes_allows_anonymous_callers() {
        let check =
            |value: &str, expected: Option<bool>| assert_eq!(is_open(value.to_owned()).ok(), expected);
        check("yes", Some(true));
        check("no", Some(false));
        check("true", None);
        check("", None);
    }
}
