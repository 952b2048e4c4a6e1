//! The finaliser: hears of every object that was written, checks what is pending, and says in its tags what it
//! found. Events may come several times, late and in any order: what counts is the object as it is now.

use bucket::ObjectVersion;
use serde_json::Value;
use service::notification::{
    BatchResponse, HandlerError, NotificationError, ObjectCreated, created_objects, handle_batch,
    require_bucket,
};

use crate::arrival::inspection::{StoredFile, inspect};
use crate::arrival::scan::Scanner;
use crate::arrival::scan::result::{ScanError, ScanResult};
use crate::arrival::state::{RefusalReason, UploadState};
use crate::arrival::store::{Store, StoreError};
use crate::signing::policy::UploadPolicy;

/// All that checking needs.
#[derive(Clone, Debug)]
pub struct Finalizer {
    /// The bucket of uploads.
    pub store: Store,
    /// What may be uploaded.
    pub policy: UploadPolicy,
    /// Who is asked before an upload is clean.
    pub scanner: Option<Scanner>,
}

/// What became of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finalization {
    /// It is in this state now, or was already.
    InState(UploadState),
    /// It is no upload: its tags tell of no state. It isn't served.
    NotAnUpload,
    /// It was removed, or replaced by another that has an event of its own.
    Gone,
}

/// Why an object has not been finalised. It stays pending; its event has to be delivered again.
#[derive(Debug, thiserror::Error)]
pub enum FinalizeError {
    /// The event can't be read, or its object is in another bucket.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// The store doesn't answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The scanner doesn't tell.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The object was replaced while it was checked. It is pending again.
    #[error("the object was replaced while it was checked")]
    Replaced,
}

impl HandlerError for FinalizeError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Notification(_) => false,
            Self::Store(_) | Self::Scan(_) | Self::Replaced => true,
        }
    }
}

impl Finalizer {
    /// Handles every record of an event. The answer names the messages of an SQS batch that failed; an event that
    /// came by no queue fails as a whole, after its other records were handled.
    pub async fn handle(&self, event: &Value) -> Result<BatchResponse, FinalizeError> {
        handle_batch(
            event,
            created_objects,
            |object, _| async move { self.finalize(&object).await.map(drop) },
        )
        .await
    }

    /// Checks the object that an event announces, if it is pending, and sets its state.
    #[tracing::instrument(name = "finalize", skip_all, fields(key = created.key))]
    pub async fn finalize(&self, created: &ObjectCreated) -> Result<Finalization, FinalizeError> {
        require_bucket(&created.bucket, self.store.bucket())?;
        match self.check_pending(created).await {
            Err(FinalizeError::Store(StoreError::Gone)) => Ok(Finalization::Gone),
            outcome => outcome,
        }
    }

    async fn check_pending(&self, created: &ObjectCreated) -> Result<Finalization, FinalizeError> {
        let object = self.store.object(&created.key, created.version_id.as_deref()).await?;
        match self.store.state(&object).await? {
            None => return Ok(Finalization::NotAnUpload),
            Some(UploadState::Pending) => {}
            Some(state) => return Ok(Finalization::InState(state)),
        }
        let state = self.judge(&object).await?;
        self.settle(&object, &state).await?;
        match &state {
            UploadState::Refused(reason) => {
                tracing::warn!(reason = reason.name(), detail = %reason, "an upload is refused");
            }
            UploadState::Clean(_) | UploadState::Pending => {
                tracing::info!(bytes = object.bytes, "an upload is clean");
            }
        }
        Ok(Finalization::InState(state))
    }

    /// The size and the first bytes first: nothing is scanned that is refused anyway.
    async fn judge(&self, object: &ObjectVersion) -> Result<UploadState, FinalizeError> {
        let first_bytes = self.store.first_bytes(object).await?;
        let file =
            StoredFile { bytes: object.bytes, declared_type: &object.media_type, first_bytes: &first_bytes };
        let clean = match inspect(&file, &self.policy) {
            Ok(dimensions) => UploadState::Clean(dimensions),
            Err(reason) => return Ok(UploadState::Refused(reason)),
        };
        let Some(scanner) = &self.scanner else { return Ok(clean) };
        match scanner.scan(object, self.store.content(object).await?).await? {
            ScanResult::Clean => Ok(clean),
            ScanResult::Harmful => Ok(UploadState::Refused(RefusalReason::Harmful)),
        }
    }

    /// Sets the state. A version can't change; without versions the object may have been replaced since it was
    /// looked at, and then what took its place goes back to pending.
    async fn settle(&self, object: &ObjectVersion, state: &UploadState) -> Result<(), FinalizeError> {
        self.store.set_state(object, state).await?;
        if object.version.is_some() {
            return Ok(());
        }
        let now = self.store.object(&object.key, None).await?;
        if now.etag == object.etag {
            return Ok(());
        }
        self.store.set_state(&now, &UploadState::Pending).await?;
        Err(FinalizeError::Replaced)
    }
}
