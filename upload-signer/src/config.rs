//! The configuration of the signer and the finaliser in the environment.

mod access;

pub mod error;

mod fetch;

pub mod policy;

pub mod scanner;

mod secrets;

pub mod webhook;

use std::sync::Arc;

use bucket::{S3Config, Transport};
use cdn_config::policy::Policy;
use jiff::Timestamp;
use library::dynamodb::DynamoLibrary;
use library::store::LibraryStore;
use service::env::{self, EnvError};

use self::access::{access, keys};
use self::error::ConfigError;
use self::secrets::SecretsManager;
use crate::arrival::finalizer::Finalizer;
use crate::arrival::store::{Store, StoreConfig};
use crate::http::api::Api;
use crate::http::origins::AllowedOrigins;
use crate::http::wait::Waiters;
use crate::links::LinkSigner;
use crate::parts::store::MultipartStore;
use crate::signing::bucket_endpoint::BucketEndpoint;
use crate::signing::policy::UploadPolicy;
use crate::signing::signer::Signer;
use crate::webhook::notifier::Notifier;
use crate::webhook::redelivery::Redelivery;

/// The signer that the environment configures. Reads secrets from Secrets Manager.
pub async fn from_env() -> Result<Api, ConfigError> {
    let (bucket, region) = (env::read(env::ORIGINALS_BUCKET)?, env::read(env::AWS_REGION)?);
    let endpoint = env::read(env::S3_ENDPOINT)?;
    let target = if endpoint.is_empty() {
        BucketEndpoint::regional(&bucket, &region)?
    } else {
        BucketEndpoint::at_endpoint(&bucket, &region, &endpoint)?
    };
    signer_at(target, &store_config()?, &env::read(env::PUBLIC_URL)?).await
}

/// The signer that the environment configures, for a bucket that the caller names. `target` is the bucket's address for clients,
/// `public_url` the URL of the files for viewers.
pub async fn signer_at(
    target: BucketEndpoint,
    store: &StoreConfig,
    public_url: &str,
) -> Result<Api, ConfigError> {
    let secrets = secrets_manager()?;
    let signer = Signer::new(target, env::credentials()?, public_url);
    Ok(Api {
        signer: Signer { policy: policy::from_env(UploadPolicy::default())?, ..signer },
        access: access(&secrets).await?,
        keys: keys(env::SIGNER_SECRET, &secrets.resolve(env::read(env::SIGNER_SECRET)?).await?)?,
        multipart: MultipartStore::new(store),
        store: Store::new(store),
        waiters: Waiters::default(),
        origins: AllowedOrigins::parse(&env::read(env::UPLOAD_ORIGINS)?).map_err(ConfigError::Origin)?,
        links: links(&secrets.resolve(env::read(env::LINK_SECRET)?).await?)?,
        library: library()?,
    })
}

/// The finaliser that the environment configures.
pub fn finalizer_from_env() -> Result<Finalizer, ConfigError> {
    finalizer_at(&store_config()?)
}

/// The finaliser that the environment configures, for a bucket that the caller names.
pub fn finalizer_at(store: &StoreConfig) -> Result<Finalizer, ConfigError> {
    Ok(Finalizer {
        store: Store::new(store),
        policy: policy::from_env(UploadPolicy::default())?,
        scanner: scanner::from_env()?,
    })
}

/// The function of the webhook that the environment configures. Reads the secret from Secrets Manager.
pub async fn notifier_from_env() -> Result<(Notifier, Redelivery), ConfigError> {
    let secret = secrets_manager()?.resolve(env::read(env::WEBHOOK_SECRET)?).await?;
    let endpoint = webhook::endpoint(&env::read(env::WEBHOOK_URL)?, &secret)?;
    let notifier = Notifier {
        store: Store::new(&store_config()?),
        endpoint: endpoint.ok_or(EnvError::Missing(env::WEBHOOK_URL.name, env::WEBHOOK_URL.meaning))?,
        public_url: env::read(env::PUBLIC_URL)?.trim_end_matches('/').to_owned(),
        clock: Timestamp::now,
        transport: Transport::NETWORK,
    };
    Ok((notifier, Redelivery::new(&env::read(env::AWS_REGION)?, None, env::credentials()?)))
}

fn library() -> Result<Option<Arc<dyn LibraryStore>>, EnvError> {
    Ok(DynamoLibrary::from_env()?.map(|library| Arc::new(library) as Arc<dyn LibraryStore>))
}

fn links(secret: &str) -> Result<Option<LinkSigner>, ConfigError> {
    if secret.is_empty() {
        return Ok(None);
    }
    Ok(Some(LinkSigner::new(keys(env::LINK_SECRET, secret)?, Policy::built_in().rules)))
}

fn store_config() -> Result<StoreConfig, EnvError> {
    Ok(StoreConfig { s3: S3Config::from_env()?, bucket: env::read(env::ORIGINALS_BUCKET)? })
}

fn secrets_manager() -> Result<SecretsManager, EnvError> {
    let endpoint = env::read(env::SECRETS_ENDPOINT)?;
    let endpoint = (!endpoint.is_empty()).then_some(endpoint);
    Ok(SecretsManager { credentials: env::credentials()?, endpoint, clock: Timestamp::now })
}
