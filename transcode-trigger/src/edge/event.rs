//! The records of an event, as far as they concern videos. The queue contains events of S3 and of `MediaConvert`.

use serde_json::Value;
use service::notification::{Change, NotificationError, ObjectCreated, ObjectName, ObjectTagged, changes};

use super::error::EventError;
use crate::job::event::{DETAIL_TYPE, JobEvent};

/// A record of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum VideoEvent {
    /// An object that may be a video to transcode.
    Object(ObjectEvent),
    /// A job of `MediaConvert`.
    Job(JobEvent),
}

/// An event of S3 that announces an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEvent {
    /// The bucket's name.
    pub bucket: String,
    /// The decoded key.
    pub key: String,
    /// The entity tag, without quotes; empty if the event has none.
    pub etag: String,
    /// The version id. `None` in a bucket without versioning.
    pub version: Option<String>,
    /// Orders the events of one key; empty if the event has none.
    pub sequencer: String,
}

/// Reads the records of one event. A record that can't be read is an error in its place; the call fails if the event
/// has an unknown shape.
pub fn video_events(event: &Value) -> Result<Vec<Result<VideoEvent, EventError>>, EventError> {
    let member = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
    match (member("source"), member("detail-type")) {
        ("aws.mediaconvert", DETAIL_TYPE) => {
            let detail = event.get("detail").unwrap_or(&Value::Null);
            Ok(vec![JobEvent::parse(detail).map(VideoEvent::Job).map_err(EventError::JobEvent)])
        }
        ("aws.mediaconvert", _) => Ok(Vec::new()),
        _ => Ok(changes(event)?.into_iter().filter_map(object_event).collect()),
    }
}

/// The event of a change. `None` for a removal, after which there is nothing to transcode.
fn object_event(change: Result<Change, NotificationError>) -> Option<Result<VideoEvent, EventError>> {
    let event = match change {
        Ok(Change::Created(ObjectCreated { bucket, key, etag, version_id, sequencer, .. })) => {
            ObjectEvent { bucket, key, etag, version: version_id, sequencer: sequencer.unwrap_or_default() }
        }
        // The finaliser sets the tag `clean` after the object was created.
        Ok(Change::Tagged(ObjectTagged { name: ObjectName { bucket, key }, .. })) => {
            ObjectEvent { bucket, key, etag: String::new(), version: None, sequencer: String::new() }
        }
        Ok(Change::Deleted(_)) => return None,
        Err(error) => return Some(Err(error.into())),
    };
    Some(Ok(VideoEvent::Object(event)))
}

#[cfg(test)]
mod tests;
