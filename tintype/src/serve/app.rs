//! The server. It checks the grammar of URLs and the signatures of links in Rust, by the same rules as the edge
//! function of a distribution.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cdn_config::behaviors::{Treatment, behavior_of, check_url_length};
use cdn_config::headers::{Header, PRIVATE};
use cdn_config::policy::Policy;
use cdn_config::response_headers;
use contract::format::FormatChoice;
use contract::request::{Route, Verifier, download_name, route};
use contract::signing_keys::SigningKeys;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use resize::edge::config::{Config, ConfigError, StoreConfig};
use resize::edge::render_service::RenderService;
use resize::edge::store::Store;
use resize::edge::store::access::AccessCheck;
use service::problem::{Kind, Problem};
use tower::ServiceExt as _;
use tracing::Instrument as _;

use super::uploads::{CleanGate, Uploads};
use super::{download, span};
use crate::bucket_origin::BucketOrigin;

/// Settings of the server.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The buckets of originals and variants.
    pub store: StoreConfig,
    /// The operator's policy.
    pub policy: Policy,
    /// The keys of signed links. Without keys, the server refuses every signed link.
    pub link_keys: Option<SigningKeys>,
    /// `true` to decode files other than JPEG and PNG in workers of this program.
    pub has_workers: bool,
    /// The service for uploads. With it, only files that passed its check are served.
    pub uploads: Option<Uploads>,
}

/// The maximum number of reads of an object that is replaced meanwhile.
const MAX_READS: usize = 3;

struct Server {
    originals: BucketOrigin,
    resizer: Arc<RenderService>,
    /// The resize service over `resizer`.
    resize: Router,
    policy: RwLock<Arc<Policy>>,
    link_keys: Option<SigningKeys>,
    uploads: Option<Uploads>,
}

/// The parts of the server, as services.
#[derive(Clone, Debug)]
pub struct ServerApps {
    /// Files and variants, for viewers.
    pub media: Router,
    /// Health, readiness and metrics, for those who run the server.
    pub status: Router,
    /// The check that S3 accepts the server's requests.
    pub access: AccessCheck,
    /// The policy, which can be replaced while the server runs.
    pub policy: CurrentPolicy,
}

/// The policy of a running server.
#[derive(Clone)]
pub struct CurrentPolicy(Arc<Server>);

impl CurrentPolicy {
    /// Applies a policy to later requests. Stored variants stay unchanged.
    pub fn replace(&self, policy: Policy) {
        match settings(&policy) {
            Ok(settings) => self.0.resizer.reconfigure(settings),
            Err(error) => tracing::error!(%error, "the resize service keeps the old policy"),
        }
        if let Some(uploads) = &self.0.uploads {
            uploads.set_rules(policy.rules.clone());
        }
        *self.0.policy.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
        tracing::info!("the policy has been read again");
    }
}

impl Debug for CurrentPolicy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CurrentPolicy").field(&self.0.policy()).finish()
    }
}

fn settings(policy: &Policy) -> Result<Config, ConfigError> {
    Ok(Config::from_env(policy)?.of_server())
}

/// The server. Fails if a variable of the environment can't be used.
pub fn apps(config: ServerConfig) -> Result<ServerApps, ConfigError> {
    let resizer = RenderService::new(Store::new(&config.store), settings(&config.policy)?);
    let resizer = Arc::new(if config.has_workers { resizer.with_workers()? } else { resizer });
    let server = Server {
        originals: BucketOrigin {
            bucket: resizer.store().originals().clone(),
            access: resizer.store().access().clone(),
        },
        resize: resize::edge::http::app(Arc::clone(&resizer)),
        resizer,
        policy: RwLock::new(Arc::new(config.policy)),
        link_keys: config.link_keys,
        uploads: config.uploads,
    };
    if let Some(uploads) = &server.uploads {
        uploads.set_rules(server.policy().rules.clone());
    }
    let server = Arc::new(server);
    let status = Router::new()
        .route("/healthz", get(async || (NOT_CACHED, "ok\n")))
        .route("/readyz", get(readiness))
        .route("/metrics", get(metrics));
    Ok(ServerApps {
        access: server.resizer.store().access().clone(),
        media: Router::new().fallback(handle).with_state(Arc::clone(&server)),
        status: status.with_state(Arc::clone(&server)),
        policy: CurrentPolicy(server),
    })
}

/// The `Cache-Control` of probes: their results hold for the moment of the request.
const NOT_CACHED: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// The server is ready if S3 accepts its requests for its buckets. If not, the response contains the reason.
async fn readiness(State(server): State<Arc<Server>>) -> Response {
    match server.resizer.store().access().result().await {
        Ok(()) => (NOT_CACHED, "ready\n").into_response(),
        Err(error) => Problem::new(Kind::StorageUnavailable, error.to_string()).into_response(),
    }
}

async fn metrics(State(server): State<Arc<Server>>) -> Response {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (NOT_CACHED, [(header::CONTENT_TYPE, OPEN_METRICS)], server.resizer.metrics()).into_response()
}

/// Answers a request in a span, which is exported and not logged.
async fn handle(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let span = span::of(&parts);
    let response = match &server.uploads {
        Some(uploads) if behavior_of(parts.uri.path()).treatment == Treatment::Api => {
            let request = Request::from_parts(parts, body);
            let answer = uploads.signer.clone().oneshot(request).instrument(span.clone());
            Box::pin(answer).await.into_response()
        }
        Some(_) | None => answer(&server, &parts).instrument(span.clone()).await,
    };
    span::record(&span, response.status());
    response
}

async fn answer(server: &Arc<Server>, parts: &http::request::Parts) -> Response {
    let (mut response, more): (Response, &[Header]) = if parts.method == Method::OPTIONS {
        ((StatusCode::NO_CONTENT, response_headers::preflight()).into_response(), &[])
    } else {
        let response = server.media(parts).await.unwrap_or_else(IntoResponse::into_response);
        // The headers are those of the distribution's behaviour for this file. Every spelling of the path has the same
        // behaviour.
        let more: &[Header] = match behavior_of(parts.uri.path()).treatment {
            Treatment::PrivateMedia | Treatment::PrivatePlaylist => &PRIVATE,
            Treatment::Media | Treatment::Playlist | Treatment::Api | Treatment::Page => &[],
        };
        (response, more)
    };
    response_headers::add(response.headers_mut(), more, &server.policy(), &parts.headers);
    response
}

impl Server {
    fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers a request for a file or a variant of it.
    async fn media(&self, request: &http::request::Parts) -> Result<Response, Problem> {
        check_url_length(&request.uri).map_err(|detail| Problem::new(Kind::BadRequest, detail))?;
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Err(Problem::method_not_allowed(
                "files are read with GET or HEAD",
                ["GET", "HEAD", "OPTIONS"],
            ));
        }
        let (path, query) = (request.uri.path(), request.uri.query().unwrap_or_default());
        let accept = request.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let now_seconds = u64::try_from(Timestamp::now().as_second()).unwrap_or(0);
        let verifier = Verifier { keys: self.link_keys.as_ref(), now_seconds };
        let policy = self.policy();
        let route = route(path, query, accept.unwrap_or_default(), &policy.rules, verifier)?;
        let mut response = match &self.uploads {
            Some(uploads) => self.checked(&route, request, &uploads.gate).await?,
            None => self.file(&route, request).await,
        };
        if matches!(&route, Route::Variant(_, variant) if matches!(variant.format(), FormatChoice::Auto(_))) {
            response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
        }
        if let Some(name) = download_name(query).filter(|_| response.status().is_success()) {
            let extension = download::own_extension(&route, &response);
            download::offer(&mut response, &name, extension.as_deref());
        }
        Ok(response)
    }

    /// The file of a route, if it passed the check of uploads. An object may be replaced at any time by one that is not checked
    /// yet, so the object that was read is compared with the one that was found clean.
    async fn checked(
        &self,
        route: &Route,
        request: &http::request::Parts,
        gate: &CleanGate,
    ) -> Result<Response, Problem> {
        let (Route::Original(key) | Route::Variant(key, _)) = route;
        for _ in 0..MAX_READS {
            let Some(etag) = gate.clean_etag(key).await? else {
                return match route {
                    Route::Original(_) => Err(Problem::new(Kind::Missing, "there is no such file")),
                    Route::Variant(..) => {
                        let is_head = request.method == Method::HEAD;
                        Ok(resize::edge::http::missing(&self.resizer, &route.origin_path(), is_head).await)
                    }
                };
            };
            let response = self.file(route, request).await;
            let is_same = match route {
                Route::Original(_) => {
                    let read = response.headers().get(header::ETAG);
                    read.is_none_or(|read| read.as_bytes() == etag.as_bytes())
                }
                Route::Variant(..) => gate.clean_etag(key).await?.as_ref() == Some(&etag),
            };
            if is_same {
                return Ok(response);
            }
        }
        Err(Problem::new(Kind::StorageUnavailable, "the file is being replaced; try again"))
    }

    /// The file of a route.
    async fn file(&self, route: &Route, request: &http::request::Parts) -> Response {
        let (method, path, viewer) = (&request.method, route.origin_path(), &request.headers);
        match route {
            Route::Original(_) => {
                let mut response = self.originals.read(method, &path, viewer).await;
                response_headers::remove_stored(response.headers_mut());
                response_headers::add_default_lifetime(&mut response, &self.policy());
                response
            }
            Route::Variant(..) => self.variant(method, &path, viewer).await,
        }
    }

    async fn variant(&self, method: &Method, path: &str, viewer: &HeaderMap) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(condition) = viewer.get(header::IF_NONE_MATCH) {
            request = request.header(header::IF_NONE_MATCH, condition);
        }
        match request.body(Body::empty()) {
            Ok(request) => Box::pin(self.resize.clone().oneshot(request)).await.into_response(),
            Err(error) => {
                tracing::error!(%error, path, "a path can't be requested from the resize service");
                Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again")
                    .into_response()
            }
        }
    }
}
