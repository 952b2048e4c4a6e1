//! The outbox: a durable list of the events that aren't delivered yet.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// An event that waits for delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingEvent {
    /// Its number. Numbers increase and are never used again.
    pub sequence: u64,
    /// The event in EventBridge's format.
    pub event: Value,
    /// The rules with at most this delay have handled it; `None` if no rule has.
    pub passed: Option<Duration>,
}

/// A durable list of events.
pub trait Outbox: Sync {
    /// The reason why the list can't be read or written.
    type Error: fmt::Display;

    /// The oldest events with a number above `sequence`, at most `limit`.
    fn events_after(
        &self,
        sequence: u64,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<PendingEvent>, Self::Error>> + Send;

    /// Waits until an event has arrived since the last call. Wakes one waiter.
    fn event_arrived(&self) -> impl Future<Output = ()> + Send;

    /// Adds events: all of them or, on an error, none. They are durable when this returns.
    fn publish(&self, events: Vec<Value>) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Records that the rules with at most this delay have handled an event.
    fn record_passed(
        &self,
        sequence: u64,
        delay: Duration,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Removes an event that was delivered. A second call changes nothing.
    fn acknowledge(&self, sequence: u64) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
