//! An S3 event as EventBridge delivers it. Its key is as it is: a `+` is a plus, a `%` a percent sign.

use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use serde::Deserialize;
use serde_json::Value;

use super::{NotificationError, ObjectCreated, required};

/// The object that an event announces; none where S3 tells of something else than a creation.
pub(super) fn object(event: &Value) -> Result<Option<ObjectCreated>, NotificationError> {
    let EventBridgeEvent { source, detail_type, detail, .. } = EventBridgeEvent::<Value>::deserialize(event)
        .map_err(|cause| NotificationError::Malformed { what: "event of EventBridge", cause })?;
    if source != "aws.s3" {
        return Err(NotificationError::UnknownShape);
    }
    if detail_type != "Object Created" {
        return Ok(None);
    }
    let Detail { bucket, object } = Detail::deserialize(detail)
        .map_err(|cause| NotificationError::Malformed { what: "detail of the S3 event", cause })?;
    Ok(Some(ObjectCreated {
        bucket: required(Some(bucket.name), "detail.bucket.name")?,
        key: required(Some(object.key), "detail.object.key")?,
        size: object.size,
        etag: required(Some(object.etag), "detail.object.etag")?,
        version_id: object.version_id,
        sequencer: object.sequencer,
    }))
}

#[derive(Deserialize)]
struct Detail {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Object {
    key: String,
    size: u64,
    etag: String,
    version_id: Option<String>,
    sequencer: Option<String>,
}
