//! `GET`, `PATCH` and `DELETE /library/files/<id>`: one file of the library.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use library::name::FileId;
use library::record::FileRecord;
use serde::Deserialize;
use service::problem::Problem;

use super::access::{library, library_problem, may_see, no_such_file};
use super::change::{delete, edit};
use super::edit_body;
use super::view::FileView;
use crate::callers::access::Caller;
use crate::error::{Cause, SignError};
use crate::http::api::{Api, ApiRoute};
use crate::http::body::{MAX_BODY_BYTES, require_json, unreadable_body};
use crate::http::caller::CallerContext;
use crate::http::problem::{problem, refusal};

/// The variable of the path. A session may precede it.
#[derive(Deserialize)]
pub(super) struct FilePath {
    id: String,
}

/// The path of a request.
pub(super) type FileOfPath = Result<Path<FilePath>, PathRejection>;

pub(crate) fn route() -> ApiRoute {
    ("/library/files/{id}", get(show).patch(change).delete(remove).fallback(method_not_allowed))
}

#[tracing::instrument(name = "library", skip_all)]
async fn show(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    path: FileOfPath,
) -> Response {
    let read = async {
        let (caller, id) = request(context, path)?;
        let found = library(&api)?.find(&id).await.map_err(|error| library_problem(&error))?;
        found.map(|found| found.record).filter(|record| may_see(&caller, record)).ok_or_else(no_such_file)
    };
    answer(&api, read.await)
}

#[tracing::instrument(name = "library", skip_all)]
async fn change(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    path: FileOfPath,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let changed = async {
        require_json(&headers)?;
        let (caller, id) = request(context, path)?;
        let body = body.map_err(|rejection| unreadable_body(&rejection, MAX_BODY_BYTES))?;
        let change = edit_body::parse(&body).map_err(problem)?;
        edit(&api, &caller, &id, &change).await
    };
    answer(&api, changed.await)
}

#[tracing::instrument(name = "library", skip_all)]
async fn remove(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    path: FileOfPath,
) -> Response {
    let removed = async {
        let (caller, id) = request(context, path)?;
        delete(&api, &caller, &id).await
    };
    match removed.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(problem) => refusal(problem),
    }
}

/// The caller of a request, and the id in its path.
pub(super) fn request(
    context: Result<CallerContext, SignError>,
    path: FileOfPath,
) -> Result<(Caller, FileId), Problem> {
    let CallerContext { caller, .. } = context.map_err(problem)?;
    let not_text = |_| problem(SignError::whole(Cause::Invalid("the path is not UTF-8")));
    let Path(FilePath { id }) = path.map_err(not_text)?;
    Ok((caller, FileId::from_text(&id)))
}

/// The view of a file, or the problem.
pub(super) fn answer(api: &Api, record: Result<FileRecord, Problem>) -> Response {
    let record = match record {
        Ok(record) => record,
        Err(problem) => return refusal(problem),
    };
    match FileView::new(&record, &api.signer) {
        Some(view) => axum::Json(view).into_response(),
        None => no_such_file().into_response(),
    }
}

async fn method_not_allowed() -> Problem {
    let detail = "a file of the library is read with GET, changed with PATCH and deleted with DELETE";
    Problem::method_not_allowed(detail, ["GET", "HEAD", "PATCH", "DELETE"])
}
