//! Keeps variants and renditions consistent with their originals by S3's events. If an original is replaced, removed or
//! withdrawn by its tag, its variants and renditions are purged from the buckets and from the CDN. If an original becomes
//! clean, the policy's presets are rendered in advance. Events may arrive several times, late and in any order.

pub mod cloudfront;

mod renditions;

use std::sync::Arc;
use std::time::Duration;

use cdn_config::policy::Policy;
use contract::key::Key;
use serde_json::Value;
use service::env;
use service::notification::{
    BatchResponse, Change, HandlerError, NotificationError, ObjectCreated, ObjectName, changes, handle_batch,
    require_bucket,
};
use service::problem::Problem;

use cloudfront::{Cdn, CdnError};

use crate::edge::config::{Config, ConfigError, StoreConfig};
use crate::edge::render_service::RenderService;
use crate::edge::settling::SETTLING;
use crate::edge::store::Store;
use crate::edge::store::error::StoreError;
use crate::edge::store::outdated::OutdatedVariants;
use crate::edge::store::version_records::VersionRecord;

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
    /// The pause between the removal of stored variants and the invalidation: [`SETTLING`], or zero in tests.
    pub settling: Duration,
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
    /// The upkeep that the environment configures.
    pub fn from_env() -> Result<Self, ConfigError> {
        let policy = Policy::built_in();
        let config = StoreConfig::from_env(policy.keep)?;
        let distribution = env::optional(env::DISTRIBUTION)?;
        let cloudfront = env::optional(env::CLOUDFRONT_ENDPOINT)?;
        let store = Store::behind_cdn(&config);
        let service = RenderService::new(store.clone(), Config::from_env(&policy)?);
        Ok(Self {
            render_service: Arc::new(service.with_workers()?),
            store,
            originals: config.originals.clone(),
            cdn: distribution.map(|id| Cdn::new(&id, config.s3.credentials.clone(), cloudfront.as_deref())),
            settling: SETTLING,
        })
    }

    /// Handles every record of an event. The response names the messages of an SQS batch that failed. An event that
    /// came without a queue fails completely, after its other records were handled.
    pub async fn handle(&self, event: &Value) -> Result<BatchResponse, UpkeepError> {
        handle_batch(event, changes, |change, _| async move { self.handle_change(change).await }).await
    }

    /// Handles one change of an object.
    async fn handle_change(&self, change: Change) -> Result<(), UpkeepError> {
        let ObjectName { bucket, key } = change.object();
        require_bucket(&bucket, &self.originals)?;
        // An object with any other key can't have variants.
        let Ok(key) = Key::parse(&key) else { return Ok(()) };
        match change {
            Change::Created(object) => self.purge_if_replaced(&key, &object).await,
            Change::Deleted(_) => self.purge_if_removed(&key).await,
            Change::Tagged(object) => self.follow_state(&key, object.request.as_deref()).await,
        }
    }

    /// Purges the variants of an original that was written, unless it is the first version: then no variant can be
    /// outdated, and an invalidation would cost money for nothing. If it isn't the first, variants of an earlier
    /// version may exist. This holds for every order of events. If the event of a replacement is repeated, the variants
    /// whose rendering was still in progress at the first time are removed.
    async fn purge_if_replaced(&self, key: &Key, object: &ObjectCreated) -> Result<(), UpkeepError> {
        let first = VersionRecord::of(object, false);
        let known = loop {
            if let Some(known) = self.store.version_record(key).await? {
                break known;
            }
            if self.store.create_version_record(key, &first).await? {
                if self.forget_if_removed(key).await? {
                    // The event of its removal came first and found no record.
                    self.purge(key).await?;
                }
                return Ok(());
            }
            // Another process has recorded a version just now.
        };
        if known.is_replacement && known.covers(&first) {
            self.purge_rest(key, Some(&known.etag)).await?;
            return self.remove_renditions(key).await;
        }
        if known.etag == first.etag {
            return Ok(());
        }
        self.purge(key).await?;
        self.remove_renditions(key).await?;
        // A late event must not hide the version that has replaced the one of the event.
        let newest = if known.covers(&first) { known } else { first };
        self.store.replace_version_record(key, &VersionRecord { is_replacement: true, ..newest }).await?;
        self.forget_if_removed(key).await.map(drop)
    }

    /// Removes the record of an original that doesn't exist: its event may be later than those of its removal, and no other
    /// rule removes a record. Returns `true` if the original doesn't exist.
    async fn forget_if_removed(&self, key: &Key) -> Result<bool, UpkeepError> {
        if self.store.has_original(key).await? {
            return Ok(false);
        }
        self.store.delete_version_record(key).await?;
        Ok(true)
    }

    /// Purges the variants of an original that was removed. The removal of an older version changes nothing. A repeated
    /// event finds no record, and purges only variants that have appeared since.
    async fn purge_if_removed(&self, key: &Key) -> Result<(), UpkeepError> {
        let Some(known) = self.store.version_record(key).await? else {
            self.purge_rest(key, None).await?;
            return self.remove_renditions(key).await;
        };
        match self.store.original_etag(key).await {
            Ok(etag) if etag.trim_matches('"') == known.etag => return Ok(()),
            Ok(_) | Err(StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        self.purge(key).await?;
        self.remove_renditions(key).await?;
        // An original that was written again can't be read until it is clean, but it exists.
        self.forget_if_removed(key).await.map(drop)
    }

    /// Removes every variant of an original.
    async fn purge(&self, key: &Key) -> Result<(), UpkeepError> {
        let all = self.store.outdated_variants(key, None).await?;
        self.remove(key, &all).await
    }

    /// Removes the variants of an original that an earlier purge has left, if there are any. `current` is the entity tag
    /// of the current version.
    async fn purge_rest(&self, key: &Key, current: Option<&str>) -> Result<(), UpkeepError> {
        let rest = self.store.outdated_variants(key, current).await?;
        if rest.is_empty() {
            return Ok(());
        }
        // If the invalidation fails, the marker still exists at the next delivery.
        self.store.mark_outdated(key).await?;
        self.remove(key, &rest).await
    }

    /// Removes variants of an original. The order matters: requests stop joining renderings, stored variants are removed,
    /// and only then the CDN drops its copies, so that it can't fetch them again. Renderings of the older version that are
    /// in progress end before the CDN drops its copies, or mark the original.
    #[tracing::instrument(skip_all, fields(%key))]
    async fn remove(&self, key: &Key, outdated: &OutdatedVariants) -> Result<(), UpkeepError> {
        self.render_service.forget(key);
        self.store.delete_outdated(outdated).await?;
        if let Some(cdn) = &self.cdn {
            tokio::time::sleep(self.settling).await;
            cdn.invalidate(key).await?;
        }
        self.store.unmark_outdated(key, outdated).await?;
        tracing::info!(removed = outdated.stored(), "variants are purged");
        Ok(())
    }

    /// Follows the state of an original whose tags were set. If the tags don't say `clean`, the original can't be read: it was
    /// withdrawn, and so is all that was made of it.
    async fn follow_state(&self, key: &Key, request: Option<&str>) -> Result<(), UpkeepError> {
        match self.store.original_media_type(key).await {
            Ok(media_type) if media_type.starts_with("image/") => self.prewarm(key).await,
            Ok(_) => Ok(()),
            Err(StoreError::NotFound) => {
                self.purge_if_withdrawn(key, request).await?;
                self.remove_renditions(key).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Purges the variants of an original that a request has withdrawn by its tags. The CDN may have variants that aren't stored,
    /// so it is invalidated once for each such request, whatever the bucket has. An upload that was refused when it arrived was
    /// never served, and a removed one is purged by the event of its removal.
    async fn purge_if_withdrawn(&self, key: &Key, request: Option<&str>) -> Result<(), UpkeepError> {
        let known = self.store.version_record(key).await?;
        let is_purged = known.as_ref().is_some_and(|known| request == Some(&*known.withdrawal));
        if is_purged || !self.store.may_have_been_served(key).await? {
            return self.purge_rest(key, None).await;
        }
        self.purge(key).await?;
        match (known, request) {
            (Some(known), Some(request)) => Ok(self.store.note_withdrawal(key, known, request).await?),
            _ => Ok(()),
        }
    }

    /// Renders the policy's presets of a clean picture.
    async fn prewarm(&self, key: &Key) -> Result<(), UpkeepError> {
        let config = self.render_service.config();
        self.render_service.prewarm(key, &config.prewarmed_variants).await.map_err(UpkeepError::Prewarm)
    }
}
