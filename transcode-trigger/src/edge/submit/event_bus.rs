//! The event bus of EventBridge, which gets the results of videos.

use serde_json::{Value, json};
use service::aws_api::{AwsApi, CallError, Retries, regional_endpoint};

use super::config::{FIRST_PAUSE, SubmitConfig};
use super::error::{SubmitError, by_status};
use crate::status::{Status, VideoState};

/// The `Source` of the announcements.
const SOURCE: &str = "tintype";

/// Headers of the operation `PutEvents` of EventBridge's JSON protocol.
const PUT_EVENTS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "AWSEvents.PutEvents")];

/// An event bus.
#[derive(Clone, Debug)]
pub(super) struct EventBus {
    api: AwsApi,
    name: String,
    /// The partition in ARNs, such as `aws`.
    partition: &'static str,
}

impl EventBus {
    /// The event bus of a configuration, if it has one. No request is sent.
    pub(super) fn new(config: &SubmitConfig) -> Option<Self> {
        let region = &config.region;
        let endpoint = config.events_endpoint.clone().unwrap_or_else(|| regional_endpoint("events", region));
        let retries = Retries { attempts: config.attempts, first_pause: FIRST_PAUSE };
        let credentials = config.credentials.clone();
        let api = AwsApi::new("events", region, &endpoint, credentials, retries, config.timeouts);
        let api = api.with_transport(&config.transport);
        let partition = if region.starts_with("cn-") { "aws-cn" } else { "aws" };
        Some(Self { api, name: config.bus.clone()?, partition })
    }

    /// Announces that a video of a bucket is ready or has failed. A status that is not final is not announced.
    pub(super) async fn announce(&self, status: &Status, bucket: &str) -> Result<(), SubmitError> {
        let detail_type = match status.state {
            VideoState::Ready => "Media Ready",
            VideoState::Failed | VideoState::Canceled => "Media Failed",
            VideoState::Queued | VideoState::Probing | VideoState::Transcoding => return Ok(()),
        };
        let detail =
            serde_json::to_string(status).map_err(|error| SubmitError::Permanent(error.to_string()))?;
        let entry = json!({
            "EventBusName": self.name,
            "Source": SOURCE,
            "DetailType": detail_type,
            "Detail": detail,
            // Several deployments can share a bus.
            "Resources": [format!("arn:{}:s3:::{bucket}", self.partition)],
        });
        let body = json!({ "Entries": [entry] }).to_string();
        let response = self.api.post("/", &PUT_EVENTS, &body).await.map_err(|error| classify(&error))?;
        let response: Value = serde_json::from_str(&response).map_err(|error| {
            SubmitError::Transient(format!("PutEvents: the response isn't JSON: {error}"))
        })?;
        match response.pointer("/Entries/0/ErrorMessage").and_then(Value::as_str) {
            None => Ok(()),
            Some(message) => Err(SubmitError::Transient(format!("PutEvents: {message}"))),
        }
    }
}

fn classify(error: &CallError) -> SubmitError {
    let text = format!("PutEvents: {error}");
    match error {
        CallError::Invalid(_) => SubmitError::Permanent(text),
        CallError::NoResponse(_) => SubmitError::Transient(text),
        CallError::Refused { status, body } => by_status(*status, body, text),
    }
}
