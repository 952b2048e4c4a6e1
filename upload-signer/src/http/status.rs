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
use uuid::{Uuid, Version};

use crate::arrival::state::UploadState;
use crate::arrival::store::{NewestVersion, Store, StoreError};
use crate::callers::access::Caller;
use crate::error::{Cause, SignError};
use crate::http::api::{Api, ApiRoute};
use crate::http::caller::CallerContext;
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
    let key =
        find(&api.store, id).await.and_then(|key| key.ok_or(StoreError::Gone)).map_err(store_problem)?;
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

/// The key of an upload. The id alone identifies it; a listing finds area and name.
async fn find(store: &Store, id: &str) -> Result<Option<Key>, StoreError> {
    if !is_id(id) {
        return Ok(None);
    }
    for area in [Area::Files, Area::Private] {
        if let Some(key) = store.first_below(&format!("{}/{id}/", area.segment())).await? {
            return Ok(Key::parse(&key).ok());
        }
    }
    Ok(None)
}

/// `true` for an id in the signer's spelling. Nothing else may enter the prefix of a listing.
fn is_id(text: &str) -> bool {
    Uuid::try_parse(text)
        .is_ok_and(|id| id.get_version() == Some(Version::SortRand) && id.hyphenated().to_string() == text)
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed("the state of an upload is read with GET", ["GET", "HEAD"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_in_the_signer_s_spelling_is_looked_up() {
        let check = |text: &str, expected: bool| assert_eq!(is_id(text), expected, "{text:?}");
        check("0190163d-8694-739b-aea5-966c26f8ad91", true);
        check("0190163D-8694-739B-AEA5-966C26F8AD91", false);
        check("0190163d8694739baea5966c26f8ad91", false);
        check("{0190163d-8694-739b-aea5-966c26f8ad91}", false);
        check("0190163d-8694-439b-aea5-966c26f8ad91", false);
        check("0190163d-8694-739b-aea5-966c26f8ad91/..", false);
        check("", false);
    }
}
