//! The signer and the finaliser that the environment describes.

mod fetch;

pub mod vault;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use cdn_config::policy::Policy;
use jiff::Timestamp;
use service::env::{self, EnvError, Variable};

use crate::arrival::finalizer::Finalizer;
use crate::arrival::scan::{Scanner, ScannerError};
use crate::arrival::store::{Store, StoreConfig};
use crate::callers::access::Access;
use crate::callers::issuer::{Issuer, KeySource};
use crate::callers::jwks::{Jwks, JwksError};
use crate::config::vault::{Vault, VaultError};
use crate::http::handler::Api;
use crate::http::origins::{Origins, OriginsError};
use crate::http::status::Uploads;
use crate::links::Links;
use crate::parts::store::Parts;
use crate::signing::policy::{MAX_LIFETIME, S3_MAX_OBJECT_BYTES, TypePattern, UploadPolicy};
use crate::signing::signer::Signer;
use crate::signing::target::{Target, TargetError};
use contract::signing_keys::{SigningKeys, SigningKeysError};

/// Why the environment describes no signer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or no text.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// A secret is named and can't be read.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Bucket, region or endpoint can't be addressed.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The scanner can't be asked.
    #[error(transparent)]
    Scanner(#[from] ScannerError),
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
    Origins(OriginsError),
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

/// The service of this environment. Asks Secrets Manager for the secrets that are named there.
pub async fn from_env() -> Result<Api, ConfigError> {
    let vault = vault()?;
    let (bucket, region) = (env::read(env::ORIGINALS_BUCKET)?, env::read(env::AWS_REGION)?);
    let endpoint = env::read(env::S3_ENDPOINT)?;
    let target = if endpoint.is_empty() {
        Target::regional(&bucket, &region)?
    } else {
        Target::at_endpoint(&bucket, &region, &endpoint)?
    };
    let public_url = env::read(env::PUBLIC_URL)?;
    let signer = Signer::new(target, env::credentials()?, &public_url);
    let store = store_config()?;
    Ok(Api {
        signer: Signer { policy: policy()?, ..signer },
        access: access(&vault).await?,
        keys: keys(env::SIGNER_SECRET, &vault.open(env::read(env::SIGNER_SECRET)?).await?)?,
        parts: Parts::new(&store),
        uploads: Uploads::new(Store::new(&store), &public_url),
        origins: Origins::parse(&env::read(env::UPLOAD_ORIGINS)?).map_err(ConfigError::Origins)?,
        links: links(&vault.open(env::read(env::LINK_SECRET)?).await?)?,
    })
}

fn links(secret: &str) -> Result<Option<Links>, ConfigError> {
    if secret.is_empty() {
        return Ok(None);
    }
    Ok(Some(Links::new(keys(env::LINK_SECRET, secret)?, Policy::built_in().rules)))
}

fn vault() -> Result<Vault, EnvError> {
    let endpoint = env::read(env::SECRETS_ENDPOINT)?;
    let endpoint = (!endpoint.is_empty()).then_some(endpoint);
    Ok(Vault { credentials: env::credentials()?, endpoint, clock: Timestamp::now })
}

async fn access(vault: &Vault) -> Result<Access, ConfigError> {
    let sessions = vault.open(env::read(env::SESSION_SECRET)?).await?;
    let access = Access {
        is_open: is_open(env::read(env::UPLOAD_OPEN)?)?,
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

fn keys(variable: Variable, text: &str) -> Result<SigningKeys, ConfigError> {
    SigningKeys::parse(text).map_err(|cause| ConfigError::Secret { name: variable.name, cause })
}

fn issuer(name: &str, audience: &str, keys: &str) -> Result<Option<Issuer>, ConfigError> {
    if name.is_empty() {
        return Ok(None);
    }
    if audience.is_empty() {
        return Err(ConfigError::Audience);
    }
    let fetched = |url: &str| KeySource::url(url, Arc::new(|url| Box::pin(crate::config::fetch::get(url))));
    let keys = if keys.is_empty() {
        fetched(&format!("{}/.well-known/jwks.json", name.trim_end_matches('/')))
    } else if keys.starts_with("https://") || keys.starts_with("http://") {
        fetched(keys)
    } else {
        KeySource::Fixed(Arc::new(Jwks::parse(keys.as_bytes()).map_err(ConfigError::Jwks)?))
    };
    Ok(Some(Issuer { name: name.to_owned(), audience: audience.to_owned(), keys }))
}

/// The finaliser of this environment.
pub fn finalizer_from_env() -> Result<Finalizer, ConfigError> {
    Ok(Finalizer { store: Store::new(&store_config()?), policy: policy()?, scanner: Scanner::from_env()? })
}

fn store_config() -> Result<StoreConfig, EnvError> {
    Ok(StoreConfig {
        endpoint: env::optional(env::S3_ENDPOINT)?,
        region: env::read(env::AWS_REGION)?,
        credentials: env::credentials()?,
        bucket: env::read(env::ORIGINALS_BUCKET)?,
    })
}

fn policy() -> Result<UploadPolicy, ConfigError> {
    let defaults = UploadPolicy::default();
    let types = types(&env::read(env::UPLOAD_TYPES)?)?;
    Ok(UploadPolicy {
        types: if types.is_empty() { defaults.types } else { types },
        max_bytes: number(
            env::UPLOAD_MAX_BYTES,
            &env::read(env::UPLOAD_MAX_BYTES)?,
            1..=S3_MAX_OBJECT_BYTES,
        )?,
        max_pixels: pixels(&env::read(env::UPLOAD_MAX_PIXELS)?)?,
        lifetime: Duration::from_secs(number(
            env::UPLOAD_LIFETIME,
            &env::read(env::UPLOAD_LIFETIME)?,
            1..=MAX_LIFETIME.as_secs(),
        )?),
        ..defaults
    })
}

fn pixels(value: &str) -> Result<Option<u64>, ConfigError> {
    if value.is_empty() { Ok(None) } else { number(env::UPLOAD_MAX_PIXELS, value, 1..=u64::MAX).map(Some) }
}

fn types(list: &str) -> Result<Vec<TypePattern>, ConfigError> {
    let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| TypePattern::parse(entry).ok_or_else(|| ConfigError::Type { value: entry.to_owned() }))
        .collect()
}

fn number(variable: Variable, value: &str, range: RangeInclusive<u64>) -> Result<u64, ConfigError> {
    match value.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(ConfigError::Number { name: variable.name, value: value.to_owned(), range }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_a_list() {
        let check = |list: &str, expected: Result<&[&str], &str>| {
            let types = types(list).map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>());
            let types = types.map_err(|error| error.to_string());
            let expected = expected.map(|all| all.iter().map(ToString::to_string).collect());
            assert_eq!(types, expected.map_err(str::to_owned), "{list:?}");
        };
        check("", Ok(&[]));
        check("image/*, video/mp4,", Ok(&["image/*", "video/mp4"]));
        check("png", Err("TINTYPE_UPLOAD_TYPES: 'png' is no media type such as image/png or image/*"));
    }

    #[test]
    fn a_number_lies_in_its_range() {
        let check = |value: &str, expected: Option<u64>| {
            assert_eq!(number(env::UPLOAD_MAX_BYTES, value, 1..=100).ok(), expected, "{value:?}");
        };
        check("1", Some(1));
        check("100", Some(100));
        check("0", None);
        check("101", None);
        check("-1", None);
        check("1e2", None);
        check("", None);
        let error = number(env::UPLOAD_MAX_BYTES, "x", 1..=100).unwrap_err().to_string();
        assert_eq!(error, "TINTYPE_UPLOAD_MAX_BYTES: 'x' is no whole number from 1 to 100");
    }

    #[test]
    fn the_number_of_pixels_may_be_left_open() {
        assert_eq!(pixels("").unwrap(), None);
        assert_eq!(pixels("100000000").unwrap(), Some(100_000_000));
        assert!(pixels("0").is_err());
        assert!(pixels("many").is_err());
    }

    #[test]
    fn an_issuer_needs_an_audience_and_has_keys_at_its_usual_place() {
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
        check("https://a", "b", "{", "TINTYPE_JWT_KEYS: it is no JSON Web Key Set");
        check("https://a", "b", r#"{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}"#, "Fixed");
    }

    #[test]
    fn only_yes_opens_the_signer_to_anyone() {
        let check =
            |value: &str, expected: Option<bool>| assert_eq!(is_open(value.to_owned()).ok(), expected);
        check("yes", Some(true));
        check("no", Some(false));
        check("true", None);
        check("", None);
    }

    #[test]
    fn the_declared_defaults_are_the_policys_own() {
        let default = |variable: Variable| variable.default.unwrap().parse::<u64>().unwrap();
        let policy = UploadPolicy::default();
        assert_eq!(default(env::UPLOAD_MAX_BYTES), policy.max_bytes);
        assert_eq!(pixels(env::UPLOAD_MAX_PIXELS.default.unwrap()).unwrap(), policy.max_pixels);
        assert_eq!(default(env::UPLOAD_LIFETIME), policy.lifetime.as_secs());
    }
}
