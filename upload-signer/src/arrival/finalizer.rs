//! The finaliser: receives an event for each stored object, checks pending uploads and writes their state into tags. Events
//! may be repeated, late and in any order, so it always checks the current object.

use bucket::ObjectVersion;
use contract::media_types::KnownType;
use serde_json::Value;
use service::notification::{
    BatchResponse, HandlerError, NotificationError, ObjectCreated, created_objects, handle_batch,
    require_bucket,
};

use crate::arrival::inspection::{CleanFile, StoredFile, inspect};
use crate::arrival::scan::Scanner;
use crate::arrival::scan::result::{ScanError, ScanResult};
use crate::arrival::state::{RefusalReason, UploadState};
use crate::arrival::store::{Store, StoreError};
use crate::signing::media_type::MediaType;
use crate::signing::policy::{S3_MAX_BYTES, UploadPolicy};

/// Checks uploads and writes their states.
#[derive(Clone, Debug)]
pub struct Finalizer {
    /// The bucket of uploads.
    pub store: Store,
    /// The uploads that are allowed.
    pub policy: UploadPolicy,
    /// The scanner that must find an upload clean; `None` for no scan.
    pub scanner: Option<Scanner>,
}

/// The result of a finalisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finalization {
    /// The upload is in this state, now or since an earlier event.
    InState(UploadState),
    /// The object is not an upload: its tags contain no state. It is not served.
    NotAnUpload,
    /// The object was removed, or replaced by an object with its own event.
    Gone,
}

/// The errors of a finalisation. The upload stays pending, and its event must be delivered again.
#[derive(Debug, thiserror::Error)]
pub enum FinalizeError {
    /// The event is unreadable, or its object is in another bucket.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// The store doesn't answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The scanner returns no result.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The object was replaced during the check. The new object is pending.
    #[error("the object was replaced while it was checked")]
    Replaced,
}

/// The result of a check.
struct Verdict {
    state: UploadState,
    /// The type that the object must get before it is served; `None` if its own is right.
    new_type: Option<MediaType>,
}

impl Verdict {
    fn refused(reason: RefusalReason) -> Self {
        Self { state: UploadState::Refused(reason), new_type: None }
    }

    /// Only pictures get another type. A video may have terabytes, which would have to be copied, and players ignore
    /// the name of its type.
    fn clean(file: CleanFile, object: &ObjectVersion) -> Self {
        let CleanFile { media_type, dimensions } = file;
        let is_picture = media_type.known().is_some_and(KnownType::is_source);
        let is_wrong = !media_type.is_named_by(&object.media_type) && object.bytes <= S3_MAX_BYTES;
        Self {
            state: UploadState::Clean(dimensions),
            new_type: (is_picture && is_wrong).then_some(media_type),
        }
    }
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
    /// Handles all records of an event. The response lists the failed messages of an SQS batch. An event that didn't
    /// come from a queue fails completely, after all its records were handled.
    pub async fn handle(&self, event: &Value) -> Result<BatchResponse, FinalizeError> {
        handle_batch(
            event,
            created_objects,
            |object, _| async move { self.finalize(&object).await.map(drop) },
        )
        .await
    }

    /// Checks the object of an event if it is pending, and sets its state.
    #[tracing::instrument(name = "finalize", skip_all, fields(key = created.key))]
    pub async fn finalize(&self, created: &ObjectCreated) -> Result<Finalization, FinalizeError> {
        require_bucket(&created.bucket, self.store.bucket())?;
        match self.check_pending(created).await {
            Err(FinalizeError::Store(StoreError::Gone)) => Ok(Finalization::Gone),
            result => result,
        }
    }

    async fn check_pending(&self, created: &ObjectCreated) -> Result<Finalization, FinalizeError> {
        let (object, headers) =
            self.store.object_and_headers(&created.key, created.version_id.as_deref()).await?;
        match self.store.state(&object).await? {
            None => return Ok(Finalization::NotAnUpload),
            Some(UploadState::Pending) => {}
            Some(state) => return Ok(Finalization::InState(state)),
        }
        let Verdict { state, new_type } = self.check(&object, &headers).await?;
        let is_retyped = match &new_type {
            Some(media_type) => self.store.retype(&object, media_type, &state).await?,
            None => false,
        };
        match self.write_state(&object, &state).await {
            // The copy has the state already. The checked version gets it too, so that a repeated event ends here.
            Err(FinalizeError::Store(StoreError::Gone)) if is_retyped => {}
            written => written?,
        }
        match &state {
            UploadState::Refused(reason) => {
                tracing::warn!(reason = reason.name(), detail = %reason, "refused an upload");
            }
            UploadState::Clean(_) | UploadState::Pending => {
                tracing::info!(bytes = object.bytes, "an upload is clean");
            }
        }
        Ok(Finalization::InState(state))
    }

    /// Inspects size, headers and first bytes before the scan, so that no refused file is scanned. The scanner sees the
    /// bytes that viewers get, because a file with a content encoding is refused.
    async fn check(
        &self,
        object: &ObjectVersion,
        headers: &[(&'static str, String)],
    ) -> Result<Verdict, FinalizeError> {
        let first_bytes = self.store.first_bytes(object).await?;
        let file = StoredFile {
            bytes: object.bytes,
            declared_type: &object.media_type,
            headers,
            first_bytes: &first_bytes,
        };
        let clean = match inspect(&file, &self.policy) {
            Ok(clean) => Verdict::clean(clean, object),
            Err(reason) => return Ok(Verdict::refused(reason)),
        };
        let Some(scanner) = &self.scanner else { return Ok(clean) };
        match scanner.scan(object, self.store.content(object).await?).await? {
            ScanResult::Clean => Ok(clean),
            ScanResult::Harmful => Ok(Verdict::refused(RefusalReason::Harmful)),
        }
    }

    /// Writes the state. A version can't change. In a bucket without versions, the object may have been replaced since the
    /// check; the new object then becomes pending again.
    async fn write_state(&self, object: &ObjectVersion, state: &UploadState) -> Result<(), FinalizeError> {
        self.store.set_state(object, state).await?;
        if object.version.is_some() {
            return Ok(());
        }
        let current = self.store.object(&object.key, None).await?;
        if current.etag == object.etag {
            return Ok(());
        }
        self.store.set_state(&current, &UploadState::Pending).await?;
        Err(FinalizeError::Replaced)
    }
}
