//! EventBridge on one machine: what the buckets tell goes to who listens, at least once and in order.

use tokio::sync::watch;
use transcode_trigger::config::Config;
use transcode_trigger::handler::handle;

use crate::s3::{PendingEvent, Store, StoreError};

/// As many events are taken at once.
const BATCH: usize = 100;

/// Delivers the store's events until the stack stops. An event is forgotten only when it was handed out.
pub(crate) async fn deliver(store: Store, trigger: Config, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(error) = hand_out_all(&store, &trigger).await {
            tracing::error!(%error, "events can't be read from the outbox");
        }
        tokio::select! {
            () = store.event_arrived() => {}
            _ = stopped.wait_for(|is_stopped| *is_stopped) => return,
        }
    }
}

/// Every event that waits, oldest first.
async fn hand_out_all(store: &Store, trigger: &Config) -> Result<(), StoreError> {
    loop {
        let reading = store.clone();
        let events = blocking(move || reading.pending_events(BATCH)).await?;
        let Some(last) = events.last().map(|event| event.sequence) else { return Ok(()) };
        for event in &events {
            hand_out(event, trigger);
        }
        let acknowledging = store.clone();
        blocking(move || acknowledging.acknowledge_through(last)).await?;
    }
}

/// One event to everyone whose rule matches it: the trigger hears of new originals.
fn hand_out(PendingEvent { sequence, event }: &PendingEvent, trigger: &Config) {
    let is_created = event.get("detail-type").and_then(|kind| kind.as_str()) == Some("Object Created");
    let bucket = event.pointer("/detail/bucket/name").and_then(|name| name.as_str());
    if is_created
        && bucket == Some(trigger.originals_bucket.as_str())
        && let Err(error) = handle(trigger, event)
    {
        tracing::error!(%error, sequence, "the trigger refuses an event");
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
