//! EventBridge on one machine: what the buckets tell goes to who listens, at least once. An event is forgotten when
//! it was handled. One that can't be handled is tried again, later and later, and holds nothing up meanwhile.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use resize::edge::upkeep::{FollowUp, REPEAT_AFTER_SECONDS, Upkeep, UpkeepError};
use serde_json::Value;
use service::notification::{HandlerError as _, changes, created_objects};
use tokio::sync::{Semaphore, watch};
use transcode_trigger::edge::error::EventError;
use transcode_trigger::edge::trigger::Trigger;
use upload_signer::arrival::finalizer::{Finalization, FinalizeError, Finalizer};
use upload_signer::arrival::state::UploadState;

use local_s3::{PendingEvent, Store};

/// As many events are read at once.
const BATCH: usize = 100;

/// As many events are known at once, most of them waiting to be tried again.
const MOST: usize = 10_000;

/// As many events are handled at once.
const AT_ONCE: usize = 4;

/// How long a failed event waits for its second try; then twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest that an event waits for its next try.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Who listens.
#[derive(Debug)]
pub(crate) struct Listeners {
    /// Hears of every new original.
    pub(crate) finalizer: Finalizer,
    /// Hears of every original that is clean, and of every transcoding job.
    pub(crate) trigger: Trigger,
    /// Hears of whatever happens to an original.
    pub(crate) upkeep: Upkeep,
}

/// Why an event isn't handled.
#[derive(Debug, thiserror::Error)]
enum DeliveryError {
    #[error(transparent)]
    Finalize(#[from] FinalizeError),
    #[error(transparent)]
    Trigger(#[from] EventError),
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
}

impl DeliveryError {
    /// Whether another try may end otherwise.
    fn is_transient(&self) -> bool {
        match self {
            Self::Finalize(error) => error.is_transient(),
            Self::Trigger(error) => error.is_transient(),
            Self::Upkeep(error) => error.is_transient(),
        }
    }
}

/// Delivers the store's events until the stack stops. What isn't handled by then is delivered after the next start.
pub(crate) async fn deliver(store: Store, listeners: Listeners, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = deliver_all(&store, &listeners) => {}
        _ = stopped.wait_for(|is_stopped| *is_stopped) => {}
    }
}

/// Never ends.
async fn deliver_all(store: &Store, listeners: &Listeners) {
    let slots = Semaphore::new(AT_ONCE);
    let mut attended = FuturesUnordered::new();
    let (mut last, mut may_have_more, mut has_failed) = (0, true, false);
    loop {
        while may_have_more && attended.len() < MOST {
            match store.events_after(last, BATCH).await {
                Ok(events) => {
                    (may_have_more, has_failed) = (events.len() == BATCH, false);
                    last = events.last().map_or(last, |event| event.sequence);
                    attended.extend(events.into_iter().map(|event| attend(store, listeners, &slots, event)));
                }
                Err(error) => {
                    tracing::error!(%error, "events can't be read from the outbox");
                    (may_have_more, has_failed) = (false, true);
                }
            }
        }
        tokio::select! {
            () = store.event_arrived() => may_have_more = true,
            () = tokio::time::sleep(LONGEST_PAUSE), if has_failed => may_have_more = true,
            Some(()) = attended.next() => {}
        }
    }
}

/// One event, until it is handled and forgotten.
async fn attend(store: &Store, listeners: &Listeners, slots: &Semaphore, event: PendingEvent) {
    let PendingEvent { sequence, event } = event;
    let followed = persist(sequence, || hand_out(listeners, slots, &event)).await;
    if followed == FollowUp::Repeat {
        tokio::time::sleep(Duration::from_secs(REPEAT_AFTER_SECONDS)).await;
        persist(sequence, || purge_again(listeners, slots, &event)).await;
    }
    if let Err(error) = store.acknowledge(sequence).await {
        tracing::error!(%error, sequence, "an event was handled and can't be forgotten");
    }
}

/// Tries until it works, or no further try can help.
async fn persist<F>(sequence: u64, work: impl Fn() -> F) -> FollowUp
where
    F: Future<Output = Result<FollowUp, DeliveryError>>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        match work().await {
            Ok(followed) => return followed,
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, sequence, "an event is tried again in {} ms", pause.as_millis());
            }
            Err(error) => {
                tracing::error!(%error, sequence, "an event is dropped");
                return FollowUp::None;
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One event to everyone whose rule matches it: what was written to the bucket of originals to the finaliser, what
/// that finds clean to the trigger, which also hears of jobs, and any change of an original to who keeps variants up.
async fn hand_out(
    listeners: &Listeners,
    slots: &Semaphore,
    event: &Value,
) -> Result<FollowUp, DeliveryError> {
    let Listeners { finalizer, trigger, upkeep } = listeners;
    if event.get("source").is_some_and(|source| source == "aws.mediaconvert") {
        let _slot = slots.acquire().await;
        Box::pin(trigger.handle(event)).await?;
        return Ok(FollowUp::None);
    }
    let bucket = event.pointer("/detail/bucket/name").and_then(Value::as_str);
    if bucket != Some(finalizer.store.bucket()) {
        return Ok(FollowUp::None);
    }
    // An error would say that the semaphore is closed, which it never is.
    let _slot = slots.acquire().await;
    // Before anything new is served.
    let followed = keep_up(upkeep, event).await?;
    for object in created_objects(event).map_err(FinalizeError::from)? {
        let object = object.map_err(FinalizeError::from)?;
        let outcome = Box::pin(finalizer.finalize(&object)).await?;
        if matches!(outcome, Finalization::InState(UploadState::Clean(_))) {
            Box::pin(trigger.handle(event)).await?;
        }
    }
    Ok(followed)
}

/// What was made of the version before while the first purge was under way goes, too.
async fn purge_again(
    listeners: &Listeners,
    slots: &Semaphore,
    event: &Value,
) -> Result<FollowUp, DeliveryError> {
    let _slot = slots.acquire().await;
    Ok(keep_up(&listeners.upkeep, event).await?)
}

/// Follows every change that an event tells of.
async fn keep_up(upkeep: &Upkeep, event: &Value) -> Result<FollowUp, UpkeepError> {
    let mut followed = FollowUp::None;
    for change in changes(event)? {
        if Box::pin(upkeep.handle_change(change?)).await? == FollowUp::Repeat {
            followed = FollowUp::Repeat;
        }
    }
    Ok(followed)
}
