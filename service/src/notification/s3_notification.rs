//! A record of an S3 notification. Its key is form-encoded.

use aws_lambda_events::event::s3::S3EventRecord;
use contract::key::decode_path;
use serde::Deserialize;
use serde_json::Value;

use super::{NotificationError, ObjectCreated, required};

/// The object that a record announces; none where the record tells of something else than a creation.
pub(super) fn object(record: &Value) -> Result<Option<ObjectCreated>, NotificationError> {
    let record = S3EventRecord::deserialize(record)
        .map_err(|cause| NotificationError::Malformed { what: "record of the S3 notification", cause })?;
    let name = required(record.event_name, "eventName")?;
    if !is_creation(&name) {
        return Ok(None);
    }
    let object = record.s3.object;
    let size = object.size.ok_or(NotificationError::Missing("s3.object.size"))?;
    Ok(Some(ObjectCreated {
        bucket: required(record.s3.bucket.name, "s3.bucket.name")?,
        key: decode_key(required(object.key, "s3.object.key")?)?,
        size: u64::try_from(size).map_err(|_| NotificationError::NegativeSize(size))?,
        etag: required(object.e_tag, "s3.object.eTag")?,
        version_id: object.version_id,
        sequencer: object.sequencer,
    }))
}

/// Some senders put the `s3:` of a configuration in front of the event's name.
fn is_creation(name: &str) -> bool {
    name.strip_prefix("s3:").unwrap_or(name).starts_with("ObjectCreated:")
}

/// Undoes `application/x-www-form-urlencoded`.
fn decode_key(key: String) -> Result<String, NotificationError> {
    decode_path(&key.replace('+', " ")).map_err(|cause| NotificationError::KeyEncoding { key, cause })
}
