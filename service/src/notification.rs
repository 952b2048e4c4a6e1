//! What an event announces. S3 reports what happened to an object in three ways: as a notification, as an event of
//! EventBridge, and as either of these in the messages of an SQS batch.
//!
//! The two shapes have a decoder each, since they spell keys differently: form-encoded in a notification, as
//! they are in an event of EventBridge.

mod error;

mod event_bridge;

mod s3_notification;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsMessage};
use serde::Deserialize;
use serde_json::Value;

pub use error::NotificationError;

/// The attribute in which SQS says how often it has delivered a message.
const RECEIVE_COUNT: &str = "ApproximateReceiveCount";

/// An object that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectCreated {
    /// The bucket's name.
    pub bucket: String,
    /// The key, decoded.
    pub key: String,
    /// The object's size in bytes.
    pub size: u64,
    /// The entity tag, without quotes.
    pub etag: String,
    /// The version, where the bucket keeps versions.
    pub version_id: Option<String>,
    /// Orders events of one key: hexadecimal digits, compared after padding with zeros on the right.
    pub sequencer: Option<String>,
}

/// An object, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    /// The bucket's name.
    pub bucket: String,
    /// The key, decoded.
    pub key: String,
}

/// What happened to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was written: new, or in place of another.
    Created(ObjectCreated),
    /// It was removed, or hidden by a delete marker.
    Deleted(ObjectName),
    /// Its tags were set.
    Tagged(ObjectName),
}

impl Change {
    /// The object that it happened to.
    pub fn object(&self) -> ObjectName {
        match self {
            Self::Created(ObjectCreated { bucket, key, .. })
            | Self::Deleted(ObjectName { bucket, key })
            | Self::Tagged(ObjectName { bucket, key }) => {
                ObjectName { bucket: bucket.clone(), key: key.clone() }
            }
        }
    }
}

/// One message of an SQS batch; without an id the event itself, where no queue is between.
#[derive(Debug)]
pub struct Message<T = ObjectCreated> {
    /// The id by which SQS is asked to deliver the message again.
    pub id: Option<String>,
    /// Each object that the message announces, or why its record can't be read. None of a message that
    /// announces something else, such as S3's test of a new configuration.
    pub objects: Vec<Result<T, NotificationError>>,
}

/// Every message of an event, with the objects that were written. A message or record that can't be read is an
/// error in its own place; the event fails as a whole only where its shape is unknown.
pub fn messages(event: &Value) -> Result<Vec<Message>, NotificationError> {
    let created = |change| match change {
        Ok(Change::Created(object)) => Some(Ok(object)),
        Ok(Change::Deleted(_) | Change::Tagged(_)) => None,
        Err(error) => Some(Err(error)),
    };
    let created = |Message { id, objects }: Message<Change>| Message {
        id,
        objects: objects.into_iter().filter_map(created).collect(),
    };
    Ok(changes(event)?.into_iter().map(created).collect())
}

/// The same, with everything that happened to objects.
pub fn changes(event: &Value) -> Result<Vec<Message<Change>>, NotificationError> {
    if !is_sqs_batch(event) {
        return Ok(vec![Message { id: None, objects: objects(event)? }]);
    }
    let message = |Body { id, json, .. }: Body| {
        let objects = json.and_then(|json| objects(&json)).unwrap_or_else(|error| vec![Err(error)]);
        Message { id, objects }
    };
    Ok(bodies(event).into_iter().map(message).collect())
}

/// What an event carries, taken out of SQS: of a batch each message, else the event itself.
#[derive(Debug)]
pub struct Body {
    /// The id by which SQS is asked to deliver the message again; none where no queue is between.
    pub id: Option<String>,
    /// How often SQS has delivered the message, this time included; 1 where that isn't said.
    pub receives: u32,
    /// The JSON, or why it can't be read.
    pub json: Result<Value, NotificationError>,
}

/// What an event carries, taken out of SQS where it came from there. For queues that carry other events, too.
pub fn bodies(event: &Value) -> Vec<Body> {
    match event.get("Records").and_then(Value::as_array) {
        Some(records) if is_sqs_batch(event) => records.iter().map(sqs_body).collect(),
        _ => vec![Body { id: None, receives: 1, json: Ok(event.clone()) }],
    }
}

/// The answer to an event whose messages were handled, each with its id: it names those that failed, so that SQS
/// delivers only these again. A failure that no id can name fails the event as a whole, so that Lambda tries it
/// again and then hands it to the destination for failures.
pub fn batch_response<E>(
    outcomes: impl IntoIterator<Item = (Option<String>, Result<(), E>)>,
) -> Result<SqsBatchResponse, E> {
    let mut response = SqsBatchResponse::default();
    let mut failure = None;
    for (id, outcome) in outcomes {
        match (id, outcome) {
            (_, Ok(())) => {}
            (Some(id), Err(_)) => response.add_failure(id),
            (None, Err(error)) => failure = Some(error),
        }
    }
    failure.map_or(Ok(response), Err)
}

fn is_sqs_batch(event: &Value) -> bool {
    let records = event.get("Records").and_then(Value::as_array);
    records.is_some_and(|records| records.iter().any(is_sqs_message))
}

fn is_sqs_message(record: &Value) -> bool {
    record.get("eventSource").is_some_and(|source| source == "aws:sqs")
}

fn sqs_body(record: &Value) -> Body {
    match SqsMessage::deserialize(record) {
        Ok(message) => Body {
            id: message.message_id,
            receives: message.attributes.get(RECEIVE_COUNT).and_then(|count| count.parse().ok()).unwrap_or(1),
            json: serde_json::from_str(message.body.as_deref().unwrap_or_default())
                .map_err(NotificationError::NotJson),
        },
        Err(cause) => Body {
            id: record.get("messageId").and_then(Value::as_str).map(str::to_owned),
            receives: 1,
            json: Err(NotificationError::Malformed { what: "SQS message", cause }),
        },
    }
}

/// What one notification or one event of EventBridge announces.
pub fn objects(event: &Value) -> Result<Vec<Result<Change, NotificationError>>, NotificationError> {
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

/// A text that must be there.
fn required(text: Option<String>, name: &'static str) -> Result<String, NotificationError> {
    text.filter(|text| !text.is_empty()).ok_or(NotificationError::Missing(name))
}

#[cfg(test)]
mod tests;
