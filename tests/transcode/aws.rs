//! A MediaConvert and an EventBridge on the wire. They do nothing but remember, answer and fail as they are told.

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

/// What one request meets instead of being answered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    /// This status, with this code.
    Fails(u16, &'static str),
    /// It isn't looked at, and never answered.
    IsIgnored,
    /// It is done, and never answered.
    IsNotAnswered,
    /// It is done and answered when the test lets it.
    IsHeld,
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
    known: Arc<Mutex<Known>>,
    /// Something isn't answered.
    pub(crate) stuck: Arc<Notify>,
    /// Lets go what is held.
    pub(crate) release: Arc<Notify>,
}

#[derive(Default)]
pub(crate) struct Known {
    /// The bodies of `CreateJob`, each a job.
    pub(crate) jobs: Vec<Value>,
    /// What `Probe` answers about files whose URL ends so.
    pub(crate) probes: HashMap<String, Value>,
    /// Entries of `PutEvents`.
    pub(crate) told: Vec<Value>,
    /// How often each operation was asked for.
    pub(crate) asked: HashMap<Operation, usize>,
    /// What the next requests of an operation meet.
    pub(crate) troubles: HashMap<Operation, VecDeque<Trouble>>,
    /// Whether a token that came before gives the job of before, as MediaConvert does for a minute.
    pub(crate) remembers_tokens: bool,
}

impl Aws {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let aws = Self { endpoint, known: Arc::default(), stuck: Arc::default(), release: Arc::default() };
        let router = Router::new()
            .route("/2017-08-29/probe", post(probe))
            .route("/2017-08-29/jobs", post(create_job))
            .route("/2017-08-29/search", get(search_jobs))
            .route("/", post(put_events))
            .with_state(aws.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        aws
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    pub(crate) fn jobs(&self) -> usize {
        self.known().jobs.len()
    }

    pub(crate) fn asked(&self, operation: Operation) -> usize {
        self.known().asked.get(&operation).copied().unwrap_or(0)
    }

    pub(crate) fn trouble(&self, operation: Operation, troubles: impl IntoIterator<Item = Trouble>) {
        self.known().troubles.entry(operation).or_default().extend(troubles);
    }

    /// Answers a request as it should be, or with the trouble that is up.
    async fn answer(&self, operation: Operation, proper: impl FnOnce(&mut Known) -> Response) -> Response {
        let trouble = {
            let mut known = self.known();
            *known.asked.entry(operation).or_default() += 1;
            known.troubles.get_mut(&operation).and_then(VecDeque::pop_front)
        };
        match trouble {
            None => proper(&mut self.known()),
            Some(Trouble::Fails(status, code)) => {
                let message = json!({"message": format!("{code} on demand")});
                let status = StatusCode::from_u16(status).unwrap();
                (status, [("x-amzn-errortype", code)], Json(message)).into_response()
            }
            Some(Trouble::IsIgnored) => self.never().await,
            Some(Trouble::IsHeld) => {
                self.stuck.notify_one();
                self.release.notified().await;
                proper(&mut self.known())
            }
            Some(Trouble::IsNotAnswered) => {
                let _ = proper(&mut self.known());
                self.never().await
            }
        }
    }

    async fn never(&self) -> Response {
        self.stuck.notify_one();
        std::future::pending().await
    }
}

async fn probe(State(aws): State<Aws>, body: Bytes) -> Response {
    aws.answer(Operation::Probe, |known| {
        let asked: Value = serde_json::from_slice(&body).unwrap();
        let url = asked["inputFiles"][0]["fileUrl"].as_str().unwrap();
        let found = known.probes.iter().find(|(end, _)| url.ends_with(*end)).map(|(_, probe)| probe.clone());
        Json(found.unwrap_or_else(|| json!({"probeResults": [super::videos::full_hd()]}))).into_response()
    })
    .await
}

async fn create_job(State(aws): State<Aws>, body: Bytes) -> Response {
    aws.answer(Operation::CreateJob, |known| {
        let job: Value = serde_json::from_slice(&body).unwrap();
        let same = |known: &Value| known["clientRequestToken"] == job["clientRequestToken"];
        let number = match known.jobs.iter().position(same) {
            Some(number) if known.remembers_tokens => number,
            _ => {
                known.jobs.push(job);
                known.jobs.len() - 1
            }
        };
        (StatusCode::CREATED, Json(json!({"job": listed(number, &known.jobs[number])}))).into_response()
    })
    .await
}

async fn search_jobs(State(aws): State<Aws>, Query(query): Query<HashMap<String, String>>) -> Response {
    aws.answer(Operation::SearchJobs, |known| {
        let is_asked = |job: &Value| job["settings"]["inputs"][0]["fileInput"] == query["inputFile"].as_str();
        let found = known.jobs.iter().enumerate().filter(|(_, job)| is_asked(job));
        // One on a page, so that pages are turned.
        let page: usize = query.get("nextToken").map_or(0, |token| token.parse().unwrap());
        let jobs: Vec<_> = found.map(|(number, job)| listed(number, job)).collect();
        let next = (page + 1 < jobs.len()).then(|| (page + 1).to_string());
        Json(json!({"jobs": jobs.get(page).into_iter().collect::<Vec<_>>(), "nextToken": next}))
            .into_response()
    })
    .await
}

fn listed(number: usize, job: &Value) -> Value {
    json!({"id": job_id(number), "status": "SUBMITTED", "userMetadata": job["userMetadata"]})
}

pub(crate) fn job_id(number: usize) -> String {
    format!("1767225600000-job{number}")
}

async fn put_events(State(aws): State<Aws>, body: Bytes) -> Response {
    aws.answer(Operation::PutEvents, |known| {
        let asked: Value = serde_json::from_slice(&body).unwrap();
        known.told.extend(asked["Entries"].as_array().unwrap().iter().cloned());
        Json(json!({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})).into_response()
    })
    .await
}
