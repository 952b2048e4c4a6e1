//! A server that records the messages of a webhook.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;
use upload_signer::webhook::endpoint::Endpoint;
use upload_signer::webhook::secret::WebhookSecret;

use crate::support::wait;

/// The secret of every webhook in these tests.
pub(super) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A recorded message.
#[derive(Clone, Debug)]
pub(super) struct ReceivedMessage {
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Bytes,
    pub(super) json: Value,
    /// The status with which it was answered.
    pub(super) answer: u16,
}

/// A running server.
#[derive(Clone)]
pub(super) struct Receiver {
    url: String,
    state: SharedState,
}

/// The statuses of the next answers, and all messages so far.
type SharedState = Arc<Mutex<(Vec<u16>, Vec<ReceivedMessage>)>>;

impl Receiver {
    /// Answers the first messages with these statuses, and all others with 204.
    pub(super) async fn start(first_answers: &[u16]) -> Self {
        let state = Arc::new(Mutex::new((first_answers.to_vec(), Vec::new())));
        let (listener, url) = listen().await;
        let app = Router::new().route("/hook", post(record)).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, state }
    }

    /// Reads messages and never answers.
    pub(super) async fn silent() -> Self {
        let (listener, url) = listen().await;
        let app = Router::new().route("/hook", post(async || std::future::pending::<()>().await));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, state: Arc::default() }
    }

    pub(super) fn endpoint(&self) -> Endpoint {
        Endpoint::new(&self.url, WebhookSecret::parse(SECRET).unwrap()).unwrap()
    }

    /// All messages so far.
    pub(super) fn received(&self) -> Vec<ReceivedMessage> {
        self.state.lock().unwrap().1.clone()
    }

    /// Waits for a number of messages.
    pub(super) async fn wait_for(&self, count: usize) -> Vec<ReceivedMessage> {
        let received = wait::for_value(&format!("{count} messages"), async || {
            let received = self.received();
            if received.len() < count { Err(received.len()) } else { Ok(received) }
        })
        .await;
        assert_eq!(received.len(), count, "{received:?}");
        received
    }

    /// Waits for a number of different messages, and leaves out their repetitions: a message is
    /// delivered at least once.
    pub(super) async fn wait_for_different(&self, count: usize) -> Vec<ReceivedMessage> {
        wait::for_value(&format!("{count} different messages"), async || {
            let mut received = self.received();
            let mut ids = BTreeSet::new();
            received.retain(|message| ids.insert(message.headers["webhook-id"].clone()));
            if received.len() < count { Err(received.len()) } else { Ok(received) }
        })
        .await
    }
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    (listener, url)
}

async fn record(State(state): State<SharedState>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let (answers, received) = &mut *state.lock().unwrap();
    let answer = if answers.is_empty() { 204 } else { answers.remove(0) };
    let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let json = serde_json::from_slice(&body).unwrap();
    received.push(ReceivedMessage { headers, body, json, answer });
    StatusCode::from_u16(answer).unwrap()
}
