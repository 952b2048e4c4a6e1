//! The handler of the bus's events: it sends a message for each upload that was checked and each finished video.
//!
//! A message that isn't delivered changes nothing about its upload: the event is delivered again, and makes the same
//! message.

use std::time::Duration;

use contract::key::Key;
use jiff::Timestamp;
use serde_json::Value;
use service::notification::{BatchResponse, HandlerError, NotificationError, handle_batch, require_bucket};
use service::wire::Transport;

use crate::arrival::store::{Store, StoreError};
use crate::webhook::endpoint::{DeliveryError, Endpoint};
use crate::webhook::event::{Subject, WebhookEvent, webhook_events};
use crate::webhook::message::Message;

/// The age of an event after which its message is given up. A queue with a limit of deliveries gives up earlier.
const MAX_AGE: Duration = Duration::from_hours(24);

/// Sends messages about uploads and videos.
#[derive(Clone, Debug)]
pub struct Notifier {
    /// The bucket of uploads, read for the state of an upload.
    pub store: Store,
    /// The receiver.
    pub endpoint: Endpoint,
    /// The URL of the CDN for viewers, without a path and without a slash at its end.
    pub public_url: String,
    /// The clock.
    pub clock: fn() -> Timestamp,
    /// The way to the receiver.
    pub transport: Transport,
}

/// The errors of a notification.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The event is unreadable, or its object is in another bucket.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// The store doesn't answer.
    #[error(transparent)]
    Store(StoreError),
    /// The receiver doesn't accept the message.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The receiver hasn't accepted the message for a day.
    #[error("the message is given up after a day: {0}")]
    TooOld(DeliveryError),
}

impl HandlerError for NotifyError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Notification(_) | Self::Delivery(DeliveryError::Gone) | Self::TooOld(_) => false,
            Self::Store(_) | Self::Delivery(DeliveryError::NotTaken(_)) => true,
        }
    }
}

impl Notifier {
    /// Handles all records of an event. The response lists the failed messages of an SQS batch. An event that didn't
    /// come from a queue fails completely, after all its records were handled.
    pub async fn handle(&self, event: &Value) -> Result<BatchResponse, NotifyError> {
        handle_batch(event, webhook_events, |event, _| async move { self.notify(&event).await }).await
    }

    #[tracing::instrument(name = "notify", skip_all)]
    async fn notify(&self, event: &WebhookEvent) -> Result<(), NotifyError> {
        let message = match &event.subject {
            Subject::Object { bucket, key, version } => {
                self.of_object(bucket, key, version.as_deref(), &event.time).await?
            }
            Subject::Video(result) => Some(Message::of_video(result, &self.public_url, &event.time)),
        };
        let Some(message) = message else { return Ok(()) };
        match self.endpoint.send(&self.transport, &message, (self.clock)()).await {
            Ok(()) => {
                tracing::info!(id = message.id, kind = message.kind, "sent a message to the webhook");
                Ok(())
            }
            Err(error) if self.is_too_old(&event.time) => Err(NotifyError::TooOld(error)),
            Err(error) => Err(error.into()),
        }
    }

    /// The message about an object. `None` if it was removed, is pending or is not an upload, or if a newer version,
    /// which has an event of its own, has replaced that of the event.
    async fn of_object(
        &self,
        bucket: &str,
        key: &str,
        version: Option<&str>,
        time: &str,
    ) -> Result<Option<Message>, NotifyError> {
        require_bucket(bucket, self.store.bucket())?;
        let Ok(parsed) = Key::parse(key) else { return Ok(None) };
        let newest = match self.store.newest(key).await {
            Ok(newest) => newest,
            Err(StoreError::Gone) => return Ok(None),
            Err(error) => return Err(NotifyError::Store(error)),
        };
        let newest_version = newest.object.version.as_deref();
        let is_replaced =
            newest_version.is_some_and(|newest| version.is_some_and(|version| version != newest));
        let url = format!("{}{}", self.public_url, parsed.to_path());
        Ok(if is_replaced { None } else { Message::of_upload(&newest, url, time) })
    }

    fn is_too_old(&self, time: &str) -> bool {
        // An event without a readable time counts as new. The limit of the queue still applies to it.
        let age = time.parse().map(|time: Timestamp| (self.clock)().duration_since(time));
        age.is_ok_and(|age| age.unsigned_abs() > MAX_AGE && age.is_positive())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_api;
    use crate::webhook::secret::WebhookSecret;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[tokio::test]
    async fn a_message_is_given_up_after_a_day() {
        let secret = WebhookSecret::parse(SECRET).unwrap();
        let notifier = Notifier {
            store: test_api::api().store,
            endpoint: Endpoint::new("http://127.0.0.1:9/hook", secret).unwrap(),
            public_url: "https://cdn.example.com".to_owned(),
            clock: || "2026-01-02T03:04:05Z".parse().unwrap(),
            transport: Transport::NETWORK,
        };
        let check = async |time: &str, is_transient: bool| {
            let event = json!({
                "source": "tintype", "detail-type": "Media Ready", "time": time,
                "detail": { "id": "1", "state": "ready", "run": "0", "source": { "key": "files/1/a.mp4" } },
            });
            let error = notifier.handle(&event).await.unwrap_err();
            assert_eq!(error.is_transient(), is_transient, "{time}: {error}");
        };
        check("2026-01-02T03:04:05Z", true).await;
        check("2026-01-01T03:04:05Z", true).await;
        check("2026-01-01T03:04:04Z", false).await;
        check("", true).await;
    }
}
