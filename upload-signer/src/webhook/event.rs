//! The events that the webhook reports: uploads whose tags were set, and results of videos.

use serde_json::Value;
use service::notification::{Change, NotificationError, changes};

use crate::webhook::message::VideoResult;

/// The `source` of the events with results of videos, which the transcoding trigger sends.
const RESULTS: &str = "tintype";

/// An event of the bus.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookEvent {
    /// The time of the event: RFC 3339, in UTC.
    pub time: String,
    /// The subject of the event.
    pub subject: Subject,
}

/// The subject of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// An object that may be a checked upload.
    Object {
        /// The bucket's name.
        bucket: String,
        /// The decoded key.
        key: String,
        /// The version that the event concerns. `None` if the event doesn't contain it.
        version: Option<String>,
    },
    /// A video that is ready or has failed.
    Video(VideoResult),
}

/// Reads the records of an event. A record that can't be read is an error in its place; the call fails if the event has
/// an unknown shape.
pub fn webhook_events(
    event: &Value,
) -> Result<Vec<Result<WebhookEvent, NotificationError>>, NotificationError> {
    let time = event.get("time").and_then(Value::as_str).unwrap_or_default();
    let version = event.pointer("/detail/object/version-id").and_then(Value::as_str);
    let about = |subject| WebhookEvent { time: time.to_owned(), subject };
    if event.get("source").is_some_and(|source| source == RESULTS) {
        let detail = event.get("detail").unwrap_or(&Value::Null);
        let result = VideoResult::parse(detail)
            .map_err(|cause| NotificationError::Malformed { what: "result of a video", cause });
        return Ok(vec![result.map(|result| about(Subject::Video(result)))]);
    }
    let object = |change| match change {
        Ok(change @ (Change::Created(_) | Change::Tagged(_))) => {
            let object = change.object();
            let version = version.map(str::to_owned);
            Some(Ok(about(Subject::Object { bucket: object.bucket, key: object.key, version })))
        }
        Ok(Change::Deleted(_)) => None,
        Err(error) => Some(Err(error)),
    };
    Ok(changes(event)?.into_iter().filter_map(object).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_and_results_of_videos_are_told_apart_by_their_source() {
        let tagged = json!({
            "source": "aws.s3", "detail-type": "Object Tags Added", "time": "2026-01-02T03:04:05Z",
            "detail": { "bucket": { "name": "originals" }, "object": { "key": "files/1/a b.png", "version-id": "v1" } },
        });
        let object = Subject::Object {
            bucket: "originals".to_owned(),
            key: "files/1/a b.png".to_owned(),
            version: Some("v1".to_owned()),
        };
        let time = "2026-01-02T03:04:05Z".to_owned();
        let read = |event: &Value| webhook_events(event).unwrap().remove(0).unwrap();
        assert_eq!(read(&tagged), WebhookEvent { time: time.clone(), subject: object });
        let detail = json!({ "id": "1", "state": "ready", "run": "r", "source": { "key": "files/1/a.mp4" } });
        let ready =
            json!({ "source": "tintype", "detail-type": "Media Ready", "time": time, "detail": detail });
        let video = Subject::Video(VideoResult::parse(&detail).unwrap());
        assert_eq!(read(&ready), WebhookEvent { time, subject: video });
    }

    #[test]
    fn an_event_of_another_shape_is_an_error() {
        assert!(webhook_events(&json!({})).is_err());
        assert!(webhook_events(&json!({ "source": "elsewhere", "detail-type": "x", "detail": {} })).is_err());
        let without_key = json!({ "source": "tintype", "detail-type": "Media Ready", "detail": {} });
        assert!(webhook_events(&without_key).unwrap()[0].is_err());
    }
}
