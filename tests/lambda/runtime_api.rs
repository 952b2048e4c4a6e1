//! A simulation of Lambda's Runtime API (developer guide, "Using the Lambda runtime API for custom runtimes"). It gives a
//! program one event after another, and receives the answers, buffered or streamed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;

/// The bytes between the head of a streamed answer and its body (developer guide, "Response streaming").
const DELIMITER: [u8; 8] = [0; 8];

/// The longest time that a program may take for an event.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The outcome of an event.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A buffered answer.
    Buffered(Value),
    /// A streamed HTTP response.
    Streamed(StreamedResponse),
    /// The report of a failure.
    Error(Value),
}

impl Outcome {
    pub(super) fn buffered(self) -> Value {
        match self {
            Self::Buffered(value) => value,
            other @ (Self::Streamed(_) | Self::Error(_)) => panic!("not buffered: {other:?}"),
        }
    }

    pub(super) fn streamed(self) -> StreamedResponse {
        match self {
            Self::Streamed(streamed) => streamed,
            other @ (Self::Buffered(_) | Self::Error(_)) => panic!("not streamed: {other:?}"),
        }
    }
}

/// A streamed HTTP response.
#[derive(Debug)]
pub(super) struct StreamedResponse {
    pub(super) status: u16,
    headers: Value,
    pub(super) body: Vec<u8>,
}

impl StreamedResponse {
    fn read(sent: &[u8]) -> Self {
        let end = sent.windows(DELIMITER.len()).position(|window| window == DELIMITER).expect("no delimiter");
        let head: Value = serde_json::from_slice(&sent[..end]).expect("the head is not JSON");
        Self {
            status: u16::try_from(head["statusCode"].as_u64().unwrap()).unwrap(),
            headers: head["headers"].clone(),
            body: sent[end + DELIMITER.len()..].to_vec(),
        }
    }

    /// A header's value; empty if the header is missing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].as_str().unwrap_or_default()
    }
}

/// The API for one program.
pub(super) struct RuntimeApi {
    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(super) address: String,
    shared: Arc<Shared>,
    queue: mpsc::UnboundedSender<(String, String)>,
    serving: JoinHandle<()>,
}

struct Shared {
    events: AsyncMutex<mpsc::UnboundedReceiver<(String, String)>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    /// The program's report that it can't start.
    init_error: Mutex<Option<Value>>,
}

impl RuntimeApi {
    pub(super) async fn start() -> Self {
        let (queue, events) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            events: AsyncMutex::new(events),
            waiting: Mutex::default(),
            init_error: Mutex::default(),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(not_started))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, shared, queue, serving }
    }

    /// The program's report that it can't start, if it has made one.
    pub(super) fn init_error(&self) -> Option<Value> {
        self.shared.init_error.lock().unwrap().clone()
    }

    /// Gives an event to the program, and waits for the outcome.
    pub(super) async fn call(&self, event: &Value) -> Outcome {
        let id = uuid();
        let (done, outcome) = oneshot::channel();
        self.shared.waiting.lock().unwrap().insert(id.clone(), done);
        self.queue.send((id, event.to_string())).unwrap();
        let outcome = tokio::time::timeout(TIMEOUT, outcome).await;
        outcome.expect("the program doesn't answer").expect("the program's answer was lost")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let Some((id, event)) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + TIMEOUT;
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:111122223333:function:test".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1".to_owned(),
        ),
    ];
    (headers, event).into_response()
}

async fn answered(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let is_streamed =
        headers.get("lambda-runtime-function-response-mode").is_some_and(|mode| mode == "streaming");
    let outcome = if is_streamed {
        assert_eq!(headers["content-type"], "application/vnd.awslambda.http-integration-response");
        Outcome::Streamed(StreamedResponse::read(&body))
    } else {
        Outcome::Buffered(serde_json::from_slice(&body).unwrap())
    };
    settle(&shared, &id, outcome)
}

async fn failed(State(shared): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    settle(&shared, &id, Outcome::Error(serde_json::from_slice(&body).unwrap()))
}

async fn not_started(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let error: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(headers["lambda-runtime-function-error-type"], error["errorType"].as_str().unwrap());
    *shared.init_error.lock().unwrap() = Some(error);
    StatusCode::ACCEPTED
}

fn settle(shared: &Shared, id: &str, outcome: Outcome) -> StatusCode {
    let waiting = shared.waiting.lock().unwrap().remove(id);
    match waiting.map(|done| done.send(outcome)) {
        Some(Ok(())) => StatusCode::ACCEPTED,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn uuid() -> String {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("8476a536-e9f4-11e8-9739-{number:012}")
}
