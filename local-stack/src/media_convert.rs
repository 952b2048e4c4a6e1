//! The endpoint for MediaConvert. It executes no jobs yet, and says so in the wire protocol of MediaConvert
//! (`restJson1`), so that any AWS SDK reports it as an error of the service with this code and message.

use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::json;

/// No code of MediaConvert's own, and with a status that SDKs don't retry.
const CODE: &str = "NotImplementedException";

/// The endpoint: every request is answered 501.
pub fn app() -> Router {
    Router::new().fallback(refuse)
}

async fn refuse(method: Method, uri: Uri) -> Response {
    let message = format!(
        "{method} {} is not available: the local stack doesn't execute transcoding jobs yet, so none is accepted",
        uri.path()
    );
    (StatusCode::NOT_IMPLEMENTED, [("x-amzn-errortype", CODE)], Json(json!({"message": message})))
        .into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn no_request_is_taken_for_a_job() {
        for (method, path) in [
            ("GET", "/2017-08-29/jobs"),
            ("POST", "/2017-08-29/jobs"),
            ("DELETE", "/2017-08-29/jobs/1"),
            ("POST", "/2017-08-29/probe"),
            ("GET", "/"),
        ] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let response = app().oneshot(request).await.unwrap();
            assert_eq!(response.status(), 501, "{method} {path}");
            assert_eq!(response.headers()["x-amzn-errortype"], "NotImplementedException");
            assert_eq!(response.headers()["content-type"], "application/json");
            let body: Value =
                serde_json::from_slice(&to_bytes(response.into_body(), 1024).await.unwrap()).unwrap();
            assert!(
                body["message"].as_str().unwrap().starts_with(&format!("{method} {path} is not available"))
            );
        }
    }
}
