//! `POST /library/deletions`: removes several files.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::HeaderMap;
use library::name::FileId;
use serde::Serialize;
use serde_json::Value;
use service::problem::Problem;
use tokio::task::JoinSet;

use super::access::library;
use super::change::delete;
use crate::callers::access::Caller;
use crate::error::{Cause, SignError};
use crate::http::api::{Api, ApiRoute};
use crate::http::body::{MAX_BODY_BYTES, require_json, unreadable_body};
use crate::http::caller::CallerContext;
use crate::http::problem::{problem, refusal};
use crate::signing::json_fields::{JsonFields, list, text};

/// The largest number of files in one request.
const MAX_FILES: usize = 1000;

/// The number of files that are removed concurrently.
const CONCURRENT: usize = 16;

/// The result of a request, in the order of its ids.
#[derive(Debug, Default, Serialize)]
struct Deletions {
    deleted: Vec<String>,
    failed: Vec<FailedDeletion>,
}

/// A file that wasn't removed.
#[derive(Debug, Serialize)]
struct FailedDeletion {
    id: String,
    status: u16,
    detail: String,
}

pub(crate) fn route() -> ApiRoute {
    ("/library/deletions", post(create).fallback(method_not_allowed))
}

#[tracing::instrument(name = "deletions", skip_all)]
async fn create(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match delete_all(context, &api, &headers, body).await {
        Ok(deletions) => axum::Json(deletions).into_response(),
        Err(problem) => refusal(problem),
    }
}

async fn delete_all(
    context: Result<CallerContext, SignError>,
    api: &Arc<Api>,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Deletions, Problem> {
    library(api)?;
    require_json(headers)?;
    let CallerContext { caller, .. } = context.map_err(problem)?;
    let body = body.map_err(|rejection| unreadable_body(&rejection, MAX_BODY_BYTES))?;
    let ids = ids(&body).map_err(problem)?;
    let caller = Arc::new(caller);
    let mut deletions = Deletions::default();
    for some in ids.chunks(CONCURRENT) {
        for (id, outcome) in delete_some(api, &caller, some).await {
            match outcome {
                Ok(()) => deletions.deleted.push(id),
                Err(problem) => {
                    let (status, detail) = (problem.kind().status().as_u16(), problem.detail().to_owned());
                    deletions.failed.push(FailedDeletion { id, status, detail });
                }
            }
        }
    }
    Ok(deletions)
}

/// Removes a few files concurrently. Returns the results in the order of the ids.
async fn delete_some(
    api: &Arc<Api>,
    caller: &Arc<Caller>,
    ids: &[String],
) -> Vec<(String, Result<(), Problem>)> {
    let mut removals = JoinSet::new();
    for (index, id) in ids.iter().cloned().enumerate() {
        let (api, caller) = (Arc::clone(api), Arc::clone(caller));
        removals.spawn(async move {
            let outcome = delete(&api, &caller, &FileId::from_text(&id)).await;
            (index, id, outcome)
        });
    }
    let mut outcomes = removals.join_all().await;
    outcomes.sort_by_key(|(index, _, _)| *index);
    outcomes.into_iter().map(|(_, id, outcome)| (id, outcome)).collect()
}

fn ids(body: &[u8]) -> Result<Vec<String>, SignError> {
    let mut fields = JsonFields::parse(body)?;
    let ids = fields.required("ids", list)?;
    fields.reject_unknown()?;
    if ids.is_empty() || ids.len() > MAX_FILES {
        return Err(SignError::at("ids", Cause::Invalid("there must be 1 to 1000 ids")));
    }
    let id = |(index, value): (usize, Value)| {
        text(value).map_err(|cause| SignError::at(format!("ids[{index}]"), cause))
    };
    ids.into_iter().enumerate().map(id).collect()
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed("files are deleted with POST", ["POST"])
}
