//! Errors of `MediaConvert` and EventBridge: transient or permanent.

use std::error::Error;

use aws_sdk_mediaconvert::config::http::HttpResponse;
use aws_sdk_mediaconvert::error::{ProvideErrorMetadata, SdkError};
use service::cause::innermost;

/// Reason why AWS did not execute a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Another attempt may succeed: too many requests, an internal error of AWS, or no answer.
    #[error("{0}")]
    Transient(String),
    /// No attempt will succeed.
    #[error("{0}")]
    Permanent(String),
}

/// Classifies an error of an operation. Transient are the errors that AWS documents so (`TooManyRequestsException`,
/// `InternalServerErrorException`, `ConflictException`, `ServiceQuotaExceededException`), and every response that is
/// not `MediaConvert`'s own. An operation that is not implemented is a permanent error.
pub(super) fn classify<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> SubmitError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let Some(service) = error.as_service_error() else {
        return SubmitError::Transient(format!("{operation}: {}", innermost(error)));
    };
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    let code = service.code().unwrap_or("no code");
    let text = format!("{operation}: {code}: {}", service.message().unwrap_or("no message"));
    by_status(status, code, text)
}

/// Classifies an error by its HTTP status and its code, or by a text that contains the code.
pub(super) fn by_status(status: u16, code: &str, text: String) -> SubmitError {
    match status {
        408 | 409 | 429 => SubmitError::Transient(text),
        501 => SubmitError::Permanent(text),
        400..=499 if !code.contains("Throttl") && !code.contains("QuotaExceeded") => {
            SubmitError::Permanent(text)
        }
        _ => SubmitError::Transient(text),
    }
}
