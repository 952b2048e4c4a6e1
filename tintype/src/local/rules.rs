//! The rules of the local event bus: which service handles which events.
//!
//! The finaliser handles new originals, and the trigger handles the originals that the finaliser finds clean and all
//! events of transcoding jobs. Upkeep handles every change of an original, before the finaliser makes a new version
//! readable.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use local_events::pattern::Pattern;
use local_events::rule::{Handled, Handler, HandlerError, Rule};
use resize::edge::upkeep::{FollowUp, REPEAT_AFTER_SECONDS, Upkeep, UpkeepError};
use serde_json::{Value, json};
use service::notification::{HandlerError as TransientError, changes, created_objects};
use transcode_trigger::edge::trigger::Trigger;
use upload_signer::arrival::finalizer::{Finalization, FinalizeError, Finalizer};
use upload_signer::arrival::state::UploadState;

use super::error::StackError;
use super::names::ORIGINALS;

/// The rules. An event passes them in this order.
pub(super) fn rules(upkeep: Upkeep, finalizer: Finalizer, trigger: Trigger) -> Result<Vec<Rule>, StackError> {
    let trigger = Arc::new(trigger);
    let originals = json!({ "source": ["aws.s3"], "detail": { "bucket": { "name": [ORIGINALS] } } });
    let jobs = json!({ "source": ["aws.mediaconvert"] });
    Ok(vec![
        rule("upkeep", &originals, UpkeepHandler(upkeep))?,
        rule("uploads", &originals, UploadHandler { finalizer, trigger: Arc::clone(&trigger) })?,
        rule("jobs", &jobs, JobHandler(trigger))?,
    ])
}

fn rule(name: &'static str, pattern: &Value, handler: impl Handler + 'static) -> Result<Rule, StackError> {
    let pattern = Pattern::new(pattern).map_err(StackError::set_up)?;
    Ok(Rule { name, pattern, handler: Box::new(handler) })
}

/// Keeps variants up to date with their originals.
struct UpkeepHandler(Upkeep);

#[async_trait::async_trait]
impl Handler for UpkeepHandler {
    /// If variants were removed, the event is repeated: a variant of the previous version may have been stored while
    /// they were being removed.
    async fn handle(&self, event: &Value) -> Result<Handled, HandlerError> {
        let mut handled = Handled::Done;
        for change in changes(event).map_err(|error| failure(UpkeepError::from(error)))? {
            let change = change.map_err(|error| failure(UpkeepError::from(error)))?;
            if Box::pin(self.0.handle_change(change)).await.map_err(failure)? == FollowUp::Repeat {
                handled = Handled::RepeatAfter(Duration::from_secs(REPEAT_AFTER_SECONDS));
            }
        }
        Ok(handled)
    }
}

/// Finalises uploads that have arrived, and passes clean ones to the transcoding trigger.
struct UploadHandler {
    finalizer: Finalizer,
    trigger: Arc<Trigger>,
}

#[async_trait::async_trait]
impl Handler for UploadHandler {
    async fn handle(&self, event: &Value) -> Result<Handled, HandlerError> {
        for object in created_objects(event).map_err(|error| failure(FinalizeError::from(error)))? {
            let object = object.map_err(|error| failure(FinalizeError::from(error)))?;
            let outcome = Box::pin(self.finalizer.finalize(&object)).await.map_err(failure)?;
            if matches!(outcome, Finalization::InState(UploadState::Clean(_))) {
                Box::pin(self.trigger.handle(event)).await.map_err(failure)?;
            }
        }
        Ok(Handled::Done)
    }
}

/// Follows transcoding jobs.
struct JobHandler(Arc<Trigger>);

#[async_trait::async_trait]
impl Handler for JobHandler {
    async fn handle(&self, event: &Value) -> Result<Handled, HandlerError> {
        Box::pin(self.0.handle(event)).await.map_err(failure)?;
        Ok(Handled::Done)
    }
}

fn failure(error: impl TransientError + Error + Send + Sync + 'static) -> HandlerError {
    let is_retryable = error.is_transient();
    HandlerError { cause: Box::new(error), is_retryable }
}
