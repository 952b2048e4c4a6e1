//! The handler of the queue's events.

use serde_json::Value;
use service::notification::{BatchResponse, handle_batch};

use super::error::EventError;
use super::event::{VideoEvent, video_events};
use super::trigger::Trigger;

impl Trigger {
    /// Handles every record of an event. The response names the messages of an SQS batch that failed. An event that
    /// came without a queue fails completely, after its other records were handled.
    pub async fn handle(&self, event: &Value) -> Result<BatchResponse, EventError> {
        handle_batch(event, video_events, |record, receives| async move {
            let is_last = receives >= self.max_receives;
            match record {
                VideoEvent::Object(object) => Box::pin(self.start_job(&object, is_last)).await.map(drop),
                VideoEvent::Job(job) => Box::pin(self.follow_job(&job)).await,
            }
        })
        .await
    }
}
