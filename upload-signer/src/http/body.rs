//! Checks of a request's body before it is parsed.

use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use http::{HeaderMap, header};
use service::problem::{Kind, Problem};

/// The largest request body, in bytes: a batch of a hundred files with their metadata.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;

/// Refuses a body that isn't declared as JSON: a browser sends such a request from a page of another origin without
/// a preflight.
pub(crate) fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "the body must be JSON, with the header Content-Type: application/json";
    Err(Problem::new(Kind::UnsupportedType, detail).allowing(["application/json"]))
}

/// The problem of a body that can't be read. `limit` is its largest size in bytes.
pub(crate) fn unreadable_body(rejection: &BytesRejection, limit: usize) -> Problem {
    if let BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) = rejection {
        Problem::new(Kind::TooLarge, format!("the body is larger than {limit} bytes"))
    } else {
        Problem::new(Kind::BadRequest, "the body ended too early")
    }
}
