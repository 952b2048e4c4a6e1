//! SQS on one machine: standard queues in memory, and the event source mappings by which Lambda reads them.
//!
//! It supports delays, the visibility timeout, receive counts, dead letter queues, retention, and batches of which some
//! messages fail. Messages are lost when the process ends. There is no wire protocol: rules write into a queue, and event
//! source mappings read it.
//!
//! Reading order: [`queue`]; [`mapping`].

pub mod queue;

pub mod mapping;
