//! Uploads of `tintype serve`: the signer, the check of what arrives, and the gate in front of files that aren't clean.

use std::time::Duration;

use axum::Router;
use bucket::S3Config;
use contract::key::Key;
use contract::policy::Rules;
use jiff::Timestamp;
use service::problem::{Kind, Problem};
use upload_signer::app;
use upload_signer::arrival::poller::{Poller, Reach};
use upload_signer::arrival::state::UploadState;
use upload_signer::arrival::store::{NewestVersion, Store, StoreConfig, StoreError};
use upload_signer::config::{self, error::ConfigError};
use upload_signer::links::LinkSigner;
use upload_signer::signing::bucket_endpoint::BucketEndpoint;

/// The interval between two passes of the poller. Clients wait for it after an upload.
const INTERVAL: Duration = Duration::from_secs(1);

/// The number of passes over recent uploads for one over all.
const RECENT_PASSES: u32 = 600;

/// What the server needs of the service for uploads.
#[derive(Clone, Debug)]
pub struct Uploads {
    /// The signer's API.
    pub signer: Router,
    /// Signs links for the API; `None` without a secret for links.
    pub links: Option<LinkSigner>,
    /// The gate in front of the files.
    pub gate: CleanGate,
}

impl Uploads {
    /// Signs later links by these rules.
    pub fn set_rules(&self, rules: Rules) {
        if let Some(links) = &self.links {
            links.set_rules(rules);
        }
    }
}

/// The service that the environment configures, and the poller that checks uploads. `client_s3` is the S3's URL for clients.
pub(crate) async fn from_env(
    s3: &S3Config,
    bucket: &str,
    public_url: &str,
    client_s3: Option<&str>,
) -> Result<(Uploads, Poller), ConfigError> {
    let target = match client_s3.or(s3.endpoint.as_deref()) {
        Some(endpoint) => BucketEndpoint::at_endpoint(bucket, &s3.region, endpoint)?,
        None => BucketEndpoint::regional(bucket, &s3.region)?,
    };
    let store = StoreConfig { s3: s3.clone(), bucket: bucket.to_owned() };
    let api = config::signer_at(target, &store, public_url).await?;
    let poller = Poller::new(config::finalizer_at(&store)?);
    let (links, gate) = (api.links.clone(), CleanGate { store: api.store.clone() });
    Ok((Uploads { signer: app::app(api), links, gate }, poller))
}

/// Checks uploads until the task is aborted.
pub(crate) async fn poll(mut poller: Poller) {
    let mut ticks = tokio::time::interval(INTERVAL);
    for number in (0..RECENT_PASSES).cycle() {
        ticks.tick().await;
        let reach = if number == 0 { Reach::All } else { Reach::Recent };
        if let Err(error) = poller.pass(Timestamp::now(), reach).await {
            tracing::error!(%error, "the bucket of originals can't be listed; uploads stay pending");
        }
    }
}

/// Lets only objects pass that the check has found clean. On AWS the bucket's policy does the same.
#[derive(Clone, Debug)]
pub struct CleanGate {
    store: Store,
}

impl CleanGate {
    /// The entity tag of an object, with quotes. `None` if there is no such object, or if it isn't clean.
    pub async fn clean_etag(&self, key: &Key) -> Result<Option<String>, Problem> {
        match self.store.newest(key.as_str()).await {
            Ok(NewestVersion { object, state: Some(UploadState::Clean(_)), .. }) => Ok(Some(object.etag)),
            Ok(_) | Err(StoreError::Gone) => Ok(None),
            Err(StoreError::Unavailable(error)) => {
                tracing::error!(%error, "the state of an object can't be read");
                Err(Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again"))
            }
        }
    }
}
