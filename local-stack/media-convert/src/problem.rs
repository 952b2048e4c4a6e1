//! Refusals in the wire protocol of `MediaConvert` (`restJson1`), with the service's own codes, so that any AWS SDK
//! reads them as what they are.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::journal::JournalError;
use super::settings::SettingsError;

/// Why a request isn't answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The request can't be done as it stands.
    #[error("{0}")]
    BadRequest(String),
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// It is too late, or too early.
    #[error("{0}")]
    Conflict(String),
    /// The file was found and can't be read.
    #[error("{0}")]
    Unprocessable(String),
    /// The request isn't signed.
    #[error("the request has no signature: {0}")]
    Unsigned(&'static str),
    /// Nobody with this key is known.
    #[error("the access key id of the request isn't known here")]
    UnknownCaller,
    /// The signature isn't that of the caller it names, or not of now.
    #[error("{0}")]
    Signature(&'static str),
    /// Nothing that this endpoint does.
    #[error("{0}")]
    NotImplemented(String),
    /// The jobs can't be read or written.
    #[error("the jobs can't be read or written")]
    Journal(#[from] JournalError),
    /// The storage doesn't answer.
    #[error("{0}")]
    Storage(String),
}

impl ApiError {
    const fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "BadRequestException"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "NotFoundException"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "ConflictException"),
            Self::Unprocessable(_) => (StatusCode::UNPROCESSABLE_ENTITY, "UnprocessableEntityException"),
            Self::Unsigned(_) => (StatusCode::FORBIDDEN, "MissingAuthenticationTokenException"),
            Self::UnknownCaller => (StatusCode::FORBIDDEN, "UnrecognizedClientException"),
            Self::Signature(_) => (StatusCode::FORBIDDEN, "InvalidSignatureException"),
            // No code of MediaConvert's own, and with a status that SDKs don't retry.
            Self::NotImplemented(_) => (StatusCode::NOT_IMPLEMENTED, "NotImplementedException"),
            Self::Journal(_) | Self::Storage(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerErrorException")
            }
        }
    }
}

impl From<SettingsError> for ApiError {
    fn from(error: SettingsError) -> Self {
        Self::BadRequest(error.to_string())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.code();
        if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED {
            tracing::error!(error = ?self, "MediaConvert can't answer");
        }
        (status, [("x-amzn-errortype", code)], Json(json!({ "message": self.to_string() }))).into_response()
    }
}
