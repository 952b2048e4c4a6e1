//! Keeps variants consistent with their originals by S3's events. A replaced or removed original has its variants purged
//! from the bucket and from the CDN. An original that has become clean has the policy's presets rendered in advance.
//! Events may arrive several times, late and in any order.

pub mod cloudfront;

use std::sync::Arc;

use contract::key::Key;
use serde_json::Value;
use service::notification::{
    BatchResponse, Change, HandlerError, NotificationError, ObjectCreated, ObjectName, changes, handle_batch,
    require_bucket,
};
use service::problem::Problem;

use cloudfront::{Cdn, CdnError};

use crate::edge::render_service::RenderService;
use crate::edge::store::Store;
use crate::edge::store::error::StoreError;
use crate::edge::store::version_records::VersionRecord;
use crate::edge::variant_request::VariantRequest;

/// Handles changes of originals.
#[derive(Clone, Debug)]
pub struct Upkeep {
    /// The service that renders variants in advance.
    pub render_service: Arc<RenderService>,
    /// The buckets, with the right to list and remove variants.
    pub store: Store,
    /// The name of the bucket of originals.
    pub originals: String,
    /// The CDN that caches variants; `None` if there is no CDN that can be invalidated.
    pub cdn: Option<Cdn>,
}

/// The reason why an event isn't handled. It must be delivered again.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// The event can't be read, or its object is in another bucket.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// S3 doesn't answer or refuses a request.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The CDN doesn't answer or refuses the invalidation.
    #[error(transparent)]
    Cdn(#[from] CdnError),
    /// A variant can't be rendered in advance because of a fault in the service or the store.
    #[error("a variant could not be rendered in advance: {}", .0.detail())]
    Prewarm(Problem),
}

impl HandlerError for UpkeepError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Notification(_) => false,
            Self::Store(_) | Self::Cdn(_) | Self::Prewarm(_) => true,
        }
    }
}

impl Upkeep {
    /// Handles every record of an event. The response names the messages of an SQS batch that failed. An event that
    /// came without a queue fails as a whole, after its other records were handled.
    pub async fn handle(&self, event: &Value) -> Result<BatchResponse, UpkeepError> {
        handle_batch(event, changes, |change, _| async move { self.handle_change(change).await }).await
    }

    /// Handles one change of an object.
    async fn handle_change(&self, change: Change) -> Result<(), UpkeepError> {
        let ObjectName { bucket, key } = change.object();
        require_bucket(&bucket, &self.originals)?;
        // No variant can be requested of an object with any other key.
        let Ok(key) = Key::parse(&key) else { return Ok(()) };
        match change {
            Change::Created(ObjectCreated { etag, .. }) => self.purge_if_replaced(&key, &etag).await,
            Change::Deleted(_) => self.purge(&key).await,
            Change::Tagged(_) => self.prewarm(&key).await,
        }
    }

    /// Purges the variants of an original that was written, unless it is the first version: nothing can be outdated then,
    /// and an invalidation costs money. Any other version means that variants of an earlier one may exist, also if
    /// the events arrive in another order. A repeated event of a replacement purges again, which removes variants whose
    /// rendering was in progress the first time.
    async fn purge_if_replaced(&self, key: &Key, etag: &str) -> Result<(), UpkeepError> {
        let record = self.store.version_record(key).await?;
        if record.is_none() && self.store.record_first_version(key, etag).await? {
            return Ok(());
        }
        let is_repeated_first_version = record
            .is_some_and(|VersionRecord { etag: first, is_replacement }| first == etag && !is_replacement);
        if is_repeated_first_version {
            return Ok(());
        }
        self.purge(key).await?;
        self.store.record_replacement(key, etag).await?;
        Ok(())
    }

    /// Removes every variant of an original. The order matters: requests stop joining renderings, stored variants are
    /// removed, and only then the CDN drops its copies, so that it can't fetch them again.
    #[tracing::instrument(skip_all, fields(%key))]
    async fn purge(&self, key: &Key) -> Result<(), UpkeepError> {
        self.render_service.forget(key);
        let removed = self.store.delete_variants(key).await?;
        if let Some(cdn) = &self.cdn {
            cdn.invalidate(key).await?;
        }
        tracing::info!(removed, "variants are purged");
        Ok(())
    }

    /// Renders the policy's presets of an original whose tags were set. If the tags don't say `clean`, the original can't
    /// be read and nothing is rendered.
    async fn prewarm(&self, key: &Key) -> Result<(), UpkeepError> {
        let config = self.render_service.config();
        if config.prewarmed_variants.is_empty() {
            return Ok(());
        }
        match self.store.original_media_type(key).await {
            Ok(media_type) if media_type.starts_with("image/") => {}
            Ok(_) | Err(StoreError::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        for variant in &config.prewarmed_variants {
            let request = VariantRequest { key: key.clone(), variant: variant.clone() };
            match self.render_service.prewarm(&request).await {
                Ok(()) => {}
                Err(problem) if problem.kind().is_fault() => return Err(UpkeepError::Prewarm(problem)),
                Err(problem) => {
                    tracing::info!(reason = problem.detail(), "a variant isn't rendered in advance");
                }
            }
        }
        Ok(())
    }
}
