//! Simulated MediaConvert and EventBridge endpoints. They record requests, answer them, and fail on demand.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::probe_results;
use crate::support::wait;

/// A fault that a test injects into one request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The answer is this status with this error code.
    Status(u16, &'static str),
    /// The request has no effect and no answer.
    NoEffect,
    /// The request has its effect and no answer.
    NoAnswer,
    /// The request waits for [`Aws::release`], then has its effect and its answer.
    Delay,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    Probe,
    CreateJob,
    SearchJobs,
    PutEvents,
}

#[derive(Clone)]
pub(crate) struct Aws {
    pub(crate) endpoint: String,
    state: Arc<Mutex<AwsState>>,
    /// Notified when a request is left without an answer, or is delayed.
    pub(crate) stalled: Arc<Notify>,
    /// Releases a delayed request.
    pub(crate) release: Arc<Notify>,
}

#[derive(Default)]
pub(crate) struct AwsState {
    /// The bodies of `CreateJob`, each a job.
    pub(crate) jobs: Vec<Value>,
    /// Answers of `Probe`, by the end of the file's URL.
    pub(crate) probes: HashMap<String, Value>,
    /// Entries of `PutEvents`.
    pub(crate) events: Vec<Value>,
    /// The number of requests of each operation.
    pub(crate) requests: HashMap<Operation, usize>,
    /// Faults of the next requests of an operation.
    pub(crate) faults: HashMap<Operation, VecDeque<Fault>>,
    /// `true` if a repeated token returns the earlier job, as MediaConvert does for a minute.
    pub(crate) remembers_tokens: bool,
}

impl Aws {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let aws = Self { endpoint, state: Arc::default(), stalled: Arc::default(), release: Arc::default() };
        let router = Router::new()
            .route("/2017-08-29/probe", post(probe))
            .route("/2017-08-29/jobs", post(create_job))
            .route("/2017-08-29/search", get(search_jobs))
            .route("/", post(put_events))
            .with_state(aws.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        aws
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, AwsState> {
        self.state.lock().unwrap()
    }

    /// The number of jobs.
    pub(crate) fn jobs(&self) -> usize {
        self.state().jobs.len()
    }

    /// The number of requests of an operation.
    pub(crate) fn requests(&self, operation: Operation) -> usize {
        self.state().requests.get(&operation).copied().unwrap_or(0)
    }

    /// Injects faults into the next requests of an operation.
    pub(crate) fn inject(&self, operation: Operation, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults.entry(operation).or_default().extend(faults);
    }

    /// Waits until a request is left without an answer, or is delayed.
    pub(crate) async fn wait_for_stall(&self) {
        wait::within("a request that stalls", self.stalled.notified()).await;
    }

    /// Answers a request, or applies the next fault of its operation.
    async fn answer(&self, operation: Operation, proper: impl FnOnce(&mut AwsState) -> Response) -> Response {
        let fault = {
            let mut state = self.state();
            *state.requests.entry(operation).or_default() += 1;
            state.faults.get_mut(&operation).and_then(VecDeque::pop_front)
        };
        match fault {
            None => proper(&mut self.state()),
            Some(Fault::Status(status, code)) => {
                let message = json!({"message": format!("{code} on demand")});
                let status = StatusCode::from_u16(status).unwrap();
                (status, [("x-amzn-errortype", code)], Json(message)).into_response()
            }
            Some(Fault::NoEffect) => self.stall().await,
            Some(Fault::Delay) => {
                self.stalled.notify_one();
                self.release.notified().await;
                proper(&mut self.state())
            }
            Some(Fault::NoAnswer) => {
                let _ = proper(&mut self.state());
                self.stall().await
            }
        }
    }

    async fn stall(&self) -> Response {
        self.stalled.notify_one();
        std::future::pending().await
    }
}

async fn probe(State(aws): State<Aws>, body: Bytes) -> Response {
    aws.answer(Operation::Probe, |state| {
        let request: Value = serde_json::from_slice(&body).unwrap();
        let url = request["inputFiles"][0]["fileUrl"].as_str().unwrap();
        let found = state.probes.iter().find(|(end, _)| url.ends_with(*end)).map(|(_, probe)| probe.clone());
        Json(found.unwrap_or_else(|| json!({"probeResults": [probe_results::full_hd()]}))).into_response()
    })
    .await
}

async fn create_job(State(aws): State<Aws>, body: Bytes) -> Response {
    aws.answer(Operation::CreateJob, |state| {
        let job: Value = serde_json::from_slice(&body).unwrap();
        let has_token = |other: &Value| other["clientRequestToken"] == job["clientRequestToken"];
        let number = match state.jobs.iter().position(has_token) {
            Some(number) if state.remembers_tokens => number,
            _ => {
                state.jobs.push(job);
                state.jobs.len() - 1
            }
        };
        (StatusCode::CREATED, Json(json!({"job": job_json(number, &state.jobs[number])}))).into_response()
    })
    .await
}

async fn search_jobs(State(aws): State<Aws>, Query(query): Query<HashMap<String, String>>) -> Response {
    aws.answer(Operation::SearchJobs, |state| {
        let has_input =
            |job: &Value| job["settings"]["inputs"][0]["fileInput"] == query["inputFile"].as_str();
        let found = state.jobs.iter().enumerate().filter(|(_, job)| has_input(job));
        // One job per page, so that the client must follow pages.
        let page: usize = query.get("nextToken").map_or(0, |token| token.parse().unwrap());
        let jobs: Vec<_> = found.map(|(number, job)| job_json(number, job)).collect();
        let next = (page + 1 < jobs.len()).then(|| (page + 1).to_string());
        Json(json!({"jobs": jobs.get(page).into_iter().collect::<Vec<_>>(), "nextToken": next}))
            .into_response()
    })
    .await
}

fn job_json(number: usize, job: &Value) -> Value {
    json!({"id": job_id(number), "status": "SUBMITTED", "userMetadata": job["userMetadata"]})
}

pub(crate) fn job_id(number: usize) -> String {
    format!("1767225600000-job{number}")
}

async fn put_events(State(aws): State<Aws>, body: Bytes) -> Response {
    aws.answer(Operation::PutEvents, |state| {
        let request: Value = serde_json::from_slice(&body).unwrap();
        state.events.extend(request["Entries"].as_array().unwrap().iter().cloned());
        Json(json!({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})).into_response()
    })
    .await
}
