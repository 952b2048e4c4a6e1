//! An HTTP API of API Gateway: routes, and functions as integrations.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;

use crate::function::Function;
use crate::http_event::{Door, buffered, event, refusal};
use crate::outcome::{InvokeError, Outcome};

/// The maximum length of a request's body, in bytes (API Gateway's quotas, "payload size").
const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// A route.
#[derive(Clone, Debug)]
pub struct Route {
    /// The key, such as `ANY /uploads/{proxy+}`.
    pub key: RouteKey,
    /// The function that answers.
    pub function: Function,
}

/// The key of a route: a method and the pattern of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteKey {
    text: String,
    method: String,
    segments: Vec<String>,
}

impl RouteKey {
    /// Reads a key. `None` unless it is a method and a path, in which `{name}` is any segment and `{name+}` the rest.
    pub fn parse(text: &str) -> Option<Self> {
        let (method, path) = text.split_once(' ')?;
        let segments = path.strip_prefix('/')?.split('/').map(str::to_owned).collect();
        Some(Self { text: text.to_owned(), method: method.to_owned(), segments })
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        if self.method != "ANY" && self.method != method {
            return false;
        }
        let mut rest = path.trim_start_matches('/').split('/');
        for segment in &self.segments {
            let Some(found) = rest.next() else { return false };
            if segment.ends_with("+}") {
                return !found.is_empty();
            }
            if !segment.starts_with('{') && segment != found {
                return false;
            }
        }
        rest.next().is_none()
    }
}

/// An API with this host as a service.
pub fn app(host: &str, routes: Vec<Route>) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(Api { host: host.to_owned(), routes }))
}

#[derive(Debug)]
struct Api {
    host: String,
    routes: Vec<Route>,
}

async fn answer(State(api): State<Arc<Api>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let matches = |route: &&Route| route.key.matches(parts.method.as_str(), parts.uri.path());
    // A route without a greedy variable is more specific, and so is a longer one.
    let specificity = |route: &&Route| (!route.key.text.contains("+}"), route.key.segments.len());
    let Some(route) = api.routes.iter().filter(matches).max_by_key(specificity) else {
        return refusal(StatusCode::NOT_FOUND, "Not Found");
    };
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
    };
    let door = Door { host: &api.host, route: &route.key.text, decodes_path: true };
    match route.function.invoke(event(door, &parts, &body)).await {
        Ok(Outcome::Buffered(answer)) => buffered(&answer)
            .unwrap_or_else(|| refusal(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")),
        Ok(Outcome::Streamed(..)) => {
            tracing::error!("a function streams its answer, but HTTP APIs don't support it");
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
        Err(InvokeError::Throttled | InvokeError::TimedOut(_)) => {
            refusal(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
        }
        Err(
            InvokeError::NotStarted(_)
            | InvokeError::Failed(_)
            | InvokeError::OutOfMemory(_)
            | InvokeError::Exited,
        ) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_matches_its_method_and_path() {
        let check = |key: &str, request: &str, expected: bool| {
            let (method, path) = request.split_once(' ').unwrap();
            assert_eq!(RouteKey::parse(key).unwrap().matches(method, path), expected, "{key}: {request}");
        };
        check("ANY /uploads", "POST /uploads", true);
        check("ANY /uploads", "POST /uploads/1", false);
        check("ANY /uploads/{proxy+}", "GET /uploads/1/parts", true);
        check("ANY /uploads/{proxy+}", "GET /uploads/", false);
        check("ANY /uploads/{proxy+}", "GET /uploads", false);
        check("GET /a/{id}", "GET /a/1", true);
        check("GET /a/{id}", "POST /a/1", false);
        check("GET /a/{id}", "GET /a/1/2", false);
        assert_eq!(RouteKey::parse("$default"), None);
    }
}
