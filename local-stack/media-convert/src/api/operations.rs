//! The operations of the wire protocol (`restJson1`, API version 2017-08-29).

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

use super::error::ApiError;
use super::probe_result::probe_result;
use crate::json::without_nulls;
use crate::plan::{plan, sample_source};
use crate::queue::{Job, Queue, Status};
use crate::run::{self, ProcessError, StorageError};
use crate::settings;

/// Maximum number of jobs in an answer.
const MAX_RESULTS: usize = 20;

/// The state of the operations.
#[derive(Debug)]
struct Api {
    queue: Arc<Queue>,
    region: String,
}

/// The operations as a service.
pub(super) fn routes(queue: Arc<Queue>, region: String) -> Router {
    Router::new()
        .route("/2017-08-29/probe", post(probe_files))
        .route("/2017-08-29/jobs", post(create_job).get(list_jobs))
        .route("/2017-08-29/jobs/{id}", get(get_job).delete(cancel_job))
        .route("/2017-08-29/search", get(search_jobs))
        .fallback(not_implemented)
        .method_not_allowed_fallback(not_implemented)
        .with_state(Arc::new(Api { queue, region }))
}

async fn create_job(State(api): State<Arc<Api>>, body: Bytes) -> Result<Response, ApiError> {
    let body: Value = parse(&body)?;
    let request = settings::read(&body)?;
    // The input is unknown yet. A plan for the sample source finds the errors that do not depend on the input.
    plan(&request.settings, &sample_source(), "input")
        .map_err(|error| ApiError::BadRequest(error.to_string()))?;
    let job = api.queue.submit(Job::new(body, Timestamp::now().as_millisecond())).await?;
    Ok((StatusCode::CREATED, Json(json!({ "job": job.to_json(&api.region) }))).into_response())
}

async fn get_job(State(api): State<Arc<Api>>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let job = api.queue.job(&id).await?;
    Ok(Json(json!({ "job": job.to_json(&api.region) })).into_response())
}

async fn cancel_job(State(api): State<Arc<Api>>, Path(id): Path<String>) -> Result<Response, ApiError> {
    api.queue.cancel(&id).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JobQuery {
    status: Option<String>,
    order: Option<Order>,
    max_results: Option<usize>,
    next_token: Option<String>,
    /// Name or ARN of a queue. There is only the default queue.
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

async fn list_jobs(State(api): State<Arc<Api>>, uri: Uri) -> Result<Response, ApiError> {
    let query = job_query(&uri)?;
    if query.input_file.is_some() {
        return Err(ApiError::BadRequest("inputFile is a parameter of SearchJobs".to_owned()));
    }
    find_jobs(&api, query).await
}

async fn search_jobs(State(api): State<Arc<Api>>, uri: Uri) -> Result<Response, ApiError> {
    find_jobs(&api, job_query(&uri)?).await
}

/// A page of the jobs that match a query.
async fn find_jobs(api: &Api, query: JobQuery) -> Result<Response, ApiError> {
    let status = query.status.map(|name| {
        Status::from_name(&name)
            .ok_or_else(|| ApiError::BadRequest(format!("status: there is no status '{name}'")))
    });
    let (status, input) = (status.transpose()?, query.input_file.unwrap_or_default());
    let other_queue = query.queue.filter(|queue| !(queue == "Default" || queue.ends_with(":queues/Default")));
    let count = query.max_results.unwrap_or(MAX_RESULTS);
    if !(1..=MAX_RESULTS).contains(&count) {
        return Err(ApiError::BadRequest(format!("maxResults: 1 to {MAX_RESULTS}")));
    }
    let condition = move |job: &Job| {
        other_queue.is_none()
            && status.is_none_or(|status| job.status == status)
            && job.input().contains(&input)
    };
    let mut jobs = api.queue.jobs(condition).await?;
    match query.order.unwrap_or_default() {
        Order::Ascending => {}
        Order::Descending => jobs.reverse(),
    }
    let start = match query.next_token {
        None => 0,
        Some(token) => jobs.iter().position(|job| job.id == token).map_or(jobs.len(), |last| last + 1),
    };
    let page = jobs.get(start..).unwrap_or_default();
    let (page, rest) = page.split_at(count.min(page.len()));
    let next = page.last().filter(|_| !rest.is_empty()).map(|last| &last.id);
    let jobs: Vec<_> = page.iter().map(|job| job.to_json(&api.region)).collect();
    Ok(Json(without_nulls(json!({ "jobs": jobs, "nextToken": next }))).into_response())
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
    let ProbeRequest { input_files } = parse(&body)?;
    let runner = &api.queue.runner;
    let mut results = Vec::new();
    for file in input_files {
        let object = run::open_input(&runner.s3, &file.file_url).await.map_err(|error| match error {
            StorageError::NotS3(_) => ApiError::BadRequest(error.to_string()),
            StorageError::NotFound(_) => ApiError::NotFound(error.to_string()),
            StorageError::Failed(_) => ApiError::Storage(error.to_string()),
        })?;
        let media = runner.tools.probe(&object.url).await.map_err(|error| match error {
            // A server error would make SDKs retry, which cannot help.
            ProcessError::Missing => ApiError::BadRequest(error.to_string()),
            ProcessError::Failed(cause) => {
                ApiError::Unprocessable(format!("the file can't be read: {cause}"))
            }
            ProcessError::Io(_) => ApiError::Storage(error.to_string()),
        })?;
        results.push(probe_result(&media, &object.metadata));
    }
    Ok(Json(json!({ "probeResults": results })).into_response())
}

/// The answer of operations that are not implemented: templates, presets, queues.
async fn not_implemented(method: Method, uri: Uri) -> ApiError {
    ApiError::NotImplemented(format!("{method} {} is not available in the local stack", uri.path()))
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body)
        .map_err(|error| ApiError::BadRequest(format!("the body can't be read: {error}")))
}

fn job_query(uri: &Uri) -> Result<JobQuery, ApiError> {
    Query::try_from_uri(uri)
        .map(|Query(query)| query)
        .map_err(|error| ApiError::BadRequest(error.body_text()))
}
