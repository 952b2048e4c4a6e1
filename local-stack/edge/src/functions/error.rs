//! Failures of edge functions.

/// The reason why a function returned no usable result. CloudFront answers 503 then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// The source can't be loaded.
    #[error("the edge function can't be loaded: {0}")]
    Load(String),
    /// The function threw an exception or ran out of memory.
    #[error("the edge function failed: {0}")]
    Failed(String),
    /// The function exceeded its budget of steps.
    #[error("the edge function was stopped: it took too many steps")]
    TooLong,
    /// The result is neither a request nor a response.
    #[error("CloudFront would refuse the edge function's result: {0}")]
    Result(String),
}
