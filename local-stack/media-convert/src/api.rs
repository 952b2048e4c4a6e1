//! The operations of the wire protocol (`restJson1`, API version 2017-08-29): paths, queries, bodies.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ffmpeg::ToolError;
use super::job::{Job, Status};
use super::json::without_nulls;
use super::plan::{self, plan};
use super::probe;
use super::problem::ApiError;
use super::queue::Queue;
use super::settings;
use super::storage::{self, StorageError};

/// The most jobs in one answer.
const PAGE: usize = 20;

/// What the operations work on.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) queue: Arc<Queue>,
    pub(crate) region: String,
}

/// The operations as a service.
pub(crate) fn routes(api: Arc<Api>) -> Router {
    Router::new()
        .route("/2017-08-29/probe", post(probe_files))
        .route("/2017-08-29/jobs", post(create_job).get(list_jobs))
        .route("/2017-08-29/jobs/{id}", get(get_job).delete(cancel_job))
        .route("/2017-08-29/search", get(search_jobs))
        .fallback(refuse)
        .method_not_allowed_fallback(refuse)
        .with_state(api)
}

async fn create_job(State(api): State<Arc<Api>>, body: Bytes) -> Result<Response, ApiError> {
    let body: Value = read(&body)?;
    let request = settings::read(&body)?;
    // Whether it can be executed, as far as that doesn't depend on the input.
    plan(&request.settings, &plan::example(), "input")
        .map_err(|error| ApiError::BadRequest(error.to_string()))?;
    let job = api.queue.submit(Job::new(body, Timestamp::now().as_millisecond())).await?;
    Ok((StatusCode::CREATED, Json(json!({ "job": job.described(&api.region) }))).into_response())
}

async fn get_job(State(api): State<Arc<Api>>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let job = api.queue.job(&id).await?;
    Ok(Json(json!({ "job": job.described(&api.region) })).into_response())
}

async fn cancel_job(State(api): State<Arc<Api>>, Path(id): Path<String>) -> Result<Response, ApiError> {
    api.queue.cancel(&id).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    status: Option<String>,
    order: Option<Order>,
    max_results: Option<usize>,
    next_token: Option<String>,
    /// There is one queue.
    queue: Option<String>,
    input_file: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Order {
    Ascending,
    #[default]
    Descending,
}

async fn list_jobs(State(api): State<Arc<Api>>, query: Uri) -> Result<Response, ApiError> {
    let asked = asked(&query)?;
    if asked.input_file.is_some() {
        return Err(ApiError::BadRequest("inputFile is a parameter of SearchJobs".to_owned()));
    }
    listed(&api, asked).await
}

async fn search_jobs(State(api): State<Arc<Api>>, query: Uri) -> Result<Response, ApiError> {
    listed(&api, asked(&query)?).await
}

async fn listed(api: &Api, asked: Asked) -> Result<Response, ApiError> {
    let status = asked.status.map(|name| {
        Status::of(&name).ok_or_else(|| ApiError::BadRequest(format!("status: there is no status '{name}'")))
    });
    let (status, input) = (status.transpose()?, asked.input_file.unwrap_or_default());
    let queue = asked.queue.filter(|queue| !(queue == "Default" || queue.ends_with(":queues/Default")));
    let count = asked.max_results.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&count) {
        return Err(ApiError::BadRequest(format!("maxResults: 1 to {PAGE}")));
    }
    let condition = move |job: &Job| {
        queue.is_none() && status.is_none_or(|status| job.status == status) && job.input().contains(&input)
    };
    let mut jobs = api.queue.jobs(condition).await?;
    match asked.order.unwrap_or_default() {
        Order::Ascending => {}
        Order::Descending => jobs.reverse(),
    }
    let start = match asked.next_token {
        None => 0,
        Some(token) => jobs.iter().position(|job| job.id == token).map_or(jobs.len(), |last| last + 1),
    };
    let page = jobs.get(start..).unwrap_or_default();
    let (shown, rest) = page.split_at(count.min(page.len()));
    let next = shown.last().filter(|_| !rest.is_empty()).map(|last| &last.id);
    let shown: Vec<_> = shown.iter().map(|job| job.described(&api.region)).collect();
    Ok(Json(without_nulls(json!({ "jobs": shown, "nextToken": next }))).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProbeRequest {
    input_files: Vec<ProbeFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProbeFile {
    file_url: String,
}

async fn probe_files(State(api): State<Arc<Api>>, body: Bytes) -> Result<Response, ApiError> {
    let ProbeRequest { input_files } = read(&body)?;
    let workshop = &api.queue.workshop;
    let mut results = Vec::new();
    for file in input_files {
        let object = storage::readable(&workshop.s3, &file.file_url).await.map_err(|error| match error {
            StorageError::NotS3(_) => ApiError::BadRequest(error.to_string()),
            StorageError::NotFound(_) => ApiError::NotFound(error.to_string()),
            StorageError::Failed(_) => ApiError::Storage(error.to_string()),
        })?;
        let media = workshop.tools.probe(&object.url).await.map_err(|error| match error {
            // Trying again would bring nothing, which is what an error of the server would say.
            ToolError::Missing => ApiError::BadRequest(error.to_string()),
            ToolError::Failed(cause) => ApiError::Unprocessable(format!("the file can't be read: {cause}")),
            ToolError::Io(_) => ApiError::Storage(error.to_string()),
        })?;
        results.push(probe::result(&media, &object.described));
    }
    Ok(Json(json!({ "probeResults": results })).into_response())
}

/// Whatever this endpoint doesn't do: templates, presets, queues.
async fn refuse(method: Method, uri: Uri) -> ApiError {
    ApiError::NotImplemented(format!("{method} {} is not available in the local stack", uri.path()))
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body)
        .map_err(|error| ApiError::BadRequest(format!("the body can't be read: {error}")))
}

fn asked(uri: &Uri) -> Result<Asked, ApiError> {
    Query::try_from_uri(uri)
        .map(|Query(asked)| asked)
        .map_err(|error| ApiError::BadRequest(error.body_text()))
}
