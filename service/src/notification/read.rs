//! The changes in one notification or one event of EventBridge.

use serde_json::Value;

use super::change::{Change, ObjectCreated};
use super::error::NotificationError;
use super::{event_bridge, s3_notification};

/// Reads all changes. A record that can't be read is an error in its place; the call fails if the event has an
/// unknown shape. Events about anything else that S3 reports contain no change.
pub fn changes(event: &Value) -> Result<Vec<Result<Change, NotificationError>>, NotificationError> {
    if let Some(records) = event.get("Records").and_then(Value::as_array) {
        return Ok(records.iter().filter_map(|record| s3_notification::change(record).transpose()).collect());
    }
    if event.get("detail-type").is_some() {
        return Ok(event_bridge::change(event)?.map(Ok).into_iter().collect());
    }
    if event.get("Event").is_some_and(|name| name == "s3:TestEvent") {
        return Ok(Vec::new());
    }
    Err(NotificationError::UnknownShape)
}

/// Reads the objects that were written, and skips all other changes.
pub fn created_objects(
    event: &Value,
) -> Result<Vec<Result<ObjectCreated, NotificationError>>, NotificationError> {
    let created = |change| match change {
        Ok(Change::Created(object)) => Some(Ok(object)),
        Ok(Change::Deleted(_) | Change::Tagged(_)) => None,
        Err(error) => Some(Err(error)),
    };
    Ok(changes(event)?.into_iter().filter_map(created).collect())
}
