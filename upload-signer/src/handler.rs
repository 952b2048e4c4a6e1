//! The signer behind HTTP.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use contract::caching::Caching;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use service::problem::{Kind, Problem};

use crate::answer::Answer;
use crate::error::{Cause, SignError};
use crate::signer::Signer;

/// The largest body that is read, in bytes: a batch of a hundred files with their metadata.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The service as a whole: its routes, and 404 for every other path.
pub fn app(signer: Arc<Signer>) -> Router {
    let not_found =
        || async { unstored(Problem::new(Kind::NotFound, "the signer answers at /uploads").into_response()) };
    routes(signer).fallback(not_found)
}

/// `POST /uploads` alone, to be merged into another service. Nothing of it may be stored by a cache.
pub fn routes(signer: Arc<Signer>) -> Router {
    Router::new()
        .route("/uploads", post(create).fallback(method_not_allowed))
        .with_state(signer)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(map_response(async |response: Response| unstored(response)))
}

#[tracing::instrument(name = "sign", skip_all)]
async fn create(
    State(signer): State<Arc<Signer>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match sign(&signer, &headers, body) {
        Ok(answer) => {
            for upload in answer.uploads() {
                tracing::info!(
                    key = upload.key,
                    method = upload.method,
                    max_bytes = upload.max_size,
                    "signed"
                );
            }
            (StatusCode::CREATED, axum::Json(answer)).into_response()
        }
        Err(problem) => {
            tracing::info!(kind = ?problem.kind(), detail = problem.detail(), "refused");
            problem.into_response()
        }
    }
}

fn sign(
    signer: &Signer,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Answer, Problem> {
    if !is_json(headers) {
        let detail = "the body must be JSON, with the header Content-Type: application/json";
        return Err(Problem::new(Kind::UnsupportedType, detail).allowing(["application/json"]));
    }
    signer.answer(&body.map_err(|rejection| unread(&rejection))?).map_err(refused)
}

async fn method_not_allowed() -> Response {
    let problem = Problem::new(Kind::MethodNotAllowed, "uploads are begun by POST").allowing(["POST"]);
    let mut response = problem.into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn unread(rejection: &BytesRejection) -> Problem {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Problem::new(Kind::TooLarge, format!("the body is larger than {MAX_BODY_BYTES} bytes"))
        }
        _ => Problem::new(Kind::BadRequest, "the body ended too early"),
    }
}

/// The problem that a client is told of; what only operators may know is logged.
fn refused(error: SignError) -> Problem {
    // `parameter` names the field where the sentence is whole without it.
    let sentence = match error.cause {
        Cause::TypeNotAllowed { .. } | Cause::FileTooLarge { .. } => error.cause.to_string(),
        _ => error.to_string(),
    };
    let (kind, detail, allowed) = match error.cause {
        Cause::NotJson(_)
        | Cause::Missing
        | Cause::Unknown
        | Cause::WrongType(_)
        | Cause::Invalid(_)
        | Cause::TooManyFiles { .. }
        | Cause::TooMuchMetadata { .. } => (Kind::BadRequest, sentence, Vec::new()),
        Cause::TypeNotAllowed { allowed, .. } => (Kind::UnsupportedType, sentence, allowed),
        Cause::FileTooLarge { .. } | Cause::FormTooLarge { .. } => (Kind::TooLarge, sentence, Vec::new()),
        Cause::CredentialsExpired | Cause::NotSignable(_) => {
            tracing::error!(cause = sentence, "nothing can be signed");
            (Kind::Internal, "the upload can't be signed at the moment".to_owned(), Vec::new())
        }
    };
    let problem = Problem::new(kind, detail).allowing(allowed);
    match error.field {
        Some(field) => problem.at(field),
        None => problem,
    }
}

/// A response that no cache may keep: what it holds is one client's, and for minutes.
fn unstored(mut response: Response) -> Response {
    if let Ok(value) = HeaderValue::from_str(&Caching::Never.header()) {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}

#[cfg(test)]
mod tests;
