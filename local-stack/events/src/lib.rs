//! EventBridge on one machine: a bus that delivers the events of an outbox to the handlers of the rules that match.
//!
//! It supports event patterns of exact values, prefixes and wildcards, delivery at least once, retries with growing pauses,
//! and rules with a delay, and of EventBridge's wire protocol the operation `PutEvents`. It refuses patterns with other
//! filters. It has no archive, no input transformers, no dead letter queue and no limit on retries.
//!
//! To start it, implement [`outbox::Outbox`] for a durable list of events, and run [`delivery::deliver`] with a list of
//! [`rule::Rule`]s.
//!
//! Reading order: [`pattern`]; [`rule`]; [`outbox`]; [`delivery`]; [`put_events`].

pub mod pattern;

pub mod rule;

pub mod outbox;

pub mod delivery;

pub mod put_events;
