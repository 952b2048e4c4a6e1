//! Errors of the small APIs.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

/// An error in the format of the JSON protocols.
pub(crate) fn failure(status: StatusCode, code: &'static str, message: &str) -> Response {
    let body = Json(json!({ "__type": code, "message": message, "Message": message }));
    (status, [("x-amzn-errortype", code)], body).into_response()
}
