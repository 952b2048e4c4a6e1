//! Keeps variants in step with their originals: S3's events of originals that were replaced or removed take their
//! variants away, here and at the CDN; those of originals that have become clean make the variants that the policy
//! wants ready. Events may come several times, late and in any order.

mod cloudfront;

use std::sync::Arc;

use contract::key::Key;
use serde_json::Value;
use service::notification::{
    BatchResponse, Change, HandlerError, NotificationError, ObjectCreated, ObjectName, changes, handle_batch,
    require_bucket,
};
use service::problem::Problem;

pub use cloudfront::{Cdn, CdnError};

use crate::edge::render_service::{RenderService, Wanted};
use crate::edge::store::versions::Seen;
use crate::edge::store::{Store, StoreError};

/// All that keeping up needs.
#[derive(Clone, Debug)]
pub struct Upkeep {
    /// The service whose variants they are.
    pub resizer: Arc<RenderService>,
    /// The buckets, with the right to list and remove variants.
    pub store: Store,
    /// The bucket of originals.
    pub originals: String,
    /// The CDN that has copies; none where there is none, or none that can be told.
    pub cdn: Option<Cdn>,
}

/// Why an event isn't dealt with. It has to be delivered again.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// The event can't be read, or its object is in another bucket.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// The store doesn't answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The CDN doesn't answer.
    #[error(transparent)]
    Cdn(#[from] CdnError),
    /// A variant could not be made for now.
    #[error("a variant could not be made ready: {}", .0.detail())]
    Prewarm(Problem),
}

/// The further handling that a change needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowUp {
    /// The change is handled completely.
    None,
    /// Variants were purged. The event must be handled once more after [`REPEAT_AFTER_SECONDS`], since a rendering
    /// of the previous version may have been under way.
    Repeat,
}

/// Seconds after which a purge is repeated. By then every rendering of the previous version has ended: it has
/// finished, or its process has.
pub const REPEAT_AFTER_SECONDS: u64 = 60;

impl HandlerError for UpkeepError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Notification(_) => false,
            Self::Store(_) | Self::Cdn(_) | Self::Prewarm(_) => true,
        }
    }
}

impl Upkeep {
    /// Deals with every record of an event. The answer names the messages of an SQS batch that failed; an event
    /// that came by no queue fails as a whole, after its other records were dealt with.
    pub async fn handle(&self, event: &Value) -> Result<BatchResponse, UpkeepError> {
        handle_batch(event, changes, |change, _| async move { self.handle_change(change).await.map(drop) })
            .await
    }

    /// Handles one change of an object.
    pub async fn handle_change(&self, change: Change) -> Result<FollowUp, UpkeepError> {
        let ObjectName { bucket, key } = change.object();
        require_bucket(&bucket, &self.originals)?;
        // No variant can be requested of an object with any other key.
        let Ok(key) = Key::parse(&key) else { return Ok(FollowUp::None) };
        match change {
            Change::Created(ObjectCreated { etag, .. }) => self.written(&key, &etag).await,
            Change::Deleted(_) => self.purge(&key).await,
            Change::Tagged(_) => self.prewarm(&key).await,
        }
    }

    /// An original was written. The first time nothing can be outdated, and an invalidation costs money. Any other
    /// version, in whatever order their events come, means that there may be variants of one that is gone. A
    /// replacement's event that comes again purges again, which reaches what was under way the first time.
    async fn written(&self, key: &Key, etag: &str) -> Result<FollowUp, UpkeepError> {
        let store = &self.store;
        let seen = store.seen(key).await?;
        if seen.is_none() && store.note_first(key, etag).await? {
            return Ok(FollowUp::None);
        }
        let is_the_first_again =
            seen.is_some_and(|Seen { etag: first, is_replacement }| first == etag && !is_replacement);
        if is_the_first_again {
            return Ok(FollowUp::None);
        }
        let purged = self.purge(key).await?;
        store.note_replacement(key, etag).await?;
        Ok(purged)
    }

    /// Takes away every variant of an original: what is under way isn't joined, what is stored is removed, and then
    /// the CDN forgets its copies, so that it can't fetch them once more.
    #[tracing::instrument(skip_all, fields(%key))]
    async fn purge(&self, key: &Key) -> Result<FollowUp, UpkeepError> {
        self.resizer.forget(key);
        let removed = self.store.delete_variants(key).await?;
        if let Some(cdn) = &self.cdn {
            cdn.invalidate(key).await?;
        }
        tracing::info!(removed, "variants are purged");
        Ok(FollowUp::Repeat)
    }

    /// Makes what the policy wants ready of an original whose tags were set: when these say that it isn't clean, it
    /// can't be read, and nothing is made.
    async fn prewarm(&self, key: &Key) -> Result<FollowUp, UpkeepError> {
        let config = self.resizer.config();
        if config.prewarmed.is_empty() {
            return Ok(FollowUp::None);
        }
        match self.store.media_type(key).await {
            Ok(media_type) if media_type.starts_with("image/") => {}
            Ok(_) | Err(StoreError::NotFound) => return Ok(FollowUp::None),
            Err(error) => return Err(error.into()),
        }
        for variant in &config.prewarmed {
            let wanted = Wanted { key: key.clone(), variant: variant.clone() };
            match self.resizer.made_ready(&wanted).await {
                Ok(()) => {}
                Err(problem) if problem.kind().is_fault() => return Err(UpkeepError::Prewarm(problem)),
                Err(problem) => tracing::info!(reason = problem.detail(), "a variant isn't made ready"),
            }
        }
        Ok(FollowUp::None)
    }
}
