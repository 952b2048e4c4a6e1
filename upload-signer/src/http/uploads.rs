//! `POST /uploads`: signs one upload or a batch.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::header::LOCATION;
use http::{HeaderMap, HeaderName, StatusCode};
use service::problem::Problem;

use crate::error::SignError;
use crate::http::api::ApiRoute;
use crate::http::body::{MAX_BODY_BYTES, require_json, unreadable_body};
use crate::http::caller::{CallerContext, log_signed};
use crate::http::problem::{problem, refusal};
use crate::signing::presigned_upload::PresignedUploads;

pub(crate) fn route() -> ApiRoute {
    ("/uploads", post(create).fallback(method_not_allowed))
}

#[tracing::instrument(name = "sign", skip_all)]
async fn create(
    context: Result<CallerContext, SignError>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match sign(context, &headers, body) {
        Ok(answer) => {
            answer.uploads().iter().for_each(log_signed);
            let location = location(&answer);
            (StatusCode::CREATED, location, axum::Json(answer)).into_response()
        }
        Err(problem) => refusal(problem),
    }
}

/// Where the status of one upload is, relative to the request: a session may precede its path. A batch has no such place.
fn location(answer: &PresignedUploads) -> Option<[(HeaderName, String); 1]> {
    match answer {
        PresignedUploads::One(upload) => Some([(LOCATION, format!("uploads/{}", upload.id))]),
        PresignedUploads::Batch { .. } => None,
    }
}

fn sign(
    context: Result<CallerContext, SignError>,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<PresignedUploads, Problem> {
    require_json(headers)?;
    let context = context.map_err(problem)?;
    let body = body.map_err(|rejection| unreadable_body(&rejection, MAX_BODY_BYTES))?;
    context
        .signer
        .sign_checked_body(&body, |request| context.caller.authorize(request, true))
        .map_err(problem)
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed("uploads are started with POST", ["POST"])
}
