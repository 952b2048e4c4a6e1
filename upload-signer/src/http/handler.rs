//! The signer behind HTTP: its own API here, `companion` and `adapters` beside it, and all of
//! them below `/u/<session>` too.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use contract::caching::Caching;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use service::problem::{Kind, Problem};

use crate::callers::access::Access;
use crate::clients::{self, companion};
use crate::error::{Cause, SignError};
use crate::http::asking::{Asking, Refused};
use crate::http::origins::Origins;
use crate::http::status::{self, Uploads};
use crate::links::{self, Links};
use crate::parts::store::Parts;
use crate::signing::answer::Answer;
use crate::signing::signer::Signer;
use contract::signing_keys::SigningKeys;

/// The largest body that is read, in bytes: a batch of a hundred files with their metadata.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;

/// What the service is made of.
#[derive(Clone, Debug)]
pub struct Api {
    /// Signs, under the deployment's policy.
    pub signer: Signer,
    /// Who may ask.
    pub access: Access,
    /// Seal the ids of uploads in parts.
    pub keys: SigningKeys,
    /// The parts that were sent.
    pub parts: Parts,
    /// How far uploads have come.
    pub uploads: Uploads,
    /// Which pages of other origins may ask.
    pub origins: Origins,
    /// What links are signed with, where there are signed links.
    pub links: Option<Links>,
}

/// The service as a whole: its routes, and 404 for every other path. Nothing of it may be stored by a cache.
pub fn app(api: Api) -> Router {
    let cors = api.origins.layer();
    Router::new()
        .merge(routes())
        .nest("/u/{session}", routes())
        .fallback(not_found)
        .with_state(Arc::new(api))
        .layer(map_response(async |response: Response| unstored(response)))
        .layer(cors)
}

fn routes() -> Router<Arc<Api>> {
    Router::new()
        .route("/uploads", post(create).fallback(method_not_allowed))
        .merge(status::routes())
        .merge(links::routes())
        .merge(clients::routes())
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .merge(companion::routes())
}

#[tracing::instrument(name = "sign", skip_all)]
async fn create(
    asking: Result<Asking, Refused>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match sign(asking, &headers, body) {
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
    asking: Result<Asking, Refused>,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Answer, Problem> {
    must_be_json(headers)?;
    let asking = asking.map_err(|refusal| refused(refusal.0))?;
    let body = body.map_err(|rejection| unread(&rejection, MAX_BODY_BYTES))?;
    asking.signer.answer_checked(&body, |request| asking.caller.placed(request, true)).map_err(refused)
}

async fn not_found() -> Response {
    let detail = "the signer answers at /uploads, /signed-urls, /s3/ and /clients/, and at the same below /u/<session>";
    Problem::new(Kind::NotFound, detail).into_response()
}

async fn method_not_allowed() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "uploads are begun by POST").allowing(["POST"])
}

/// A body that isn't declared as JSON is refused: pages of other origins can send such a one without being asked for
/// their origin.
pub(crate) fn must_be_json(headers: &HeaderMap) -> Result<(), Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "the body must be JSON, with the header Content-Type: application/json";
    Err(Problem::new(Kind::UnsupportedType, detail).allowing(["application/json"]))
}

/// Why a body of at most `limit` bytes can't be read.
pub(crate) fn unread(rejection: &BytesRejection, limit: usize) -> Problem {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Problem::new(Kind::TooLarge, format!("the body is larger than {limit} bytes"))
        }
        _ => Problem::new(Kind::BadRequest, "the body ended too early"),
    }
}

/// The problem that a client is told of; what only operators may know is logged.
pub(crate) fn refused(error: SignError) -> Problem {
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
        | Cause::TooMuchMetadata { .. }
        | Cause::PartNumber { .. }
        | Cause::PartCount { .. }
        | Cause::PartMismatch { .. } => (Kind::BadRequest, sentence, Vec::new()),
        Cause::Forbidden(_) => (Kind::Forbidden, sentence, Vec::new()),
        Cause::NotFound(_) => (Kind::NotFound, sentence, Vec::new()),
        Cause::Conflict(_) => (Kind::Conflict, sentence, Vec::new()),
        Cause::Storage(_) => {
            tracing::error!(cause = sentence, "what is behind the signer fails");
            (Kind::StorageUnavailable, "the storage doesn't answer; try again".to_owned(), Vec::new())
        }
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
