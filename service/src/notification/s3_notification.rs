//! A record of an S3 notification. Its key is form-encoded.

use aws_lambda_events::event::s3::{S3Entity, S3EventRecord};
use contract::key::decode_path;
use serde::Deserialize;
use serde_json::Value;

use super::change::{Change, ObjectCreated, ObjectName, ObjectTagged, required};
use super::error::NotificationError;

/// The change in a record. `None` for the other events of S3.
pub(super) fn change(record: &Value) -> Result<Option<Change>, NotificationError> {
    let record = S3EventRecord::deserialize(record)
        .map_err(|cause| NotificationError::Malformed { what: "record of the S3 notification", cause })?;
    let name = required(record.event_name, "eventName")?;
    // Some senders prefix the event's name with `s3:`, as bucket configurations do.
    let (kind, detail) = name.strip_prefix("s3:").unwrap_or(&name).split_once(':').unwrap_or((&name, ""));
    let entity = record.s3;
    match (kind, detail) {
        ("ObjectCreated", _) => created(entity).map(Change::Created).map(Some),
        // In a bucket with versions, a lifecycle rule expires a current object by adding a delete marker. This event
        // reports the deletion of a noncurrent version, or of a delete marker without versions, so the current object
        // doesn't change.
        ("LifecycleExpiration", "Delete") if entity.object.version_id.is_some() => Ok(None),
        ("ObjectRemoved" | "LifecycleExpiration", _) => named(entity).map(Change::Deleted).map(Some),
        ("ObjectTagging", "Put") => {
            let request = record.response_elements.get("x-amz-request-id").cloned();
            named(entity).map(|name| Some(Change::Tagged(ObjectTagged { name, request })))
        }
        _ => Ok(None),
    }
}

fn created(entity: S3Entity) -> Result<ObjectCreated, NotificationError> {
    let object = entity.object;
    let size = object.size.ok_or(NotificationError::Missing("s3.object.size"))?;
    Ok(ObjectCreated {
        bucket: required(entity.bucket.name, "s3.bucket.name")?,
        key: decode_key(required(object.key, "s3.object.key")?)?,
        size: u64::try_from(size).map_err(|_| NotificationError::NegativeSize(size))?,
        etag: required(object.e_tag, "s3.object.eTag")?,
        version_id: object.version_id,
        sequencer: object.sequencer,
    })
}

fn named(entity: S3Entity) -> Result<ObjectName, NotificationError> {
    Ok(ObjectName {
        bucket: required(entity.bucket.name, "s3.bucket.name")?,
        key: decode_key(required(entity.object.key, "s3.object.key")?)?,
    })
}

/// Decodes `application/x-www-form-urlencoded`.
fn decode_key(key: String) -> Result<String, NotificationError> {
    decode_path(&key.replace('+', " ")).map_err(|cause| NotificationError::KeyEncoding { key, cause })
}
