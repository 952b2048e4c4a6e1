//! The server. It checks the grammar of URLs and the signatures of links in Rust, by the same rules as the edge
//! function of a distribution.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cdn_config::behaviors::{Treatment, behavior_of, check_url_length};
use cdn_config::headers::{Header, PRIVATE};
use cdn_config::policy::Policy;
use cdn_config::response_headers;
use contract::caching::{attachment_disposition, saved_name};
use contract::format::FormatChoice;
use contract::media_types;
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
}

struct Server {
    originals: BucketOrigin,
    resizer: Arc<RenderService>,
    /// The resize service over `resizer`.
    resize: Router,
    policy: Policy,
    link_keys: Option<SigningKeys>,
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
}

/// The server. Fails if a variable of the environment can't be used.
pub fn apps(config: ServerConfig) -> Result<ServerApps, ConfigError> {
    let settings = Config { reads_stored_variants: true, ..Config::from_env(&config.policy)? };
    let resizer = RenderService::new(Store::new(&config.store), settings);
    let resizer = Arc::new(if config.has_workers { resizer.with_workers()? } else { resizer });
    let server = Server {
        originals: BucketOrigin {
            bucket: resizer.store().originals().clone(),
            access: resizer.store().access().clone(),
        },
        resize: resize::edge::http::app(Arc::clone(&resizer)),
        resizer,
        policy: config.policy,
        link_keys: config.link_keys,
    };
    let server = Arc::new(server);
    let status = Router::new()
        .route("/healthz", get(async || (NOT_CACHED, "ok\n")))
        .route("/readyz", get(readiness))
        .route("/metrics", get(metrics));
    Ok(ServerApps {
        access: server.resizer.store().access().clone(),
        media: Router::new().fallback(answer).with_state(Arc::clone(&server)),
        status: status.with_state(server),
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

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let (mut response, more): (Response, &[Header]) = if parts.method == Method::OPTIONS {
        ((StatusCode::NO_CONTENT, response_headers::preflight()).into_response(), &[])
    } else {
        let response = server.media(&parts).await.unwrap_or_else(IntoResponse::into_response);
        // The headers are those of the distribution's behaviour for this file. Every spelling of the path has the same
        // behaviour.
        let more: &[Header] = match behavior_of(parts.uri.path()).treatment {
            Treatment::PrivateMedia | Treatment::PrivatePlaylist => &PRIVATE,
            Treatment::Media | Treatment::Playlist | Treatment::Api | Treatment::Page => &[],
        };
        (response, more)
    };
    response_headers::add(response.headers_mut(), more, &server.policy, &parts.headers);
    response
}

impl Server {
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
        let route = route(path, query, accept.unwrap_or_default(), &self.policy.rules, verifier)?;
        let (method, path, viewer) = (&request.method, route.origin_path(), &request.headers);
        let mut response = match &route {
            Route::Original(_) => {
                let mut response = self.originals.read(method, &path, viewer).await;
                response_headers::remove_stored(response.headers_mut());
                response_headers::add_default_lifetime(&mut response, &self.policy);
                response
            }
            Route::Variant(..) => self.variant(method, &path, viewer).await,
        };
        if matches!(&route, Route::Variant(_, variant) if matches!(variant.format(), FormatChoice::Auto(_))) {
            response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
        }
        if let Some(name) = download_name(query).filter(|_| response.status().is_success()) {
            let extension = own_extension(&route, &response);
            offer_download(&mut response, &name, extension.as_deref());
        }
        Ok(response)
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

/// The extension of a successful response's format; `None` for an original whose name has no extension.
fn own_extension(route: &Route, response: &Response) -> Option<String> {
    match route {
        Route::Original(key) => key.file_name().rsplit_once('.').map(|(_, extension)| extension.to_owned()),
        Route::Variant(..) => {
            let media_type = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
            media_types::find(media_type)?.extensions.first().map(|extension| (*extension).to_owned())
        }
    }
}

/// Makes the viewer save the response under `name` with the extension of its format, or under the file's own name if
/// `name` is empty or the format has no extension.
fn offer_download(response: &mut Response, name: &str, extension: Option<&str>) {
    let own = response.headers().get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    let disposition = match (own, extension) {
        (Some(own), _) if name.is_empty() => own.replacen("inline", "attachment", 1),
        (_, Some(extension)) if !name.is_empty() => attachment_disposition(&saved_name(name, extension)),
        (_, _) => attachment_disposition(""),
    };
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
}
