//! The queue of jobs: `job` is a job, `journal` stores jobs on disk, `events` publishes their events, `scheduler` decides
//! which jobs run and when.

mod error;
mod events;
mod job;
mod journal;
mod scheduler;

pub(crate) use error::QueueError;
pub use events::EventDelivery;
pub(crate) use events::EventWriter;
pub use job::default_queue_arn;
pub(crate) use job::{Job, Status};
pub(crate) use journal::Journal;
pub use journal::JournalError;
pub(crate) use scheduler::Queue;
