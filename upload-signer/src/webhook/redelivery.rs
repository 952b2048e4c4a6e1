//! Growing pauses between the deliveries of a message of SQS. The queue's own pause is constant and short; a receiver that is
//! down for hours needs longer ones.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html>

use std::time::Duration;

use aws_credential_types::Credentials;
use serde_json::{Value, json};
use service::aws_api::{AwsApi, CallError, Retries, regional_endpoint};
use service::notification::BatchResponse;
use service::wire::{Timeouts, Transport};

/// The pauses in seconds after the first, second and each later failed delivery: about 18 hours together.
const PAUSES_SECONDS: [u32; 7] = [10, 60, 300, 1_800, 7_200, 18_000, 36_000];

/// Headers of the operation `ChangeMessageVisibility` of SQS's JSON protocol.
const CHANGE_VISIBILITY: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "AmazonSQS.ChangeMessageVisibility")];

/// The attempts of one call.
const RETRIES: Retries = Retries { attempts: 2, first_pause: Duration::from_millis(200) };

/// The time limits of one call.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Some(Duration::from_secs(2)),
    response: Some(Duration::from_secs(3)),
    operation: Some(Duration::from_secs(5)),
};

/// Sets the pauses of the messages in a queue.
#[derive(Clone, Debug)]
pub struct Redelivery {
    api: AwsApi,
    endpoint: String,
}

/// A failed message: its queue and handle, and its pause.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PostponedMessage {
    queue: String,
    receipt: String,
    seconds: u32,
}

impl Redelivery {
    /// Sets pauses in the queues of a region, which is also the region of the function. `endpoint` is a URL that
    /// replaces the region's. The credentials need `sqs:ChangeMessageVisibility` on the queue.
    pub fn new(region: &str, endpoint: Option<String>, credentials: Credentials) -> Self {
        let endpoint = endpoint.unwrap_or_else(|| regional_endpoint("sqs", region));
        Self { api: AwsApi::new("sqs", region, &endpoint, credentials, RETRIES, TIMEOUTS), endpoint }
    }

    /// The same queues by another transport.
    #[must_use]
    pub fn with_transport(mut self, transport: &Transport) -> Self {
        self.api = self.api.with_transport(transport);
        self
    }

    /// Postpones the failed messages of a batch. If that fails, the queue's own pause remains.
    pub async fn postpone(&self, event: &Value, response: &BatchResponse) {
        for message in postponed(event, response) {
            if let Err(error) = self.change(&message).await {
                tracing::warn!(%error, "the pause before the next delivery can't be changed");
            }
        }
    }

    async fn change(&self, message: &PostponedMessage) -> Result<(), CallError> {
        let PostponedMessage { queue, receipt, seconds } = message;
        let body = json!({
            "QueueUrl": format!("{}/{queue}", self.endpoint), "ReceiptHandle": receipt, "VisibilityTimeout": seconds,
        });
        self.api.post("/", &CHANGE_VISIBILITY, &body.to_string()).await.map(drop)
    }
}

/// The failed messages of a batch, each with the pause that its number of deliveries asks for.
fn postponed(event: &Value, response: &BatchResponse) -> Vec<PostponedMessage> {
    let records = event.get("Records").and_then(Value::as_array).into_iter().flatten();
    let has_failed = |record: &&Value| {
        let id = record.get("messageId").and_then(Value::as_str);
        response.batch_item_failures.iter().any(|failure| Some(failure.item_identifier.as_str()) == id)
    };
    records.filter(has_failed).filter_map(one).collect()
}

fn one(record: &Value) -> Option<PostponedMessage> {
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
    // arn:aws:sqs:<region>:<account>:<name>
    let mut arn = text("/eventSourceARN")?.split(':').skip(4);
    let (account, name) = (arn.next()?, arn.next()?);
    let receives: usize = text("/attributes/ApproximateReceiveCount").and_then(|count| count.parse().ok())?;
    let [.., last] = PAUSES_SECONDS;
    Some(PostponedMessage {
        queue: format!("{account}/{name}"),
        receipt: text("/receiptHandle")?.to_owned(),
        seconds: PAUSES_SECONDS.get(receives.saturating_sub(1)).copied().unwrap_or(last),
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::State;
    use axum::routing::post;
    use http::HeaderMap;
    use tokio::net::TcpListener;
    use tokio::sync::mpsc;

    use super::*;

    fn record(id: &str, receives: &str) -> Value {
        json!({
            "eventSource": "aws:sqs", "messageId": id, "receiptHandle": format!("handle {id}"),
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:Webhook",
            "attributes": { "ApproximateReceiveCount": receives },
        })
    }

    fn failed(ids: &[&str]) -> BatchResponse {
        let mut response = BatchResponse::default();
        for id in ids {
            response.add_failure(*id);
        }
        response
    }

    #[test]
    fn the_pause_grows_with_the_number_of_deliveries() {
        let check = |receives: &str, expected: Option<u32>| {
            let event = json!({ "Records": [record("a", receives)] });
            let seconds = postponed(&event, &failed(&["a"])).first().map(|message| message.seconds);
            assert_eq!(seconds, expected, "{receives}");
        };
        check("1", Some(10));
        check("2", Some(60));
        check("7", Some(36_000));
        check("100", Some(36_000));
        check("x", None);
        assert!(PAUSES_SECONDS.is_sorted());
        // SQS allows 12 hours (API reference).
        assert!(PAUSES_SECONDS.iter().all(|pause| *pause <= 43_200));
    }

    #[tokio::test]
    async fn only_failed_messages_are_postponed() {
        let (sender, mut received) = mpsc::unbounded_channel();
        let answering = async |State(sender): State<mpsc::UnboundedSender<_>>,
                               headers: HeaderMap,
                               body: String| {
            assert_eq!(headers["x-amz-target"], "AmazonSQS.ChangeMessageVisibility");
            assert!(headers["authorization"].to_str().unwrap().contains("/eu-central-1/sqs/aws4_request"));
            sender.send(serde_json::from_str::<Value>(&body).unwrap()).unwrap();
            "{}"
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().route("/", post(answering)).with_state(sender);
        tokio::spawn(async move { axum::serve(listener, app).await });
        let credentials = Credentials::new("id", "secret", None, None, "test");
        let redelivery = Redelivery::new("eu-central-1", Some(endpoint.clone()), credentials);
        let event = json!({ "Records": [record("a", "1"), record("b", "3"), record("c", "1")] });
        redelivery.postpone(&event, &failed(&["b"])).await;
        drop(redelivery);
        let expected = json!({
            "QueueUrl": format!("{endpoint}/123456789012/Webhook"), "ReceiptHandle": "handle b", "VisibilityTimeout": 300,
        });
        assert_eq!(received.try_recv().unwrap(), expected);
        assert!(received.try_recv().is_err());
        assert!(postponed(&json!({ "detail-type": "Media Ready" }), &failed(&[])).is_empty());
    }
}
