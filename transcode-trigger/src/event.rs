//! What an event is about. In the queue are S3's events and `MediaConvert`'s, side by side.

use serde_json::Value;
use service::notification::{Body, Change, NotificationError, ObjectCreated, ObjectName, bodies, objects};

use crate::error::EventError;
use crate::job_event::{DETAIL_TYPE, JobEvent};

/// One message of an SQS batch; without an id the event itself, where no queue is between.
#[derive(Debug)]
pub struct Message {
    /// The id by which SQS is asked to deliver the message again.
    pub id: Option<String>,
    /// How often it has been delivered, this time included.
    pub receives: u32,
    /// What it is about; none of what is of no interest here.
    pub subjects: Vec<Result<Subject, EventError>>,
}

/// What a record is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// An object that may be a video to begin with.
    Object(Announcement),
    /// A job.
    Job(JobEvent),
}

/// An object, as an event announces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The bucket's name.
    pub bucket: String,
    /// The key, decoded.
    pub key: String,
    /// The entity tag, without quotes; empty where the event tells none.
    pub etag: String,
    /// The version, where the bucket keeps versions.
    pub version: Option<String>,
    /// Orders events of one key.
    pub sequencer: String,
}

/// Every message of an event. A message or record that can't be read is an error in its own place; the event fails
/// as a whole only where it came by no queue and its shape is unknown.
pub fn messages(event: &Value) -> Result<Vec<Message>, EventError> {
    let message = |Body { id, receives, json }: Body| match (
        id,
        json.map_err(EventError::from).and_then(|json| subjects(&json)),
    ) {
        (None, Err(error)) => Err(error),
        (id, subjects) => {
            Ok(Message { id, receives, subjects: subjects.unwrap_or_else(|error| vec![Err(error)]) })
        }
    };
    bodies(event).into_iter().map(message).collect()
}

fn subjects(event: &Value) -> Result<Vec<Result<Subject, EventError>>, EventError> {
    let member = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
    match (member("source"), member("detail-type")) {
        ("aws.mediaconvert", DETAIL_TYPE) => {
            let detail = event.get("detail").unwrap_or(&Value::Null);
            Ok(vec![JobEvent::parse(detail).map(Subject::Job).map_err(EventError::JobEvent)])
        }
        ("aws.mediaconvert", _) => Ok(Vec::new()),
        _ => Ok(objects(event)?.into_iter().filter_map(subject).collect()),
    }
}

/// What a change of an object is about; none of a removal, after which there is nothing to transcode.
fn subject(change: Result<Change, NotificationError>) -> Option<Result<Subject, EventError>> {
    let announcement = match change {
        Ok(Change::Created(ObjectCreated { bucket, key, etag, version_id, sequencer, .. })) => {
            Announcement { bucket, key, etag, version: version_id, sequencer: sequencer.unwrap_or_default() }
        }
        // The tag that says that an upload is clean is set after the object is created.
        Ok(Change::Tagged(ObjectName { bucket, key })) => {
            Announcement { bucket, key, etag: String::new(), version: None, sequencer: String::new() }
        }
        Ok(Change::Deleted(_)) => return None,
        Err(error) => return Some(Err(error.into())),
    };
    Some(Ok(Subject::Object(announcement)))
}

#[cfg(test)]
mod tests;
