//! A function's URL. Access control is in front of it.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use futures::StreamExt as _;
use http::StatusCode;

use crate::function::Function;
use crate::http_event::{Door, buffered, event, head, refusal};
use crate::outcome::{InvokeError, Outcome};

/// The maximum length of a request's body, in bytes (Lambda's quotas, "invocation payload").
const MAX_BODY_BYTES: usize = 6 * 1024 * 1024;

/// The mode in which a URL answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvokeMode {
    /// `BUFFERED`: the answer is whole.
    Buffered,
    /// `RESPONSE_STREAM`: the answer is sent while it is made.
    Streamed,
}

/// A URL with this host as a service.
pub fn app(function: Function, host: &str, mode: InvokeMode) -> Router {
    Router::new().fallback(answer).with_state(Url { function, host: host.to_owned(), mode })
}

#[derive(Clone, Debug)]
struct Url {
    function: Function,
    host: String,
    mode: InvokeMode,
}

async fn answer(State(url): State<Url>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "Request must be smaller than 6291456 bytes");
    };
    let door = Door { host: &url.host, route: "$default", decodes_path: false };
    let outcome = url.function.invoke(event(door, &parts, &body)).await;
    let response = match (outcome, url.mode) {
        (Ok(Outcome::Buffered(answer)), _) => buffered(&answer),
        (Ok(Outcome::Streamed(answer, body)), InvokeMode::Streamed) => return streamed(&answer, body).await,
        // The program answers in a mode that its URL doesn't have. Lambda passes the bytes on as they are.
        (Ok(Outcome::Streamed(..)), InvokeMode::Buffered) => {
            tracing::error!("a function streams its answer, but its URL is BUFFERED");
            None
        }
        (Err(InvokeError::Throttled), _) => {
            return refusal(StatusCode::TOO_MANY_REQUESTS, &InvokeError::Throttled.to_string());
        }
        (Err(InvokeError::TimedOut(_)), _) => {
            return refusal(StatusCode::GATEWAY_TIMEOUT, "Endpoint request timed out");
        }
        (
            Err(
                InvokeError::NotStarted(_)
                | InvokeError::Failed(_)
                | InvokeError::OutOfMemory(_)
                | InvokeError::Exited,
            ),
            _,
        ) => None,
    };
    response.unwrap_or_else(|| refusal(StatusCode::BAD_GATEWAY, "Internal Server Error"))
}

/// A streamed response. Without a byte a function URL hangs until its client gives up
/// (<https://github.com/aws/aws-lambda-web-adapter/issues/499>), which is answered at once here.
async fn streamed(answer: &serde_json::Value, body: Body) -> Response {
    let mut chunks = body.into_data_stream();
    let Some(first) = chunks.next().await else {
        tracing::error!("a streamed answer has no byte: a function URL would hang");
        return refusal(StatusCode::GATEWAY_TIMEOUT, "Endpoint request timed out");
    };
    let rest = futures::stream::iter([first]).chain(chunks);
    head(answer, Body::from_stream(rest))
        .unwrap_or_else(|| refusal(StatusCode::BAD_GATEWAY, "Internal Server Error"))
}
