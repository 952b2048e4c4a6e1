//! An S3 event as EventBridge delivers it. Its key is not encoded: a `+` is a plus, a `%` a percent sign.

use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use serde::Deserialize;
use serde_json::Value;

use super::change::{Change, ObjectCreated, ObjectName, ObjectTagged, required};
use super::error::NotificationError;

/// The change in an event. `None` for the other events of S3.
pub(super) fn change(event: &Value) -> Result<Option<Change>, NotificationError> {
    let EventBridgeEvent { source, detail_type, detail, .. } = EventBridgeEvent::<Value>::deserialize(event)
        .map_err(|cause| NotificationError::Malformed { what: "event of EventBridge", cause })?;
    if source != "aws.s3" {
        return Err(NotificationError::UnknownShape);
    }
    let read: fn(Detail) -> Result<Option<Change>, NotificationError> = match detail_type.as_str() {
        "Object Created" => |detail| created(detail).map(Change::Created).map(Some),
        "Object Deleted" => |detail| {
            let is_noncurrent = detail.is_expired_version();
            name(detail).map(|name| (!is_noncurrent).then_some(Change::Deleted(name)))
        },
        "Object Tags Added" => |mut detail| {
            let request = detail.request_id.take().filter(|id| !id.is_empty());
            name(detail).map(|name| Some(Change::Tagged(ObjectTagged { name, request })))
        },
        _ => return Ok(None),
    };
    let detail = Detail::deserialize(detail)
        .map_err(|cause| NotificationError::Malformed { what: "detail of the S3 event", cause })?;
    read(detail)
}

fn created(Detail { bucket, object, .. }: Detail) -> Result<ObjectCreated, NotificationError> {
    Ok(ObjectCreated {
        bucket: required(Some(bucket.name), "detail.bucket.name")?,
        key: required(Some(object.key), "detail.object.key")?,
        size: object.size.ok_or(NotificationError::Missing("detail.object.size"))?,
        etag: required(object.etag, "detail.object.etag")?,
        version_id: object.version_id,
        sequencer: object.sequencer,
    })
}

fn name(Detail { bucket, object, .. }: Detail) -> Result<ObjectName, NotificationError> {
    Ok(ObjectName {
        bucket: required(Some(bucket.name), "detail.bucket.name")?,
        key: required(Some(object.key), "detail.object.key")?,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Detail {
    bucket: Bucket,
    object: Object,
    request_id: Option<String>,
    reason: Option<String>,
    deletion_type: Option<String>,
}

impl Detail {
    /// `true` if a lifecycle rule has deleted a noncurrent version, or a delete marker without versions. The current
    /// object, if there is one, stays: a rule expires a current object by adding a delete marker (S3's user guide,
    /// "EventBridge event message structure").
    fn is_expired_version(&self) -> bool {
        self.reason.as_deref() == Some("Lifecycle Expiration")
            && self.deletion_type.as_deref() == Some("Permanently Deleted")
            && self.object.version_id.as_ref().is_some_and(|version| !version.is_empty())
    }
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Object {
    key: String,
    size: Option<u64>,
    etag: Option<String>,
    version_id: Option<String>,
    sequencer: Option<String>,
}
