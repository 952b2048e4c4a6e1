//! `GET /uploads/<id>`: the status of an upload.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use contract::key::{Area, Key};
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use uuid::{Uuid, Version};

use crate::arrival::dimensions::Dimensions;
use crate::arrival::state::{RefusalReason, UploadState};
use crate::arrival::store::{Newest, Store, StoreError};
use crate::callers::access::Caller;
use crate::error::SignError;
use crate::http::api::Api;
use crate::http::caller::CallerContext;
use crate::http::problem::{foreign_file, store_problem};

pub(crate) fn routes() -> Router<Arc<Api>> {
    Router::new().route("/uploads/{id}", get(show).fallback(method_not_allowed))
}

/// The response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct UploadStatus {
    /// The id of the upload.
    id: String,
    /// `pending`, `clean` or `refused`; `unchecked` for an object without a state, which the signer didn't sign.
    state: &'static str,
    /// The name of the reason of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The reason as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The key of the object.
    key: String,
    /// The size in bytes.
    size: u64,
    /// The declared media type.
    r#type: String,
    /// The width of a clean picture in pixels, before EXIF orientation, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    /// The height, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    /// The URL for viewers, which works once the upload is clean.
    public_url: String,
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
) -> Response {
    let caller = match context {
        Ok(context) => context.caller,
        Err(error) => return error.into_response(),
    };
    match status(&api, &caller, &id).await {
        Ok(status) => axum::Json(status).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn status(api: &Api, caller: &Caller, id: &str) -> Result<UploadStatus, Problem> {
    let key =
        find(&api.store, id).await.and_then(|key| key.ok_or(StoreError::Gone)).map_err(store_problem)?;
    let Newest { object, state, owner } = api.store.newest(key.as_str()).await.map_err(store_problem)?;
    if key.area() == Area::Private && !caller.may_read_private(owner.as_ref()) {
        return Err(foreign_file());
    }
    let (dimensions, refusal) = match &state {
        Some(UploadState::Clean(dimensions)) => (*dimensions, None),
        Some(UploadState::Refused(reason)) => (None, Some(reason)),
        Some(UploadState::Pending) | None => (None, None),
    };
    Ok(UploadStatus {
        id: id.to_owned(),
        state: state.as_ref().map_or("unchecked", UploadState::name),
        reason: refusal.map(RefusalReason::name),
        detail: refusal.map(ToString::to_string),
        width: dimensions.map(Dimensions::width),
        height: dimensions.map(Dimensions::height),
        public_url: api.signer.public_url(&key),
        key: object.key,
        size: object.bytes,
        r#type: object.media_type,
    })
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
    Problem::method_not_allowed("the state of an upload is read by GET", ["GET", "HEAD"])
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
