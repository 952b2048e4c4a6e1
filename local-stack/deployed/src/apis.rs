//! The APIs of AWS that functions call, on one port.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use tower::ServiceExt as _;

use crate::secrets::Secrets;

/// The longest body of a request to Secrets Manager, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The APIs, of which several use the path `/` and are told apart by a header.
#[derive(Clone)]
pub(crate) struct Apis {
    pub(crate) secrets: Secrets,
    /// `DynamoDB`.
    pub(crate) tables: Router,
    pub(crate) others: Router,
}

/// All APIs.
pub(crate) fn app(apis: Apis) -> Router {
    Router::new().fallback(answer).with_state(apis)
}

async fn answer(State(Apis { secrets, tables, others }): State<Apis>, request: Request) -> Response {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    match target {
        Some("secretsmanager.GetSecretValue") => {
            match axum::body::to_bytes(request.into_body(), MAX_BODY_BYTES).await {
                Ok(body) => secrets.value(&body),
                Err(_) => StatusCode::BAD_REQUEST.into_response(),
            }
        }
        Some(target) if target.starts_with(local_dynamodb::TARGET) => {
            tables.oneshot(request).await.unwrap_or_else(|never| match never {})
        }
        Some(_) | None => others.oneshot(request).await.unwrap_or_else(|never| match never {}),
    }
}
