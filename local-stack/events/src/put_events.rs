//! The operation `PutEvents` of the default bus. It doesn't check signatures: it listens on the loopback interface only.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html>

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use jiff::{Timestamp, Unit};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::outbox::Outbox;

/// The name of the local bus.
pub const BUS: &str = "default";

/// The header that names the operation, and its value.
const TARGET: (&str, &str) = ("x-amz-target", "AWSEvents.PutEvents");

/// The maximum number of entries in one request (EventBridge's quotas).
const MAX_ENTRIES: usize = 10;

/// The API of a bus whose events go to `outbox`.
pub fn app<O: Outbox + Clone + Send + 'static>(bus: Bus<O>) -> Router {
    Router::new().route("/", post(put_events::<O>)).with_state(bus)
}

/// A bus, and the values that its events have in common.
#[derive(Clone, Debug)]
pub struct Bus<O> {
    /// The list of events that aren't delivered yet.
    pub outbox: O,
    /// The region in events.
    pub region: String,
    /// The account in events.
    pub account: String,
    /// The clock.
    pub clock: fn() -> Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    event_bus_name: Option<String>,
    source: Option<String>,
    detail_type: Option<String>,
    detail: Option<String>,
    #[serde(default)]
    resources: Vec<String>,
}

/// The reason why an entry isn't accepted: EventBridge's code and a sentence.
struct Refusal(&'static str, &'static str);

async fn put_events<O: Outbox + Clone + Send + 'static>(
    State(bus): State<Bus<O>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    if headers.get(TARGET.0).is_none_or(|target| target != TARGET.1) {
        return failure(StatusCode::BAD_REQUEST, "UnknownOperationException", "only PutEvents is supported");
    }
    let Ok(Request { entries }) = serde_json::from_str(&body) else {
        return failure(StatusCode::BAD_REQUEST, "SerializationException", "the body has no list Entries");
    };
    if entries.is_empty() || entries.len() > MAX_ENTRIES {
        return failure(StatusCode::BAD_REQUEST, "ValidationException", "Entries has 1 to 10 entries");
    }
    let (mut events, mut results, mut failed) = (Vec::new(), Vec::new(), 0);
    for entry in entries {
        match bus.event(entry) {
            Ok(event) => {
                results.push(json!({ "EventId": event.get("id") }));
                events.push(event);
            }
            Err(Refusal(code, message)) => {
                failed += 1;
                results.push(json!({ "ErrorCode": code, "ErrorMessage": message }));
            }
        }
    }
    if let Err(error) = bus.outbox.publish(events).await {
        tracing::error!(%error, "events can't be written to the outbox");
        return failure(StatusCode::INTERNAL_SERVER_ERROR, "InternalException", "the events can't be stored");
    }
    Json(json!({ "FailedEntryCount": failed, "Entries": results })).into_response()
}

impl<O> Bus<O> {
    /// The event of an entry, as rules get it.
    fn event(&self, entry: Entry) -> Result<Value, Refusal> {
        let Entry { event_bus_name, source, detail_type, detail, resources } = entry;
        if event_bus_name.is_some_and(|name| name != BUS) {
            return Err(Refusal("InvalidArgument", "the only event bus is default"));
        }
        let (Some(source), Some(detail_type), Some(detail)) = (source, detail_type, detail) else {
            return Err(Refusal("InvalidArgument", "Source, DetailType and Detail are required"));
        };
        if source.starts_with("aws.") {
            return Err(Refusal(
                "NotAuthorizedForSourceException",
                "sources that begin with aws. are AWS's own",
            ));
        }
        let detail = serde_json::from_str(&detail).ok().filter(Value::is_object);
        let detail = detail.ok_or(Refusal("MalformedDetail", "Detail is not a JSON object"))?;
        // EventBridge's times have whole seconds.
        let time = (self.clock)().round(Unit::Second).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(json!({
            "version": "0",
            "id": Uuid::new_v4().to_string(),
            "detail-type": detail_type,
            "source": source,
            "account": self.account,
            "time": time.to_string(),
            "region": self.region,
            "resources": resources,
            "detail": detail,
        }))
    }
}

fn failure(status: StatusCode, code: &'static str, message: &str) -> Response {
    (status, [("x-amzn-errortype", code)], Json(json!({ "__type": code, "message": message })))
        .into_response()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use axum::body::{Body, to_bytes};
    use tower::ServiceExt as _;

    use super::*;
    use crate::outbox::PendingEvent;

    #[derive(Clone, Default)]
    struct RecordingOutbox(Arc<Mutex<Vec<Value>>>);

    impl Outbox for RecordingOutbox {
        type Error = Infallible;

        async fn events_after(&self, _: u64, _: usize) -> Result<Vec<PendingEvent>, Infallible> {
            Ok(Vec::new())
        }

        async fn event_arrived(&self) {}

        async fn publish(&self, events: Vec<Value>) -> Result<(), Infallible> {
            self.0.lock().unwrap().extend(events);
            Ok(())
        }

        async fn record_passed(&self, _: u64, _: Duration) -> Result<(), Infallible> {
            Ok(())
        }

        async fn acknowledge(&self, _: u64) -> Result<(), Infallible> {
            Ok(())
        }
    }

    async fn put(outbox: &RecordingOutbox, target: &str, body: &Value) -> (u16, Value) {
        let clock = || "2026-01-02T03:04:05.6Z".parse().unwrap();
        let bus = Bus {
            outbox: outbox.clone(),
            region: "eu-central-1".to_owned(),
            account: "000000000000".to_owned(),
            clock,
        };
        let request = http::Request::post("/").header("x-amz-target", target);
        let response = app(bus).oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn an_entry_becomes_an_event_in_the_outbox() {
        let outbox = RecordingOutbox::default();
        let entry = json!({
            "EventBusName": "default", "Source": "tintype", "DetailType": "Media Ready", "Detail": "{\"id\":\"1\"}",
            "Resources": ["arn:aws:s3:::originals"],
        });
        let (status, answer) = put(&outbox, TARGET.1, &json!({ "Entries": [entry] })).await;
        assert_eq!((status, &answer["FailedEntryCount"]), (200, &json!(0)));
        let events = outbox.0.lock().unwrap().clone();
        assert_eq!(answer["Entries"][0]["EventId"], events[0]["id"]);
        assert_eq!(events[0]["time"], "2026-01-02T03:04:06Z");
        assert_eq!(
            (&events[0]["source"], &events[0]["detail-type"]),
            (&json!("tintype"), &json!("Media Ready"))
        );
        assert_eq!(events[0]["detail"], json!({ "id": "1" }));
        assert_eq!(events[0]["resources"], json!(["arn:aws:s3:::originals"]));
    }

    #[tokio::test]
    async fn only_the_bad_entry_fails_and_a_bad_request_fails_completely() {
        let outbox = RecordingOutbox::default();
        let good = json!({ "Source": "a", "DetailType": "b", "Detail": "{}" });
        let with = |name: &str, value: Value| {
            let mut entry = good.clone();
            entry[name] = value;
            entry
        };
        for (entry, code) in [
            (with("EventBusName", json!("other")), "InvalidArgument"),
            (with("Source", Value::Null), "InvalidArgument"),
            (with("Source", json!("aws.s3")), "NotAuthorizedForSourceException"),
            (with("Detail", json!("[]")), "MalformedDetail"),
            (with("Detail", json!("{")), "MalformedDetail"),
        ] {
            let (status, answer) = put(&outbox, TARGET.1, &json!({ "Entries": [entry, good] })).await;
            assert_eq!((status, &answer["FailedEntryCount"]), (200, &json!(1)), "{code}");
            assert_eq!(answer["Entries"][0]["ErrorCode"], code);
            assert!(answer["Entries"][1]["EventId"].is_string());
        }
        assert_eq!(outbox.0.lock().unwrap().len(), 5);
        let many = vec![good.clone(); 11];
        for (target, body) in [
            ("AWSEvents.ListRules", json!({})),
            (TARGET.1, json!({})),
            (TARGET.1, json!({ "Entries": [] })),
            (TARGET.1, json!({ "Entries": many })),
        ] {
            assert_eq!(put(&outbox, target, &body).await.0, 400, "{body}");
        }
        assert_eq!(outbox.0.lock().unwrap().len(), 5);
    }
}
