//! The messages of an SQS batch, with the records in each.

use aws_lambda_events::event::sqs::SqsMessage;
use serde::Deserialize;
use serde_json::Value;

use super::error::NotificationError;

/// The attribute in which SQS counts the deliveries of a message.
const RECEIVE_COUNT: &str = "ApproximateReceiveCount";

/// One message of an SQS batch, or the event itself if it came without a queue.
#[derive(Debug)]
pub struct Message<T, E = NotificationError> {
    /// The message's id. `None` if the event came without a queue.
    pub id: Option<String>,
    /// The number of deliveries, including this one; 1 if the event does not contain it.
    pub receives: u32,
    /// Each record in the message, or the reason why it can't be read. Empty if the message has no record of
    /// interest, such as S3's test message for a new configuration.
    pub records: Vec<Result<T, E>>,
}

/// Unpacks the messages of an event. `read` decodes the records of one notification or event. A message that can't be
/// read contains its error as the only record. The call fails only if an event that came without a queue can't be read.
pub fn messages<T, E: From<NotificationError>>(
    event: &Value,
    read: impl Fn(&Value) -> Result<Vec<Result<T, E>>, E>,
) -> Result<Vec<Message<T, E>>, E> {
    let Some(batch) = sqs_batch(event) else {
        return Ok(vec![Message { id: None, receives: 1, records: read(event)? }]);
    };
    let message = |record: &Value| {
        let Body { id, receives, json } = sqs_body(record);
        let records = json.map_err(E::from).and_then(|json| read(&json));
        Message { id, receives, records: records.unwrap_or_else(|error| vec![Err(error)]) }
    };
    Ok(batch.iter().map(message).collect())
}

/// The messages of an SQS batch, undecoded. `None` for any other event.
fn sqs_batch(event: &Value) -> Option<&Vec<Value>> {
    let is_message = |record: &Value| record.get("eventSource").is_some_and(|source| source == "aws:sqs");
    let records = event.get("Records").and_then(Value::as_array)?;
    records.iter().any(is_message).then_some(records)
}

struct Body {
    id: Option<String>,
    receives: u32,
    json: Result<Value, NotificationError>,
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
