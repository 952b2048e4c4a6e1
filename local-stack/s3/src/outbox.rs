//! The outbox of events, which the event bus reads.

use std::time::Duration;

use local_events::outbox::{Outbox, PendingEvent};
use serde_json::Value;

use super::error::StoreError;
use super::events;
use super::index::{self, OUTBOX, PASSED};
use super::store::Store;

impl Outbox for Store {
    type Error = StoreError;

    async fn events_after(&self, sequence: u64, limit: usize) -> Result<Vec<PendingEvent>, StoreError> {
        self.run(move |store| {
            let reading = store.index.begin_read()?;
            let mut events = Vec::new();
            let (outbox, progress) = (reading.open_table(OUTBOX)?, reading.open_table(PASSED)?);
            for row in outbox.range(sequence.saturating_add(1)..)?.take(limit) {
                let (sequence, event) = row?;
                let (sequence, event) = (sequence.value(), index::parse(event.value())?);
                let passed = progress.get(sequence)?.map(|delay| Duration::from_millis(delay.value()));
                events.push(PendingEvent { sequence, event, passed });
            }
            Ok(events)
        })
        .await
    }

    async fn event_arrived(&self) {
        self.wait_for_event().await;
    }

    async fn publish(&self, events: Vec<Value>) -> Result<(), StoreError> {
        Self::publish(self, events).await
    }

    async fn record_passed(&self, sequence: u64, delay: Duration) -> Result<(), StoreError> {
        let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.run(move |store| {
            store.write(|transaction| {
                transaction.open_table(PASSED)?.insert(sequence, delay)?;
                Ok(())
            })
        })
        .await
    }

    async fn acknowledge(&self, sequence: u64) -> Result<(), StoreError> {
        self.run(move |store| {
            store.write(|transaction| {
                transaction.open_table(OUTBOX)?.remove(sequence)?;
                transaction.open_table(PASSED)?.remove(sequence)?;
                Ok(())
            })
        })
        .await
    }
}

impl Store {
    /// Adds events of another service to the outbox: all of them or, on an error, none. They are durable when this
    /// returns.
    pub async fn publish(&self, new_events: Vec<Value>) -> Result<(), StoreError> {
        self.run(move |store| {
            store.write(|transaction| {
                for event in &new_events {
                    events::append(transaction, event)?;
                }
                Ok(())
            })?;
            store.notify();
            Ok(())
        })
        .await
    }
}
