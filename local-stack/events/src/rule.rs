//! Rules: a pattern and the handler of the events that match it.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::pattern::Pattern;

/// A rule of the bus.
pub struct Rule {
    /// The rule's name in the log.
    pub name: String,
    /// The events that the rule matches.
    pub pattern: Pattern,
    /// The delay before the handler gets an event.
    pub delay: Duration,
    /// The number of events that the handler handles at the same time. Others wait, and with them the rules after this one.
    pub concurrency: usize,
    /// The handler of the events.
    pub handler: Box<dyn Handler>,
}

/// Handles events. An event may arrive several times.
#[async_trait::async_trait]
pub trait Handler: Send + Sync {
    /// Handles an event.
    async fn handle(&self, event: &Value) -> Result<(), HandlerError>;
}

/// The reason why an event wasn't handled.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct HandlerError {
    /// The cause.
    #[source]
    pub cause: Box<dyn Error + Send + Sync>,
    /// `true` if the event must be delivered again, `false` if another try can't succeed.
    pub is_retryable: bool,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("name", &self.name)
            .field("pattern", &self.pattern)
            .field("delay", &self.delay)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
