//! `GET /uploads/<id>`: the status of an upload, at once or when it has been checked.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use contract::key::{Area, Key};
use serde::Deserialize;
use service::problem::Problem;

use crate::arrival::state::UploadState;
use crate::arrival::store::{NewestVersion, StoreError};
use crate::callers::access::Caller;
use crate::error::{Cause, SignError};
use crate::http::api::{Api, ApiRoute};
use crate::http::caller::CallerContext;
use crate::http::lookup::upload_key;
use crate::http::problem::{foreign_file, problem, store_problem};
use crate::http::upload_status::UploadStatus;
use crate::http::wait::wait_of;

pub(crate) fn route() -> ApiRoute {
    ("/uploads/{id}", get(show).fallback(method_not_allowed))
}

/// The variable of the path. A session may precede it.
#[derive(Deserialize)]
struct UploadPath {
    id: String,
}

#[tracing::instrument(name = "status", skip_all)]
async fn show(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    Path(UploadPath { id }): Path<UploadPath>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Response {
    let request = context.and_then(|context| {
        let query = query.map_err(|_| SignError::whole(Cause::Invalid("the query can't be read")))?;
        Ok((context.caller, wait_of(&query)?))
    });
    let (caller, wait) = match request {
        Ok(request) => request,
        Err(error) => return problem(error).into_response(),
    };
    match status(&api, &caller, &id, wait).await {
        Ok(status) => axum::Json(status).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn status(api: &Api, caller: &Caller, id: &str, wait: Duration) -> Result<UploadStatus, Problem> {
    let key = upload_key(&api.store, id, &[Area::Files, Area::Private]).await;
    let key = key.and_then(|key| key.ok_or(StoreError::Gone)).map_err(store_problem)?;
    let is_pending = |newest: &NewestVersion| newest.state == Some(UploadState::Pending);
    let newest = api.waiters.read_settled(wait, || permitted(api, caller, &key), is_pending).await?;
    Ok(UploadStatus::new(&newest.object, newest.state.as_ref(), api.signer.public_url(&key)))
}

/// The object of a key, if the caller may read its state.
async fn permitted(api: &Api, caller: &Caller, key: &Key) -> Result<NewestVersion, Problem> {
    let newest = api.store.newest(key.as_str()).await.map_err(store_problem)?;
    if key.area() == Area::Private && !caller.may_read_private(newest.owner.as_ref()) {
        return Err(foreign_file());
    }
    Ok(newest)
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed("the state of an upload is read with GET", ["GET", "HEAD"])
}
