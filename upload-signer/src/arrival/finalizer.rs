//! The finaliser: hears of every object that was written, checks what is pending, and says in its tags what it
//! found. Events may come several times, late and in any order: what counts is the object as it is now.

use aws_lambda_events::event::sqs::SqsBatchResponse;
use serde_json::Value;
use service::notification::{Message, NotificationError, ObjectCreated, batch_response, messages};

use crate::arrival::finalize::{Facts, Verdict, decide};
use crate::arrival::scan::Scanner;
use crate::arrival::scan::result::{Finding, ScanError};
use crate::arrival::state::{Reason, State};
use crate::arrival::store::{Object, Store, StoreError};
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
pub enum Outcome {
    /// It is in this state now, or was already.
    Is(State),
    /// It is no upload: its tags tell of no state. It isn't served.
    NoUpload,
    /// It was removed, or replaced by another that has an event of its own.
    Gone,
}

/// Why an object has not been finalised. It stays pending; its event has to be delivered again.
#[derive(Debug, thiserror::Error)]
pub enum FinalizeError {
    /// The event can't be read.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// The object lies in a bucket that the finaliser has no business with.
    #[error("the object is in the bucket {actual:?}; uploads go to {expected:?}")]
    OtherBucket {
        /// The event's bucket.
        actual: String,
        /// The bucket of uploads.
        expected: String,
    },
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

impl Finalizer {
    /// Handles every record of an event. The answer names the messages of an SQS batch that failed; an event that
    /// came by no queue fails as a whole, after its other records were handled.
    pub async fn handle(&self, event: &Value) -> Result<SqsBatchResponse, FinalizeError> {
        let mut outcomes = Vec::new();
        for Message { id, objects } in messages(event)? {
            outcomes.push((id, self.finalize_all(objects).await));
        }
        batch_response(outcomes)
    }

    /// Finalises all objects of a message; the last error, if there is any, is the message's.
    async fn finalize_all(
        &self,
        objects: Vec<Result<ObjectCreated, NotificationError>>,
    ) -> Result<(), FinalizeError> {
        let mut outcome = Ok(());
        for object in objects {
            let finalized = match object {
                Ok(object) => self.finalize(&object).await.map(drop),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = finalized {
                tracing::error!(%error, "a record of an event is not handled");
                outcome = Err(error);
            }
        }
        outcome
    }

    /// Checks the object that an event announces, if it is pending, and sets its state.
    #[tracing::instrument(name = "finalize", skip_all, fields(key = created.key))]
    pub async fn finalize(&self, created: &ObjectCreated) -> Result<Outcome, FinalizeError> {
        if created.bucket != self.store.bucket() {
            let (actual, expected) = (created.bucket.clone(), self.store.bucket().to_owned());
            return Err(FinalizeError::OtherBucket { actual, expected });
        }
        match self.check_pending(created).await {
            Err(FinalizeError::Store(StoreError::Gone)) => Ok(Outcome::Gone),
            outcome => outcome,
        }
    }

    async fn check_pending(&self, created: &ObjectCreated) -> Result<Outcome, FinalizeError> {
        let object = self.store.object(&created.key, created.version_id.as_deref()).await?;
        match self.store.state(&object).await? {
            None => return Ok(Outcome::NoUpload),
            Some(State::Pending) => {}
            Some(state) => return Ok(Outcome::Is(state)),
        }
        let state = self.judge(&object).await?;
        self.settle(&object, &state).await?;
        match &state {
            State::Refused(reason) => {
                tracing::warn!(reason = reason.name(), detail = %reason, "an upload is refused");
            }
            State::Clean(_) | State::Pending => {
                tracing::info!(bytes = object.bytes, "an upload is clean");
            }
        }
        Ok(Outcome::Is(state))
    }

    /// The size and the first bytes first: nothing is scanned that is refused anyway.
    async fn judge(&self, object: &Object) -> Result<State, FinalizeError> {
        let first_bytes = self.store.first_bytes(object).await?;
        let facts = Facts { bytes: object.bytes, declared: &object.media_type, first_bytes: &first_bytes };
        let clean = match decide(&facts, &self.policy) {
            Verdict::Clean(dimensions) => State::Clean(dimensions),
            Verdict::Refused(reason) => return Ok(State::Refused(reason)),
        };
        let Some(scanner) = &self.scanner else { return Ok(clean) };
        match scanner.scan(object, self.store.content(object).await?).await? {
            Finding::Clean => Ok(clean),
            Finding::Harmful => Ok(State::Refused(Reason::Harmful)),
        }
    }

    /// Sets the state. A version can't change; without versions the object may have been replaced since it was
    /// looked at, and then what took its place goes back to pending.
    async fn settle(&self, object: &Object, state: &State) -> Result<(), FinalizeError> {
        self.store.set_state(object, state).await?;
        if object.version.is_some() {
            return Ok(());
        }
        let now = self.store.object(&object.key, None).await?;
        if now.etag == object.etag {
            return Ok(());
        }
        self.store.set_state(&now, &State::Pending).await?;
        Err(FinalizeError::Replaced)
    }
}
