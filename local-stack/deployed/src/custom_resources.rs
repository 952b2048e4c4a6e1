//! Custom resources: `CloudFormation` calls their function, which answers by a PUT to a URL.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::put;
use http::StatusCode;
use local_s3::ACCOUNT;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::account::REGION;
use crate::error::DeployError;
use crate::functions::Functions;
use crate::resources::{Resource, Resources};

/// The time that a function has for its answer, besides its own timeout.
const GRACE: Duration = Duration::from_secs(10);

/// The answers that are awaited, by the IDs of their requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers(Arc<Mutex<BTreeMap<String, oneshot::Sender<Answer>>>>);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    status: String,
    #[serde(default)]
    reason: String,
}

impl Answers {
    /// The service that receives answers.
    pub(crate) fn app(&self) -> Router {
        Router::new().route("/custom-resources/{id}", put(receive)).with_state(self.clone())
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, oneshot::Sender<Answer>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Creates the custom resources of a template. `url` is the address of [`Self::app`].
    pub(crate) async fn create(
        &self,
        resources: Resources<'_>,
        functions: &Functions,
        stack: &str,
        url: &str,
    ) -> Result<(), DeployError> {
        for (Resource { id, properties }, kind) in resources.custom()? {
            let token = properties.get("ServiceToken").and_then(Value::as_str).unwrap_or_default().to_owned();
            let function = functions.get(&id, &token)?;
            let failed = |reason: String| DeployError::Custom { id: id.clone(), reason };
            let request = Uuid::new_v4().to_string();
            let event = json!({
                "RequestType": "Create",
                "ResponseURL": format!("{url}/custom-resources/{request}"),
                "StackId": format!("arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{stack}/local"),
                "RequestId": request,
                "ResourceType": kind,
                "LogicalResourceId": id,
                "ResourceProperties": as_texts(properties),
            });
            let (sender, answer) = oneshot::channel();
            self.waiting().insert(request, sender);
            function.invoke(event).await.map_err(|error| failed(error.to_string()))?;
            let answer = tokio::time::timeout(function.config().timeout + GRACE, answer).await;
            let answer = answer.ok().and_then(Result::ok);
            let answer = answer.ok_or_else(|| failed("its function sends no answer".to_owned()))?;
            if answer.status != "SUCCESS" {
                return Err(failed(answer.reason));
            }
        }
        Ok(())
    }
}

async fn receive(State(answers): State<Answers>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let Ok(answer) = serde_json::from_slice(&body) else { return StatusCode::BAD_REQUEST };
    match answers.waiting().remove(&id).map(|sender| sender.send(answer)) {
        Some(Ok(())) => StatusCode::OK,
        Some(Err(_)) | None => StatusCode::NOT_FOUND,
    }
}

/// `CloudFormation` gives custom resources all numbers and booleans as texts.
fn as_texts(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(value) => Value::String(value.to_string()),
        Value::Array(elements) => elements.into_iter().map(as_texts).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, as_texts(value))).collect(),
        Value::Null | Value::String(_) => value,
    }
}
