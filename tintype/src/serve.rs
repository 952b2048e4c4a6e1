//! The image API over HTTP and any S3, without the emulated edge: `tintype serve`, for a container behind a CDN that
//! runs no function of ours. The grammar and the signatures are checked here, by the same rules in Rust.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bucket::{Timeouts, client};
use cdn_config::behaviors::OriginId;
use cdn_config::headers::PRIVATE;
use cdn_config::policy::Policy;
use contract::caching::attachment_disposition;
use contract::format::FormatChoice;
use contract::key::Area;
use contract::request::{Route, Verifier, download_name, route};
use contract::signing_keys::SigningKeys;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use resize::edge::config::{Config, ConfigError, StoreConfig};
use resize::edge::render_service::RenderService;
use resize::edge::store::Store;
use service::problem::{Kind, Problem};

use local_edge::dress::{dress, preflight, set, too_long};
use local_edge::origins::Origins;

/// How a server is started.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// Where originals and variants are.
    pub store: StoreConfig,
    /// What requests may ask for, and what they may cost.
    pub policy: Policy,
    /// What signed links are checked with; without keys no signature holds.
    pub link_keys: Option<SigningKeys>,
}

struct Server {
    origins: Origins,
    resizer: Arc<RenderService>,
    policy: Policy,
    link_keys: Option<SigningKeys>,
}

/// The server as a service. Fails where a variable of the environment can't be read.
pub fn app(config: ServeConfig) -> Result<Router, ConfigError> {
    let settings = Config::from_env(&config.policy)?;
    let resizer = Arc::new(RenderService::new(Store::new(&config.store), settings));
    let origins = Origins {
        s3: client(&config.store.s3, Timeouts::INTERACTIVE),
        originals: config.store.originals,
        variants: config.store.variants.unwrap_or_default(),
        resize: resize::edge::http::app(Arc::clone(&resizer)),
    };
    let server = Server { origins, resizer, policy: config.policy, link_keys: config.link_keys };
    let routes = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readiness))
        .route("/metrics", get(metrics))
        .fallback(answer)
        .with_state(Arc::new(server));
    Ok(routes)
}

/// Ready as soon as S3 answers, whatever it says of a file that isn't there.
async fn readiness(State(server): State<Arc<Server>>) -> Response {
    let viewer = HeaderMap::new();
    let asked = server.origins.fetch(OriginId::Originals, &Method::HEAD, "/files/.ready", &viewer);
    match asked.await.status() {
        StatusCode::SERVICE_UNAVAILABLE => {
            Problem::new(Kind::StorageUnavailable, "the storage doesn't answer").into_response()
        }
        _ => "ready\n".into_response(),
    }
}

async fn metrics(State(server): State<Arc<Server>>) -> Response {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, OPEN_METRICS)], server.resizer.metrics()).into_response()
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if parts.method == Method::OPTIONS {
        let mut response = preflight();
        dress(&mut response, &[], &server.policy, &parts.headers);
        return response;
    }
    let is_private = parts.uri.path().starts_with(&format!("/{}/", Area::Private.segment()));
    let mut response = server.media(&parts).await.unwrap_or_else(IntoResponse::into_response);
    dress(&mut response, if is_private { &PRIVATE } else { &[] }, &server.policy, &parts.headers);
    response
}

impl Server {
    /// A file or a variant of it: what the edge function decides in front of a distribution is decided here.
    async fn media(&self, request: &http::request::Parts) -> Result<Response, Problem> {
        if let Some(problem) = too_long(&request.uri) {
            return Err(problem);
        }
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Err(Problem::new(Kind::MethodNotAllowed, "files are read by GET and HEAD"));
        }
        let (path, query) = (request.uri.path(), request.uri.query().unwrap_or_default());
        let accept = request.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let now_seconds = u64::try_from(Timestamp::now().as_second()).unwrap_or(0);
        let verifier = Verifier { keys: self.link_keys.as_ref(), now_seconds };
        let route = route(path, query, accept.unwrap_or_default(), &self.policy.rules, verifier)?;
        let (method, path, viewer) = (&request.method, route.canonical_path(), &request.headers);
        let mut response = match &route {
            Route::Original(_) => {
                let seconds = self.policy.max_age.originals_seconds;
                self.origins.original(method, &path, viewer, seconds).await
            }
            Route::Variant(..) => self.origins.fetch(OriginId::Resize, method, &path, viewer).await,
        };
        if matches!(&route, Route::Variant(_, variant) if matches!(variant.format(), FormatChoice::Auto(_))) {
            response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
        }
        if let Some(name) = download_name(query).filter(|_| response.status().is_success()) {
            save(&mut response, &name);
        }
        Ok(response)
    }
}

/// Saved under a name instead of shown; under the file's own where it is empty.
fn save(response: &mut Response, name: &str) {
    let own = response.headers().get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    let disposition = match own {
        Some(own) if name.is_empty() => own.replacen("inline", "attachment", 1),
        Some(_) | None => attachment_disposition(name),
    };
    set(response, "content-disposition", &disposition);
}
