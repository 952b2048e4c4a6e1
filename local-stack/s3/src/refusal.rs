//! The response to a request that is refused.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use s3s::S3Error;

/// The response of an error.
pub(crate) fn refuse(error: S3Error) -> Response {
    let Ok(response) = error.to_http_response() else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    };
    response.map(Body::new)
}
