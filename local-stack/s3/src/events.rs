//! Events of objects in EventBridge's format, written to the outbox.

use redb::{ReadableTable as _, WriteTransaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::clock::Moment;
use super::error::StoreError;
use super::index::{self, COUNTERS, OUTBOX};
use super::record::{ObjectPath, ObjectRecord};

/// The AWS account of all requests and resources.
pub const ACCOUNT: &str = "000000000000";
/// The source address in all events.
const SOURCE_ADDRESS: &str = "127.0.0.1";
/// The name of the counter of events.
const SEQUENCE: &str = "sequence";

/// The request that causes an event.
#[derive(Clone, Debug)]
pub(crate) struct EventCause {
    /// The region that the event names.
    pub(crate) region: String,
    /// The request's ID.
    pub(crate) request_id: String,
}

/// The operation that created an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CreationReason {
    PutObject,
    PostObject,
    CopyObject,
    CompleteMultipartUpload,
}

impl CreationReason {
    const fn name(self) -> &'static str {
        match self {
            Self::PutObject => "PutObject",
            Self::PostObject => "POST Object",
            Self::CopyObject => "CopyObject",
            Self::CompleteMultipartUpload => "CompleteMultipartUpload",
        }
    }
}

/// The reason why an object was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeletionReason {
    Request,
    LifecycleExpiration,
}

impl DeletionReason {
    const fn name(self) -> &'static str {
        match self {
            Self::Request => "DeleteObject",
            Self::LifecycleExpiration => "Lifecycle Expiration",
        }
    }

    const fn requester(self) -> &'static str {
        match self {
            Self::Request => ACCOUNT,
            Self::LifecycleExpiration => "s3.amazonaws.com",
        }
    }
}

/// Writes the event of a created object, in the transaction that creates it.
pub(crate) fn record_created(
    transaction: &WriteTransaction,
    now: Moment,
    path: &ObjectPath,
    object: &ObjectRecord,
    reason: CreationReason,
    cause: &EventCause,
) -> Result<(), StoreError> {
    let extra = json!({ "reason": reason.name() });
    let version = object.version();
    let object = json!({ "key": path.key, "size": object.size, "etag": object.etag, "version-id": version });
    record(transaction, now, "Object Created", &path.bucket, object, extra, cause)
}

/// Writes the event of a deleted object, in the transaction that deletes it.
pub(crate) fn record_deleted(
    transaction: &WriteTransaction,
    now: Moment,
    path: &ObjectPath,
    object: &ObjectRecord,
    reason: DeletionReason,
    cause: &EventCause,
) -> Result<(), StoreError> {
    let extra = json!({
        "reason": reason.name(),
        "deletion-type": "Permanently Deleted",
        "requester": reason.requester(),
    });
    let object = json!({ "key": path.key, "etag": object.etag });
    record(transaction, now, "Object Deleted", &path.bucket, object, extra, cause)
}

/// Writes the event of an object's new tags, in the transaction that sets them.
pub(crate) fn record_tagged(
    transaction: &WriteTransaction,
    now: Moment,
    path: &ObjectPath,
    object: &ObjectRecord,
    cause: &EventCause,
) -> Result<(), StoreError> {
    let version = object.version();
    let object = json!({ "key": path.key, "etag": object.etag, "version-id": version });
    record(transaction, now, "Object Tags Added", &path.bucket, object, json!({}), cause)
}

fn record(
    transaction: &WriteTransaction,
    now: Moment,
    kind: &str,
    bucket: &str,
    mut object: Value,
    extra: Value,
    cause: &EventCause,
) -> Result<(), StoreError> {
    let sequence = next_sequence(transaction)?;
    // Eighteen digits, as in S3. The length is fixed, so that the order of the texts is the order of the events.
    insert(&mut object, "sequencer", json!(format!("{sequence:018X}")));
    let mut detail = json!({
        "version": "0",
        "bucket": { "name": bucket },
        "object": object,
        "request-id": cause.request_id,
        "requester": ACCOUNT,
        "source-ip-address": SOURCE_ADDRESS,
    });
    if let Value::Object(extra) = extra {
        for (name, value) in extra {
            insert(&mut detail, &name, value);
        }
    }
    let event = json!({
        "version": "0",
        "id": Uuid::new_v4().to_string(),
        "detail-type": kind,
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": now.rfc3339_seconds(),
        "region": cause.region,
        "resources": [format!("arn:aws:s3:::{bucket}")],
        "detail": detail,
    });
    index::put(&mut transaction.open_table(OUTBOX)?, sequence, &event)?;
    Ok(())
}

fn insert(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

/// Adds an event to the outbox.
pub(crate) fn append(transaction: &WriteTransaction, event: &Value) -> Result<(), StoreError> {
    let sequence = next_sequence(transaction)?;
    index::put(&mut transaction.open_table(OUTBOX)?, sequence, event)?;
    Ok(())
}

fn next_sequence(transaction: &WriteTransaction) -> Result<u64, StoreError> {
    let mut counters = transaction.open_table(COUNTERS)?;
    let next = counters.get(SEQUENCE)?.map_or(0, |last| last.value()) + 1;
    counters.insert(SEQUENCE, next)?;
    Ok(next)
}
