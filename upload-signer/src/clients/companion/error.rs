//! Errors in the format that Uppy reads.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;
use service::problem::Problem;

use crate::error::SignError;
use crate::http::problem::{log_refusal, problem};

/// A problem, answered as `{"error","message"}`.
pub(super) struct CompanionError(pub(super) Problem);

impl From<SignError> for CompanionError {
    fn from(error: SignError) -> Self {
        Self(problem(error))
    }
}

impl IntoResponse for CompanionError {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status: StatusCode = problem.kind().status();
        log_refusal(&problem);
        let body = Json(json!({ "error": problem.kind().name(), "message": problem.detail() }));
        let mut response = (status, body).into_response();
        if let Some(methods) = problem.allow_header() {
            response.headers_mut().insert(header::ALLOW, methods);
        }
        response
    }
}
