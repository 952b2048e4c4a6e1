//! Errors in the wire protocol (`restJson1`), with `MediaConvert`'s error codes, which AWS SDKs turn into typed errors.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::queue::{JournalError, QueueError};
use crate::settings::SettingsError;

/// The reason why a request fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The request is invalid.
    #[error("{0}")]
    BadRequest(String),
    /// The job or object does not exist.
    #[error("{0}")]
    NotFound(String),
    /// The state of the job does not allow the operation.
    #[error("{0}")]
    Conflict(String),
    /// The file exists and cannot be read.
    #[error("{0}")]
    Unprocessable(String),
    /// The request has no signature.
    #[error("the request has no signature: {0}")]
    Unsigned(&'static str),
    /// The access key id is unknown.
    #[error("the access key id of the request isn't known")]
    UnknownCaller,
    /// The signature is wrong or expired.
    #[error("{0}")]
    Signature(&'static str),
    /// The endpoint does not implement the operation.
    #[error("{0}")]
    NotImplemented(String),
    /// The journal cannot be read or written.
    #[error("the jobs can't be read or written")]
    Journal(#[from] JournalError),
    /// S3 failed.
    #[error("{0}")]
    Storage(String),
}

impl ApiError {
    /// The status and the error code.
    const fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "BadRequestException"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "NotFoundException"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "ConflictException"),
            Self::Unprocessable(_) => (StatusCode::UNPROCESSABLE_ENTITY, "UnprocessableEntityException"),
            Self::Unsigned(_) => (StatusCode::FORBIDDEN, "MissingAuthenticationTokenException"),
            Self::UnknownCaller => (StatusCode::FORBIDDEN, "UnrecognizedClientException"),
            Self::Signature(_) => (StatusCode::FORBIDDEN, "InvalidSignatureException"),
            // MediaConvert has no such code. SDKs do not retry this status.
            Self::NotImplemented(_) => (StatusCode::NOT_IMPLEMENTED, "NotImplementedException"),
            Self::Journal(_) | Self::Storage(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerErrorException")
            }
        }
    }
}

impl From<QueueError> for ApiError {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::NotFound(_) => Self::NotFound(error.to_string()),
            QueueError::Ended { .. } => Self::Conflict(error.to_string()),
            QueueError::Journal(cause) => Self::Journal(cause),
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
            tracing::error!(error = ?self, "a request to MediaConvert fails");
        }
        (status, [("x-amzn-errortype", code)], Json(json!({ "message": self.to_string() }))).into_response()
    }
}
