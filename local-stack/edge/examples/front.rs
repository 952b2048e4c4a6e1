//! The local edge in front of any HTTP server, for suites that test caches: `front ORIGIN`, where ORIGIN is a URL without a
//! path. Prints its own address when it listens.
//!
//! The distribution's rules decide which paths exist and which headers reach an origin. So `front` gives each URL a path of
//! its own below `/files/`, and passes the viewer's headers on, as a distribution does whose cache key has the query and
//! whose origin request policy is `AllViewer`. Methods other than `GET` and `HEAD` reach the origin directly: CloudFront
//! doesn't cache them.

use std::error::Error;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use cdn_config::key_value::key_value_data;
use cdn_config::policy::Policy;
use http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use jiff::Timestamp;
use local_edge::behaviors::of_policy;
use local_edge::cache::Cache;
use local_edge::distribution::{self, Distribution};
use local_edge::function_url::FunctionUrl;
use local_edge::functions::EdgeFunctions;
use local_edge::functions::key_values::KeyValues;
use local_edge::origins::Origins;
use local_edge::policy::CurrentPolicy;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

tokio::task_local! {
    /// The headers of the request that the distribution answers.
    static VIEWER: HeaderMap;
}

/// Headers of one connection (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// Headers that the distribution decides about, and `Host`, which names the origin.
const OWN: [HeaderName; 8] = [
    header::HOST,
    header::RANGE,
    header::IF_RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::CONTENT_LENGTH,
];

#[derive(Clone)]
struct Origin {
    client: reqwest::Client,
    url: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("the origin's URL is missing")?;
    // A connection for each request: the origin may close an idle one at any moment.
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.pool_max_idle_per_host(0).no_proxy().build()?;
    let origin = Origin { client, url };
    let below_files = Router::new().fallback(from_files).with_state(origin.clone());
    // An origin that says nothing of a lifetime wants no cache: a distribution whose default lifetime is zero.
    let mut policy = Policy::built_in();
    policy.max_age.originals_seconds = 0;
    let key_values = KeyValues::new(key_value_data(&policy));
    let edge = distribution::app(Distribution {
        cache: Cache::new(),
        functions: EdgeFunctions::new(key_values, Timestamp::now)?,
        origins: Origins {
            originals: below_files.clone(),
            variants: below_files.clone(),
            resize: FunctionUrl::new(below_files.clone()),
            signer: below_files.clone(),
            page: below_files,
        },
        behaviors: of_policy(&CurrentPolicy::new(policy)),
        names_ignored_parameters: false,
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
    let app = Router::new().fallback(answer).with_state(Arc::new((edge, origin)));
    Ok(axum::serve(listener, app).await?)
}

/// Answers a viewer.
async fn answer(State(front): State<Arc<(Router, Origin)>>, mut request: Request) -> Response {
    let (edge, origin) = &*front;
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let uri = request.uri().to_string();
        return fetch(origin, &uri, request).await;
    }
    let viewer = request.headers().clone();
    let Ok(uri) = format!("/files/{}/x", hex::encode(request.uri().to_string())).parse() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = uri;
    VIEWER.scope(viewer, edge.clone().oneshot(request)).await.into_response()
}

/// Answers the distribution, which asks for a path that `answer` has made.
async fn from_files(State(origin): State<Origin>, mut request: Request) -> Response {
    let Some(uri) = original(request.uri()) else { return StatusCode::NOT_FOUND.into_response() };
    let mut headers = VIEWER.with(Clone::clone);
    for name in OWN {
        headers.remove(name);
    }
    headers.extend(std::mem::take(request.headers_mut()));
    *request.headers_mut() = headers;
    fetch(&origin, &uri, request).await
}

/// The headers of one connection, with those that `Connection` names.
fn connection_headers(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named = values.flat_map(|value| value.split(',')).filter_map(|name| name.trim().parse().ok());
    named.chain(HOP_BY_HOP).collect()
}

fn original(uri: &Uri) -> Option<String> {
    let name = uri.path().strip_prefix("/files/")?.strip_suffix("/x")?;
    String::from_utf8(hex::decode(name).ok()?).ok()
}

/// Sends a request to the origin. An origin that breaks off is answered with 502, as CloudFront does.
async fn fetch(origin: &Origin, uri: &str, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    for name in connection_headers(&parts.headers) {
        parts.headers.remove(name);
    }
    parts.headers.remove(header::HOST);
    let mut sent = origin.client.request(parts.method, format!("{}{uri}", origin.url)).headers(parts.headers);
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(body) if body.is_empty() => {}
        Ok(body) => sent = sent.body(body),
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    }
    match sent.send().await {
        Ok(answer) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = answer.status();
            response.headers_mut().clone_from(answer.headers());
            for name in connection_headers(answer.headers()) {
                response.headers_mut().remove(name);
            }
            *response.body_mut() = Body::from_stream(answer.bytes_stream());
            response
        }
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
