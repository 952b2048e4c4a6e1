//! The operator's server, which receives the webhook's messages.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};

#[derive(Clone, Default)]
pub(crate) struct Hook(Arc<Mutex<Received>>);

#[derive(Default)]
struct Received {
    /// The number of messages that are refused before the next one is taken.
    refusals: usize,
    /// The ids and bodies of the messages that were taken.
    messages: Vec<(String, String)>,
}

impl Hook {
    pub(crate) fn app(&self) -> Router {
        Router::new().route("/messages", post(receive)).with_state(self.clone())
    }

    /// Refuses the next messages.
    pub(crate) fn refuse(&self, count: usize) {
        self.0.lock().unwrap().refusals = count;
    }

    /// The ids of the messages about an upload, without repetitions.
    pub(crate) fn messages_about(&self, id: &str) -> Vec<String> {
        let received = self.0.lock().unwrap();
        let mut ids: Vec<_> = received
            .messages
            .iter()
            .filter(|(_, body)| body.contains(id))
            .map(|(id, _)| id.clone())
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }
}

async fn receive(State(hook): State<Hook>, headers: HeaderMap, body: String) -> StatusCode {
    let mut received = hook.0.lock().unwrap();
    if received.refusals > 0 {
        received.refusals -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    received.messages.push((headers["webhook-id"].to_str().unwrap().to_owned(), body));
    StatusCode::NO_CONTENT
}
