//! The outcome of an invocation.

use std::time::{Duration, SystemTime};

use axum::body::Body;
use serde_json::Value;

/// The answer of a function.
#[derive(Debug)]
pub enum Outcome {
    /// A whole answer.
    Buffered(Value),
    /// The head and the body of a streamed HTTP response.
    Streamed(Value, Body),
}

/// The end of an invocation, as Lambda's metrics count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The name of the function.
    pub function: String,
    /// The time of the end.
    pub at: SystemTime,
    /// The kind of the end.
    pub kind: EndKind,
}

/// The kind of an invocation's end. The duration ends with the answer, or with the head of a streamed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// The function was not called.
    Throttled,
    /// The function gave no answer.
    Failed(Duration),
    /// The function answered.
    Answered(Duration),
}

/// The reason why a function gives no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InvokeError {
    /// All concurrent invocations that the function may have are in progress.
    #[error("Rate Exceeded.")]
    Throttled,
    /// The function can't be started.
    #[error("the function can't be started: {0}")]
    NotStarted(String),
    /// The function reported an error.
    #[error("the function failed: {0}")]
    Failed(Value),
    /// The function took more time than its timeout.
    #[error("Task timed out after {0:.2} seconds")]
    TimedOut(f64),
    /// The function needed more memory than it has.
    #[error("Runtime exited with error: signal: killed: more than {0} MB of memory")]
    OutOfMemory(u32),
    /// The process ended before it answered.
    #[error("Runtime exited without providing a reason")]
    Exited,
}
