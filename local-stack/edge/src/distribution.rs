//! The distribution: all steps from a viewer's request to the response, in CloudFront's order.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use cdn_config::behaviors::{OriginId, Target, check_url_length};
use contract::{imgix, query};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use service::problem::{Kind, Problem};

use crate::behaviors::{Behavior, CachedHandling, Handling, behavior_of};
use crate::cache::entry::CacheEntry;
use crate::cache::{Cache, CacheAnswer, CacheStatus};
use crate::compression::compressed;
use crate::conditional::{deliver, deliver_uncached};
use crate::functions::EdgeFunctions;
use crate::functions::error::FunctionError;
use crate::functions::request::{RequestOutcome, ViewerRequest};
use crate::origins::Origins;

/// The parts of the distribution.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// The cache, which invalidations reach.
    pub cache: Cache,
    /// The edge functions over their key-value store.
    pub functions: EdgeFunctions,
    /// The origins.
    pub origins: Origins,
    /// The cache behaviours, in order of precedence.
    pub behaviors: Vec<Behavior>,
    /// `true` to name imgix' parameters that had no effect on a response, for developers. CloudFront doesn't do this.
    pub names_ignored_parameters: bool,
}

/// The distribution as a service.
pub fn app(distribution: Distribution) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(distribution))
}

async fn answer(State(distribution): State<Arc<Distribution>>, request: Request) -> Response {
    let Some(behavior) = behavior_of(&distribution.behaviors, request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match &behavior.handling {
        Handling::Cached(handling) => {
            let request = request.into_parts().0;
            let response = distribution.file(&request, behavior.origin, handling).await;
            if handling.is_compressed { compressed(response, &request.headers).await } else { response }
        }
        Handling::Forwarded => distribution.origins.forward(behavior.origin, request).await,
    }
}

impl Distribution {
    /// Answers a request for a file. Every answer has the headers of its behaviour.
    async fn file(
        &self,
        request: &http::request::Parts,
        origin: OriginId,
        handling: &CachedHandling,
    ) -> Response {
        let mut response = if let Err(detail) = check_url_length(&request.uri) {
            Problem::new(Kind::BadRequest, detail).into_response()
        } else if request.method == Method::OPTIONS {
            (StatusCode::NO_CONTENT, handling.headers.preflight()).into_response()
        } else {
            let viewer = ViewerRequest {
                method: &request.method,
                path: request.uri.path(),
                query: request.uri.query().unwrap_or_default(),
                headers: &request.headers,
            };
            let response = self.run_functions(&viewer, origin, handling).await;
            let response = response.unwrap_or_else(|error| function_failure(&error));
            if self.names_ignored_parameters {
                with_ignored_parameters(response, viewer.query)
            } else {
                response
            }
        };
        handling.headers.apply(response.headers_mut(), &request.headers);
        response
    }

    /// Runs the viewer request function, asks the cache and the origin, and runs the viewer response function.
    async fn run_functions(
        &self,
        viewer: &ViewerRequest<'_>,
        origin: OriginId,
        handling: &CachedHandling,
    ) -> Result<Response, FunctionError> {
        match self.functions.viewer_request(viewer)? {
            RequestOutcome::Forward { path, target, headers: _ } => {
                let target = target.unwrap_or(Target::Origin(origin));
                let response = self.cached(viewer, &path, &target, handling).await;
                self.functions.viewer_response(viewer, response)
            }
            RequestOutcome::Respond(response) => {
                let mut response = response.map(Body::from);
                set(&mut response, "x-cache", "FunctionGeneratedResponse from edge");
                Ok(response)
            }
        }
    }

    /// Answers from the cache, else from the origin. A `HEAD` request for an original goes to the origin unchanged, and so does
    /// one for a range that the cache doesn't have, so that the first bytes of a video don't wait for the last. A variant is
    /// always requested completely: the resize function answers neither `HEAD` nor conditions nor ranges.
    async fn cached(
        &self,
        viewer: &ViewerRequest<'_>,
        path: &str,
        target: &Target,
        handling: &CachedHandling,
    ) -> Response {
        if let Some(entry) = self.cache.get(path).await {
            return hit(&entry, CacheStatus::Hit, viewer.headers);
        }
        let is_original = *target == Target::Origin(OriginId::Originals);
        if is_original && (*viewer.method == Method::HEAD || viewer.headers.contains_key(header::RANGE)) {
            let response = self.fetch(viewer.method, path, target, viewer.headers, handling).await;
            return with_cache_status(response, CacheStatus::Miss);
        }
        let fetch = |conditions: HeaderMap| async move {
            self.fetch(&Method::GET, path, target, &conditions, handling).await
        };
        match self.cache.get_or_fetch(path, &handling.lifetimes, fetch).await {
            CacheAnswer::Entry(entry, status @ (CacheStatus::Hit | CacheStatus::Refreshed)) => {
                hit(&entry, status, viewer.headers)
            }
            CacheAnswer::Entry(entry, CacheStatus::Miss) => {
                with_cache_status(deliver(&entry, viewer.headers), CacheStatus::Miss)
            }
            CacheAnswer::Uncached(response) => {
                with_cache_status(deliver_uncached(response, viewer.headers), CacheStatus::Miss)
            }
        }
    }

    async fn fetch(
        &self,
        method: &Method,
        path: &str,
        target: &Target,
        viewer: &HeaderMap,
        handling: &CachedHandling,
    ) -> Response {
        match target {
            Target::Group(group) => self.origins.fetch_from_group(group, method, path, viewer).await,
            Target::Origin(origin) => {
                let mut response = self.origins.fetch(*origin, method, path, viewer).await;
                handling.headers.complete(*origin, &mut response);
                response
            }
        }
    }
}

/// The response from a cached one, with its age in seconds.
fn hit(entry: &CacheEntry, status: CacheStatus, viewer: &HeaderMap) -> Response {
    let mut response = with_cache_status(deliver(entry, viewer), status);
    set(&mut response, "age", &entry.age().as_secs().to_string());
    response
}

/// Adds the headers that say where a response comes from. The times that an origin measured describe the response that
/// the origin made. A copy from the cache doesn't repeat them.
fn with_cache_status(mut response: Response, status: CacheStatus) -> Response {
    let (x_cache, timing) = match status {
        CacheStatus::Hit => ("Hit from edge", "cdn-cache-hit".to_owned()),
        CacheStatus::Refreshed => ("RefreshHit from edge", "cdn-cache-refresh".to_owned()),
        CacheStatus::Miss => {
            let timing = response.headers().get("server-timing").and_then(|value| value.to_str().ok());
            let timing =
                timing.map_or("cdn-cache-miss".to_owned(), |timing| format!("cdn-cache-miss, {timing}"));
            ("Miss from edge", timing)
        }
    };
    set(&mut response, "x-cache", x_cache);
    set(&mut response, "server-timing", &timing);
    response
}

/// Names imgix' parameters that had no effect on a response. CloudFront doesn't do this: the header is for developers.
fn with_ignored_parameters(mut response: Response, query: &str) -> Response {
    let mut ignored = query::unknown_names(query);
    ignored.retain(|name| imgix::is_missing(name));
    if response.status().is_success() && !ignored.is_empty() {
        set(&mut response, "tintype-ignored", &ignored.join(", "));
    }
    response
}

fn function_failure(error: &FunctionError) -> Response {
    tracing::error!(%error, "an edge function failed");
    let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
    set(&mut response, "x-cache", "FunctionExecutionError from edge");
    response
}

/// Sets a header, unless `value` isn't a valid header value.
fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
