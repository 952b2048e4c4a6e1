//! One event in, the messages to deliver again out.

mod held;

mod progress;

mod publish;

mod start;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::event::sqs::SqsBatchResponse;
use cdn_config::video::VideoPolicy;
use serde_json::Value;
use service::notification::batch_response;

use crate::error::EventError;
use crate::event::{Message, Subject, messages};
use crate::places::Places;
use crate::store::Store;
use crate::submit::Submitter;

/// All that following videos needs.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Where videos come from and what is made of them goes.
    pub places: Places,
    /// What is made of them.
    pub policy: VideoPolicy,
    /// The bucket.
    pub store: Store,
    /// `MediaConvert`.
    pub submitter: Submitter,
    /// How long who has claimed a video is taken to be at work.
    pub claim_time: Duration,
    /// How often the queue delivers a message.
    pub max_receives: u32,
    /// The time.
    pub clock: Clock,
}

/// Tells the time, in milliseconds since 1970.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self::new(|| jiff::Timestamp::now().as_millisecond())
    }

    /// One that tells what a function says, in milliseconds since 1970.
    pub fn new(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

impl Trigger {
    /// Handles every record of an event. The answer names the messages of an SQS batch that failed; an event that
    /// came by no queue fails as a whole, after its other records were handled.
    pub async fn handle(&self, event: &Value) -> Result<SqsBatchResponse, EventError> {
        let mut outcomes = Vec::new();
        for Message { id, receives, subjects } in messages(event)? {
            let is_last = receives >= self.max_receives;
            outcomes.push((id, self.handle_all(subjects, is_last).await));
        }
        batch_response(outcomes)
    }

    /// Handles all subjects of a message; the last error, if there is any, is the message's.
    async fn handle_all(
        &self,
        subjects: Vec<Result<Subject, EventError>>,
        is_last: bool,
    ) -> Result<(), EventError> {
        let mut outcome = Ok(());
        for subject in subjects {
            let handled = match subject {
                Ok(Subject::Object(announcement)) => {
                    Box::pin(self.start(&announcement, is_last)).await.map(drop)
                }
                Ok(Subject::Job(event)) => Box::pin(self.follow(&event)).await,
                Err(error) => Err(error),
            };
            if let Err(error) = handled {
                match error {
                    EventError::Busy | EventError::Raced => tracing::info!(%error, "to be delivered again"),
                    _ => tracing::error!(%error, "a record of an event is not handled"),
                }
                outcome = Err(error);
            }
        }
        outcome
    }

    fn now_ms(&self) -> i64 {
        (self.clock.0)()
    }

    /// Until when who begins now is taken to be at work.
    fn busy_until_ms(&self) -> i64 {
        self.now_ms().saturating_add(i64::try_from(self.claim_time.as_millis()).unwrap_or(i64::MAX))
    }
}
