//! Lambda's Runtime API for one process (developer guide, "Using the Lambda runtime API for custom runtimes").

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::StreamExt as _;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::outcome::{InvokeError, Outcome};

/// The bytes between the head of a streamed answer and its body (developer guide, "Response streaming").
const DELIMITER: [u8; 8] = [0; 8];

/// The maximum length of the head of a streamed answer, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The maximum length of a buffered answer, in bytes (Lambda's quotas, "invocation payload").
const MAX_ANSWER_BYTES: usize = 6 * 1024 * 1024;

/// The number of chunks of a streamed body that wait for the viewer.
const WAITING_CHUNKS: usize = 16;

type Answer = oneshot::Sender<Result<Outcome, InvokeError>>;

/// The API for one process. It stops when this value is dropped.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) address: String,
    shared: Arc<Shared>,
    events: mpsc::UnboundedSender<Event>,
    serving: JoinHandle<()>,
}

/// An event that the process gets.
#[derive(Debug)]
struct Event {
    id: String,
    body: String,
    arn: String,
    deadline: SystemTime,
}

#[derive(Debug)]
struct Shared {
    events: AsyncMutex<mpsc::UnboundedReceiver<Event>>,
    /// The current event's ID and the receiver of its answer.
    waiting: Mutex<Option<(String, Answer)>>,
    /// The number of times that the process has asked for an event.
    asked: watch::Sender<u64>,
    /// The process's report that it can't start.
    start_failure: watch::Sender<Option<Value>>,
}

impl RuntimeApi {
    pub(crate) async fn start() -> io::Result<Self> {
        let (events, receiver) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            events: AsyncMutex::new(receiver),
            waiting: Mutex::default(),
            asked: watch::Sender::new(0),
            start_failure: watch::Sender::new(None),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(not_started))
            .layer(DefaultBodyLimit::max(MAX_ANSWER_BYTES))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "a Runtime API ended");
            }
        });
        Ok(Self { address, shared, events, serving })
    }

    /// Waits until the process has asked for an event more than `times` times. Returns the number.
    pub(crate) async fn asked_again(&self, times: u64) -> u64 {
        let mut asked = self.shared.asked.subscribe();
        // The sender lives as long as this value.
        asked.wait_for(|asked| *asked > times).await.map_or(times, |asked| *asked)
    }

    /// Waits until the process reports that it can't start.
    pub(crate) async fn start_failure(&self) -> Value {
        let mut failure = self.shared.start_failure.subscribe();
        let reported = failure.wait_for(Option::is_some).await;
        reported.ok().and_then(|reported| reported.clone()).unwrap_or_default()
    }

    /// Gives an event to the process. The result is the answer, which is dropped if the process ends.
    pub(crate) fn send(
        &self,
        body: &Value,
        arn: &str,
        timeout: Duration,
    ) -> oneshot::Receiver<Result<Outcome, InvokeError>> {
        let id = Uuid::new_v4().to_string();
        let (answer, outcome) = oneshot::channel();
        *self.shared.waiting() = Some((id.clone(), answer));
        let event =
            Event { id, body: body.to_string(), arn: arn.to_owned(), deadline: SystemTime::now() + timeout };
        // The receiver lives as long as this value.
        let _ = self.events.send(event);
        outcome
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Option<(String, Answer)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Settles the current event. The process may answer each event once.
    fn settle(&self, id: &str, outcome: Result<Outcome, InvokeError>) -> StatusCode {
        let waiting = self.waiting().take_if(|(current, _)| current == id);
        match waiting.map(|(_, answer)| answer.send(outcome)) {
            Some(Ok(())) => StatusCode::ACCEPTED,
            Some(Err(_)) | None => StatusCode::BAD_REQUEST,
        }
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    shared.asked.send_modify(|asked| *asked += 1);
    let Some(event) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = event.deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", event.id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", event.arn),
        ("lambda-runtime-trace-id", format!("Root=1-00000000-{};Sampled=0", "0".repeat(24))),
    ];
    (headers, event.body).into_response()
}

async fn answered(State(shared): State<Arc<Shared>>, Path(id): Path<String>, request: Request) -> StatusCode {
    let mode = request.headers().get("lambda-runtime-function-response-mode");
    if mode.is_some_and(|mode| mode == "streaming") {
        return streamed(&shared, &id, request.into_body()).await;
    }
    let body = axum::body::to_bytes(request.into_body(), MAX_ANSWER_BYTES).await;
    let Ok(body) = body else {
        let error = serde_json::json!({
            "errorType": "Function.ResponseSizeTooLarge",
            "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        });
        shared.settle(&id, Err(InvokeError::Failed(error)));
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    match serde_json::from_slice(&body) {
        Ok(answer) => shared.settle(&id, Ok(Outcome::Buffered(answer))),
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

/// Passes a streamed answer on while it arrives.
async fn streamed(shared: &Shared, id: &str, body: Body) -> StatusCode {
    let mut chunks = body.into_data_stream();
    let mut start = Vec::new();
    let (head, first) = loop {
        let end = start.windows(DELIMITER.len()).position(|window| window == DELIMITER);
        if let Some((head, rest)) = end.and_then(|end| start.split_at_checked(end)) {
            let rest = rest.get(DELIMITER.len()..).unwrap_or_default();
            let Ok(head) = serde_json::from_slice::<Value>(head) else { return StatusCode::BAD_REQUEST };
            break (head, Bytes::copy_from_slice(rest));
        }
        match chunks.next().await {
            Some(Ok(chunk)) if start.len() < MAX_HEAD_BYTES => start.extend_from_slice(&chunk),
            _ => return StatusCode::BAD_REQUEST,
        }
    };
    let (sender, receiver) = mpsc::channel::<Result<Bytes, axum::Error>>(WAITING_CHUNKS);
    let rest = futures::stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    });
    let status = shared.settle(id, Ok(Outcome::Streamed(head, Body::from_stream(rest))));
    if !first.is_empty() {
        // A viewer that has gone needs no more chunks. The function ends its answer as usual.
        let _ = sender.send(Ok(first)).await;
    }
    while let Some(chunk) = chunks.next().await {
        let _ = sender.send(chunk).await;
    }
    status
}

async fn failed(State(shared): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let error = serde_json::from_slice(&body).unwrap_or_default();
    shared.settle(&id, Err(InvokeError::Failed(error)))
}

async fn not_started(State(shared): State<Arc<Shared>>, _: HeaderMap, body: Bytes) -> StatusCode {
    shared.start_failure.send_replace(Some(serde_json::from_slice(&body).unwrap_or_default()));
    StatusCode::ACCEPTED
}
