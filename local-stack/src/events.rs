//! EventBridge on one machine: what the buckets tell goes to who listens, at least once. An event is forgotten when
//! it was handled. One that can't be handled is tried again, later and later, and holds nothing up meanwhile.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use serde_json::Value;
use service::notification::{Message, messages};
use tokio::sync::{Semaphore, watch};
use transcode_trigger::config::Config;
use upload_signer::finalizer::{FinalizeError, Finalizer, Outcome};
use upload_signer::state::State;

use crate::s3::{PendingEvent, Store};

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
    /// Hears of every original that is clean.
    pub(crate) trigger: Config,
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
    let mut pause = FIRST_PAUSE;
    while let Err(error) = hand_out(listeners, slots, &event).await {
        match error {
            // It will never be another.
            FinalizeError::Notification(_) | FinalizeError::OtherBucket { .. } => {
                tracing::error!(%error, sequence, "an event is dropped");
                break;
            }
            FinalizeError::Store(_) | FinalizeError::Scan(_) | FinalizeError::Replaced => {
                tracing::warn!(%error, sequence, "an event is tried again in {} ms", pause.as_millis());
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    if let Err(error) = store.acknowledge(sequence).await {
        tracing::error!(%error, sequence, "an event was handled and can't be forgotten");
    }
}

/// One event to everyone whose rule matches it: what was written to the bucket of originals to the finaliser, and
/// what that finds clean to the trigger.
async fn hand_out(listeners: &Listeners, slots: &Semaphore, event: &Value) -> Result<(), FinalizeError> {
    let Listeners { finalizer, trigger } = listeners;
    let bucket = event.pointer("/detail/bucket/name").and_then(Value::as_str);
    if bucket != Some(finalizer.store.bucket()) {
        return Ok(());
    }
    // An error would say that the semaphore is closed, which it never is.
    let _slot = slots.acquire().await;
    for Message { objects, .. } in messages(event)? {
        for object in objects {
            let outcome = Box::pin(finalizer.finalize(&object?)).await?;
            if matches!(outcome, Outcome::Is(State::Clean(_)))
                && let Err(error) = transcode_trigger::handler::handle(trigger, event)
            {
                tracing::error!(%error, "the trigger refuses an event");
            }
        }
    }
    Ok(())
}
