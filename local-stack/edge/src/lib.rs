//! CloudFront on one machine: behaviours, the edge functions, the cache, origins with failover.
//!
//! Reading order: [`app`] below is the distribution; [`function`] runs the edge functions; [`cache`] keeps
//! responses, until an [`invalidation`]; [`origins`] fetches them; `delivery` makes of a kept response what one viewer asked for.

pub mod function;

pub mod cache;

pub mod invalidation;

mod delivery;

pub mod dress;

pub mod origins;

pub mod policy;

use std::sync::Arc;

use aws_sdk_s3::Client;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use cdn_config::behaviors::{OriginId, Target, Treatment, behavior_of};
use cdn_config::headers::{Header, PRIVATE};
use http::{HeaderMap, Method, StatusCode, header};
use tower::ServiceExt;

use cache::{Answer, Cache, Source};
use delivery::{deliver, deliver_passing};
use dress::{dress, preflight, set, too_long};
use function::{EdgeFunctions, FunctionError, Outcome, ViewerRequest};
use origins::Origins;

use policy::CurrentPolicy;

/// What the distribution is made of.
#[derive(Debug)]
pub struct EdgeConfig {
    /// Its cache, which invalidations reach.
    pub cache: Cache,
    /// The edge functions, over their key-value store.
    pub functions: EdgeFunctions,
    /// S3, with the CDN's credentials.
    pub s3: Client,
    /// The bucket of originals.
    pub originals: String,
    /// The bucket of variants.
    pub variants: String,
    /// What the operator decides: of it how long an original without a `Cache-Control` of its own is kept, which pages
    /// may read by script, and which hints viewers are asked for.
    pub policy: CurrentPolicy,
    /// The resize service.
    pub resize: Router,
    /// The upload signer.
    pub signer: Router,
    /// The page.
    pub page: Router,
}

/// The distribution.
struct Edge {
    functions: EdgeFunctions,
    cache: Cache,
    origins: Origins,
    policy: CurrentPolicy,
    signer: Router,
    page: Router,
}

/// The distribution as a service.
pub fn app(config: EdgeConfig) -> Router {
    let edge = Edge {
        functions: config.functions,
        cache: config.cache,
        origins: Origins {
            s3: config.s3,
            originals: config.originals,
            variants: config.variants,
            resize: config.resize,
        },
        policy: config.policy,
        signer: config.signer,
        page: config.page,
    };
    Router::new().fallback(answer).with_state(Arc::new(edge))
}

async fn answer(State(edge): State<Arc<Edge>>, request: Request) -> Response {
    match behavior_of(request.uri().path()).treatment {
        Treatment::Media => edge.media(&request.into_parts().0, &[]).await,
        Treatment::PrivateMedia => edge.media(&request.into_parts().0, &PRIVATE).await,
        Treatment::Api => edge.signer.clone().oneshot(request).await.into_response(),
        Treatment::Page => edge.page.clone().oneshot(request).await.into_response(),
    }
}

impl Edge {
    /// A request for a file, and the headers that every answer to one carries, `more` among them.
    async fn media(&self, request: &http::request::Parts, more: &[Header]) -> Response {
        let mut response = if let Some(problem) = too_long(&request.uri) {
            problem.into_response()
        } else if request.method == Method::OPTIONS {
            preflight()
        } else {
            let viewer = ViewerRequest {
                method: &request.method,
                path: request.uri.path(),
                query: request.uri.query().unwrap_or_default(),
                headers: &request.headers,
            };
            self.through_functions(&viewer).await.unwrap_or_else(|error| failed(&error))
        };
        dress(&mut response, more, &self.policy.get(), &request.headers);
        response
    }

    /// Viewer request function, cache and origin, viewer response function: CloudFront's order.
    async fn through_functions(&self, viewer: &ViewerRequest<'_>) -> Result<Response, FunctionError> {
        match self.functions.viewer_request(viewer)? {
            Outcome::Forward { path, target, headers } => {
                let response = self.cached(viewer, &path, &target).await;
                self.functions.viewer_response(&path, &headers, response)
            }
            Outcome::Respond(response) => {
                let mut response = response.map(Body::from);
                set(&mut response, "x-cache", "FunctionGeneratedResponse from edge");
                Ok(response)
            }
        }
    }

    /// From the cache, else from the origin. A range and a `HEAD` of what isn't kept pass through, so that a
    /// player's first bytes don't wait for the last.
    async fn cached(&self, viewer: &ViewerRequest<'_>, path: &str, target: &Target) -> Response {
        if let Some(stored) = self.cache.get(path).await {
            return told(deliver(&stored, viewer.headers), Source::Hit);
        }
        if *viewer.method == Method::HEAD || viewer.headers.contains_key(header::RANGE) {
            return told(self.fetch(viewer.method, path, target, viewer.headers).await, Source::Miss);
        }
        let whole = HeaderMap::new();
        match self.cache.get_or_fetch(path, || self.fetch(&Method::GET, path, target, &whole)).await {
            Answer::Stored(stored, source) => told(deliver(&stored, viewer.headers), source),
            Answer::Passing(response) => told(deliver_passing(response, viewer.headers), Source::Miss),
        }
    }

    async fn fetch(&self, method: &Method, path: &str, target: &Target, viewer: &HeaderMap) -> Response {
        match target {
            Target::Group(group) => self.origins.first_of(group, method, path, viewer).await,
            Target::Origin(OriginId::Originals) => {
                let seconds = self.policy.get().max_age.originals_seconds;
                self.origins.original(method, path, viewer, seconds).await
            }
            Target::Origin(origin) => self.origins.fetch(*origin, method, path, viewer).await,
        }
    }
}

/// Says where a response came from. What an origin measured is true of the response that it made, not of a
/// copy from the cache.
fn told(mut response: Response, source: Source) -> Response {
    let (x_cache, timing) = match source {
        Source::Hit => ("Hit from edge", "cdn-cache-hit".to_owned()),
        Source::Miss => {
            let origins = response.headers().get("server-timing").and_then(|value| value.to_str().ok());
            let timing =
                origins.map_or("cdn-cache-miss".to_owned(), |timing| format!("cdn-cache-miss, {timing}"));
            ("Miss from edge", timing)
        }
    };
    set(&mut response, "x-cache", x_cache);
    set(&mut response, "server-timing", &timing);
    response
}

fn failed(error: &FunctionError) -> Response {
    tracing::error!(%error, "an edge function failed");
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    set(&mut response, "x-cache", "FunctionExecutionError from edge");
    response
}
