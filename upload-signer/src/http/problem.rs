//! The HTTP problem of each error.

use axum::response::{IntoResponse, Response};
use service::problem::{Kind, Problem};

use crate::arrival::store::StoreError;
use crate::callers::jwt::READ_ALL_SCOPE;
use crate::error::{Cause, SignError};

impl IntoResponse for SignError {
    fn into_response(self) -> Response {
        problem(self).into_response()
    }
}

/// The problem that the client receives. Reasons for operators go to the log instead.
pub(crate) fn problem(error: SignError) -> Problem {
    // `parameter` carries the field, so these sentences don't repeat it.
    let has_parameter = matches!(error.cause, Cause::TypeNotAllowed { .. } | Cause::FileTooLarge { .. });
    let sentence = if has_parameter { error.cause.to_string() } else { error.to_string() };
    let (kind, detail, allowed) = match error.cause {
        Cause::NotJson(_)
        | Cause::Missing
        | Cause::UnknownField
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
            tracing::error!(cause = sentence, "the storage or the token issuer failed");
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

/// The problem of a storage failure.
pub(crate) fn store_problem(error: StoreError) -> Problem {
    match error {
        StoreError::Gone => {
            Problem::new(Kind::NotFound, "there is no such upload, or its file hasn't arrived yet")
        }
        StoreError::Unavailable(cause) => {
            tracing::error!(%cause, "can't read the state of an upload");
            Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again")
        }
    }
}

/// The problem of a caller that asks for a private file of another owner.
pub(crate) fn foreign_file() -> Problem {
    let detail = format!(
        "this private file is another owner's: ask with the owner's session or token, or with one that has the scope \
         {READ_ALL_SCOPE}"
    );
    Problem::new(Kind::Forbidden, detail)
}

/// The response of a refused request, which the log tells, too.
pub(crate) fn refusal(problem: Problem) -> Response {
    log_refusal(&problem);
    problem.into_response()
}

/// Logs a request that is answered with a problem.
pub(crate) fn log_refusal(problem: &Problem) {
    tracing::info!(kind = ?problem.kind(), detail = problem.detail(), "refused");
}
