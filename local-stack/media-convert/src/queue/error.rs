//! The error of an operation on the queue.

use super::job::Status;
use super::journal::JournalError;

/// The reason why an operation on the queue fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QueueError {
    /// The job does not exist.
    #[error("there is no job '{0}'")]
    NotFound(String),
    /// The job has ended already.
    #[error("the job '{id}' is {} and can't be canceled", status.name())]
    Ended { id: String, status: Status },
    /// The journal cannot be read or written.
    #[error("the jobs can't be read or written")]
    Journal(#[from] JournalError),
}
