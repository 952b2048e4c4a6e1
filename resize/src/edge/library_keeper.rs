//! Keeps the records of the library equal to the originals, by S3's events or by a list of the whole bucket.

mod rebuild;

use std::sync::Arc;

use bucket::S3Config;
use cdn_config::policy::Policy;
use contract::key::{Area, Key};
use library::dynamodb::DynamoLibrary;
use library::keep::{KeepError, Originals, SourceError, keep};
use library::record::{Description, Facts};
use library::store::LibraryStore;
use serde::Deserialize;
use serde_json::Value;
use service::env::{self, EnvError};
use service::notification::{
    BatchResponse, HandlerError, NotificationError, ObjectName, changes, handle_batch, require_bucket,
};

use crate::edge::config::{Config, ConfigError, StoreConfig};
use crate::edge::render_service::RenderService;
use crate::edge::store::Store;

/// Keeps records equal to originals.
#[derive(Clone, Debug)]
pub struct LibraryKeeper {
    /// The records.
    pub library: Arc<dyn LibraryStore>,
    /// The bucket of originals, with the right to read objects in every state, and their tags.
    pub store: Store,
    /// The service that describes pictures.
    pub render_service: Arc<RenderService>,
}

/// The reason why an event isn't handled. It must be delivered again.
#[derive(Debug, thiserror::Error)]
pub enum LibraryKeeperError {
    /// The event can't be read, or its object is in another bucket.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// The record can't be computed or written.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The bucket can't be listed.
    #[error("the originals can't be listed: {0}")]
    List(SourceError),
}

impl HandlerError for LibraryKeeperError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Notification(_) => false,
            Self::Keep(_) | Self::List(_) => true,
        }
    }
}

impl LibraryKeeper {
    /// The keeper that the environment configures.
    pub fn from_env() -> Result<Self, ConfigError> {
        let library = DynamoLibrary::from_env()?;
        let library =
            library.ok_or(EnvError::Missing(env::LIBRARY_TABLE.name, env::LIBRARY_TABLE.meaning))?;
        Self::of_bucket(library, &env::read(env::ORIGINALS_BUCKET)?)
    }

    /// The keeper of a deployment's library, with the region and the credentials of the environment. It describes pictures in workers.
    pub fn of_bucket(library: DynamoLibrary, originals: &str) -> Result<Self, ConfigError> {
        let config =
            StoreConfig { s3: S3Config::from_env()?, originals: originals.to_owned(), variants: None };
        let store = Store::new(&config);
        let service = RenderService::new(store.clone(), Config::from_env(&Policy::built_in())?);
        Ok(Self { library: Arc::new(library), store, render_service: Arc::new(service.with_workers()?) })
    }

    /// Handles every record of an event. The response names the messages of an SQS batch that failed.
    pub async fn handle(&self, event: &Value) -> Result<BatchResponse, LibraryKeeperError> {
        let handle = |change: service::notification::Change, _| async move {
            let ObjectName { bucket, key } = change.object();
            require_bucket(&bucket, self.store.originals().name())?;
            self.keep(&key).await
        };
        handle_batch(event, changes, handle).await
    }

    /// Makes the record of a key equal to the bucket. A key that can't be served has no record.
    async fn keep(&self, key: &str) -> Result<(), LibraryKeeperError> {
        match Key::parse(key) {
            Ok(key) if is_original(&key) => Ok(keep(&*self.library, self, &key).await?),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// `true` for the files of people. What transcoding makes is below its original in the library.
fn is_original(key: &Key) -> bool {
    match key.area() {
        Area::Files | Area::Private => true,
        Area::Videos | Area::PrivateVideos => false,
    }
}

impl Originals for LibraryKeeper {
    async fn facts(&self, key: &Key) -> Result<Option<Facts>, SourceError> {
        self.store.library_facts(key).await.map_err(|error| SourceError(error.to_string()))
    }

    async fn describe(&self, key: &Key) -> Result<Option<Description>, SourceError> {
        match self.render_service.source_document(key).await {
            Ok((etag, document)) => Ok(description(&etag, &document)),
            Err(problem) if problem.kind().is_fault() => Err(SourceError(problem.detail().to_owned())),
            Err(problem) => {
                tracing::info!(%key, reason = problem.detail(), "a picture of the library isn't described");
                Ok(None)
            }
        }
    }
}

/// The members of the document about a source that the library records.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceDocument {
    width: u32,
    height: u32,
    dominant_color: String,
    thumb_hash: String,
}

fn description(etag: &str, document: &[u8]) -> Option<Description> {
    let SourceDocument { width, height, dominant_color, thumb_hash } =
        serde_json::from_slice(document).ok()?;
    let etag = etag.trim_matches('"').to_owned();
    Some(Description { etag, width, height, dominant_color, thumb_hash })
}
