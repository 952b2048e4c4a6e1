//! Events as EventBridge sends them for S3, and the outbox that they wait in.

use local_events::outbox::{Outbox, PendingEvent};
use redb::{ReadableDatabase as _, ReadableTable as _, WriteTransaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::clock::Moment;
use super::error::StoreError;
use super::index::{self, COUNTERS, OUTBOX};
use super::record::{ObjectRecord, Place};
use super::store::Store;

/// The account of every request: the local store has one.
pub const ACCOUNT: &str = "000000000000";
/// The address that every request is said to come from.
const SOURCE_ADDRESS: &str = "127.0.0.1";
/// The counter that numbers events.
const SEQUENCE: &str = "sequence";

/// Which request an event comes from.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    /// The region that the event names.
    pub(crate) region: String,
    /// The request's id.
    pub(crate) request_id: String,
}

/// How an object came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    PutObject,
    PostObject,
    CopyObject,
    CompleteMultipartUpload,
}

impl Reason {
    const fn name(self) -> &'static str {
        match self {
            Self::PutObject => "PutObject",
            Self::PostObject => "POST Object",
            Self::CopyObject => "CopyObject",
            Self::CompleteMultipartUpload => "CompleteMultipartUpload",
        }
    }
}

impl Outbox for Store {
    type Error = StoreError;

    async fn events_after(&self, sequence: u64, limit: usize) -> Result<Vec<PendingEvent>, StoreError> {
        self.run(move |store| {
            let reading = store.index.begin_read()?;
            let mut events = Vec::new();
            let outbox = reading.open_table(OUTBOX)?;
            for row in outbox.range(sequence.saturating_add(1)..)?.take(limit) {
                let (sequence, event) = row?;
                events.push(PendingEvent { sequence: sequence.value(), event: index::parse(event.value())? });
            }
            Ok(events)
        })
        .await
    }

    async fn event_arrived(&self) {
        self.wait_for_event().await;
    }

    async fn acknowledge(&self, sequence: u64) -> Result<(), StoreError> {
        self.run(move |store| {
            store.write(|transaction| {
                transaction.open_table(OUTBOX)?.remove(sequence)?;
                Ok(())
            })
        })
        .await
    }
}

impl Store {
    /// Adds events of another service to the outbox: all of them or, on an error, none. They are durable when this
    /// returns.
    pub async fn publish(&self, events: Vec<Value>) -> Result<(), StoreError> {
        self.run(move |store| {
            store.write(|transaction| {
                for event in &events {
                    let sequence = next_sequence(transaction)?;
                    index::put(&mut transaction.open_table(OUTBOX)?, sequence, event)?;
                }
                Ok(())
            })?;
            store.notify();
            Ok(())
        })
        .await
    }
}

/// Writes that an object was created, in the transaction that creates it.
pub(crate) fn record_created(
    transaction: &WriteTransaction,
    now: Moment,
    place: &Place,
    object: &ObjectRecord,
    reason: Reason,
    cause: &Cause,
) -> Result<(), StoreError> {
    let extra = json!({ "reason": reason.name() });
    let version = object.version();
    let object = json!({ "key": place.key, "size": object.size, "etag": object.etag, "version-id": version });
    record(transaction, now, "Object Created", &place.bucket, object, extra, cause)
}

/// Writes that an object was removed, in the transaction that removes it.
pub(crate) fn record_deleted(
    transaction: &WriteTransaction,
    now: Moment,
    place: &Place,
    object: &ObjectRecord,
    cause: &Cause,
) -> Result<(), StoreError> {
    let extra = json!({ "reason": "DeleteObject", "deletion-type": "Permanently Deleted" });
    let object = json!({ "key": place.key, "etag": object.etag });
    record(transaction, now, "Object Deleted", &place.bucket, object, extra, cause)
}

/// Writes that an object's tags were set, in the transaction that sets them.
pub(crate) fn record_tagged(
    transaction: &WriteTransaction,
    now: Moment,
    place: &Place,
    object: &ObjectRecord,
    cause: &Cause,
) -> Result<(), StoreError> {
    let version = object.version();
    let object = json!({ "key": place.key, "etag": object.etag, "version-id": version });
    record(transaction, now, "Object Tags Added", &place.bucket, object, json!({}), cause)
}

fn record(
    transaction: &WriteTransaction,
    now: Moment,
    kind: &str,
    bucket: &str,
    mut object: Value,
    extra: Value,
    cause: &Cause,
) -> Result<(), StoreError> {
    let sequence = next_sequence(transaction)?;
    // Eighteen digits, as S3 has them: of one length, so that their order as text is their order.
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

fn next_sequence(transaction: &WriteTransaction) -> Result<u64, StoreError> {
    let mut counters = transaction.open_table(COUNTERS)?;
    let next = counters.get(SEQUENCE)?.map_or(0, |last| last.value()) + 1;
    counters.insert(SEQUENCE, next)?;
    Ok(next)
}
