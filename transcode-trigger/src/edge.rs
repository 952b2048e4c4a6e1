//! The I/O of the trigger.
//!
//! Reading order:
//! - [`config`]: the trigger from the environment;
//! - [`handler`]: handles an event of the queue, and returns the failed messages;
//! - [`event`]: the records of an event; [`error`]: the reasons why a record is not handled;
//! - [`trigger`]: the parts of a trigger; `start` creates jobs, `progress` follows them, `publish` writes the status, `discard` removes files,
//!   `claims` reads and writes claims;
//! - [`store`]: the bucket; [`submit`]: `MediaConvert` and EventBridge.

pub mod config;

pub mod handler;

pub mod event;

pub mod error;

pub mod trigger;

pub mod clock;

pub mod start;

mod discard;

mod progress;

mod publish;

mod claims;

pub mod store;

pub mod submit;
