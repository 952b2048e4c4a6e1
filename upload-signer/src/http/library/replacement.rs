//! `POST /library/files/<id>/replace`: another file takes the place of a file.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use axum::routing::post;
use http::HeaderMap;
use library::name::FileId;
use service::problem::Problem;

use super::change::replace;
use super::file::{FileOfPath, answer, request};
use crate::error::SignError;
use crate::http::api::{Api, ApiRoute};
use crate::http::body::{MAX_BODY_BYTES, require_json, unreadable_body};
use crate::http::caller::CallerContext;
use crate::http::problem::problem;
use crate::signing::json_fields::{JsonFields, text};

pub(crate) fn route() -> ApiRoute {
    ("/library/files/{id}/replace", post(create).fallback(method_not_allowed))
}

#[tracing::instrument(name = "replacement", skip_all)]
async fn create(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    path: FileOfPath,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let replaced = async {
        require_json(&headers)?;
        let (caller, id) = request(context, path)?;
        let body = body.map_err(|rejection| unreadable_body(&rejection, MAX_BODY_BYTES))?;
        let by = successor(&body).map_err(problem)?;
        replace(&api, &caller, &id, &by).await
    };
    answer(&api, replaced.await)
}

/// The id of the file that takes the place.
fn successor(body: &[u8]) -> Result<FileId, SignError> {
    let mut fields = JsonFields::parse(body)?;
    let by = fields.required("by", text)?;
    fields.reject_unknown()?;
    Ok(FileId::from_text(&by))
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed("a file is replaced with POST", ["POST"])
}
