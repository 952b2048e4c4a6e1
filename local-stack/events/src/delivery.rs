//! Delivery: every event of the outbox reaches the handlers of all matching rules at least once.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use serde_json::Value;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use crate::outbox::{Outbox, PendingEvent};
use crate::rule::Rule;

/// Maximum number of events read from the outbox at once.
const BATCH: usize = 100;

/// Maximum number of events in memory. Most of them wait for a delayed rule or for a retry.
const MAX_EVENTS: usize = 100_000;

/// The pause before the first retry. Each later pause is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest pause before a retry.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Delivers the outbox's events until `stopped` becomes `true`. Events that aren't handled by then stay in the outbox.
///
/// An event passes its matching rules in the order of their delays, and rules with the same delay in the order of the
/// list: a rule's handler runs when the handlers before it have succeeded. An event that fails is tried again later,
/// and other events may overtake it.
pub async fn deliver(outbox: impl Outbox, mut rules: Vec<Rule>, mut stopped: watch::Receiver<bool>) {
    rules.sort_by_key(|rule| rule.delay);
    let slots: Vec<_> = rules.iter().map(|rule| Semaphore::new(rule.concurrency)).collect();
    let rules: Vec<_> = rules.into_iter().zip(slots).collect();
    tokio::select! {
        () = deliver_all(&outbox, &rules) => {}
        // An error means that the sender was dropped. Delivery stops then, too.
        _ = stopped.wait_for(|is_stopped| *is_stopped) => {}
    }
}

/// Runs until the task is cancelled.
async fn deliver_all(outbox: &impl Outbox, rules: &[(Rule, Semaphore)]) {
    let mut deliveries = FuturesUnordered::new();
    let (mut last, mut may_have_more, mut has_failed) = (0, true, false);
    loop {
        while may_have_more && deliveries.len() < MAX_EVENTS {
            match outbox.events_after(last, BATCH).await {
                Ok(events) => {
                    (may_have_more, has_failed) = (events.len() == BATCH, false);
                    last = events.last().map_or(last, |event| event.sequence);
                    deliveries.extend(events.into_iter().map(|event| deliver_one(outbox, rules, event)));
                }
                Err(error) => {
                    tracing::error!(%error, "events can't be read from the outbox");
                    (may_have_more, has_failed) = (false, true);
                }
            }
        }
        tokio::select! {
            () = outbox.event_arrived() => may_have_more = true,
            () = tokio::time::sleep(LONGEST_PAUSE), if has_failed => may_have_more = true,
            Some(()) = deliveries.next() => {}
        }
    }
}

/// Delivers one event to the matching rules that haven't handled it, then removes it from the outbox. Before it waits for a
/// delayed rule, it records which rules have handled the event, so that a restart doesn't deliver the event to them again.
async fn deliver_one(outbox: &impl Outbox, rules: &[(Rule, Semaphore)], pending: PendingEvent) {
    let PendingEvent { sequence, event, mut passed } = pending;
    let (start, mut recorded) = (Instant::now(), passed);
    for (rule, slots) in rules.iter().filter(|(rule, _)| rule.pattern.matches(&event)) {
        if recorded >= Some(rule.delay) {
            continue;
        }
        if let Some(delay) = passed.filter(|delay| *delay < rule.delay && recorded < passed) {
            if let Err(error) = outbox.record_passed(sequence, delay).await {
                tracing::error!(%error, sequence, "a restart would deliver an event to the same rules again");
            }
            recorded = passed;
        }
        tokio::time::sleep_until(start + rule.delay).await;
        retry(rule, slots, sequence, &event).await;
        passed = Some(rule.delay);
    }
    if let Err(error) = outbox.acknowledge(sequence).await {
        tracing::error!(%error, sequence, "a delivered event can't be removed from the outbox");
    }
}

/// Calls a rule's handler until it succeeds, or until another try can't succeed.
async fn retry(rule: &Rule, slots: &Semaphore, sequence: u64, event: &Value) {
    let mut pause = FIRST_PAUSE;
    loop {
        let result = {
            // The semaphore is never closed, so there is no error.
            let _slot = slots.acquire().await;
            rule.handler.handle(event).await
        };
        match result {
            Ok(()) => return,
            Err(error) if error.is_retryable => {
                let pause_ms = pause.as_millis();
                tracing::warn!(%error, rule = rule.name, sequence, pause_ms, "an event will be delivered again");
            }
            Err(error) => {
                tracing::error!(%error, rule = rule.name, sequence, "an event is dropped");
                return;
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests;
