//! The signer as one HTTP service: its own API and the protocols of other clients, both also below `/u/<session>`.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use contract::caching::Caching;
use http::{HeaderValue, header};
use service::problem::{Kind, Problem};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use crate::clients::{self, companion};
use crate::http::api::{Api, ApiRoute};
use crate::http::body::MAX_BODY_BYTES;
use crate::http::{library, signed_urls, status, uploads};

/// The size from which a response is compressed, in bytes: a list of files is, an answer about one file isn't. The CDN compresses none,
/// because it caches none.
const MIN_COMPRESSED_BYTES: u64 = 4096;

/// The service: its routes, and 404 for every other path. No response may be cached.
pub fn app(api: Api) -> Router {
    let cors = api.origins.layer();
    Router::new()
        .merge(routes())
        .nest("/u/{session}", routes())
        .fallback(not_found)
        .with_state(Arc::new(api))
        .layer(map_response(async |response: Response| without_caching(response)))
        .layer(cors)
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(MIN_COMPRESSED_BYTES)))
}

fn routes() -> Router<Arc<Api>> {
    all_routes().into_iter().fold(Router::new(), |router, (path, handlers)| router.route(path, handlers))
}

/// Every route of the API. `docs/openapi.json` describes the same routes.
fn all_routes() -> Vec<ApiRoute> {
    let mut routes = vec![uploads::route(), status::route(), signed_urls::route()];
    routes.extend([library::list::route(), library::file::route()]);
    routes.extend([library::replacement::route(), library::deletions::route()]);
    routes.extend(clients::routes());
    let small = |(path, handlers): ApiRoute| (path, handlers.layer(DefaultBodyLimit::max(MAX_BODY_BYTES)));
    routes.into_iter().map(small).chain(companion::routes()).collect()
}

async fn not_found() -> Response {
    let detail = "the signer answers at /uploads, /signed-urls, /library/, /s3/ and /clients/, and at the same below /u/<session>";
    Problem::new(Kind::NotFound, detail).into_response()
}

/// Forbids caches to store a response: it belongs to one client and is valid for minutes.
fn without_caching(mut response: Response) -> Response {
    if let Ok(value) = HeaderValue::from_str(&Caching::Never.header()) {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}

#[cfg(test)]
mod openapi_error_tests;

#[cfg(test)]
mod openapi_tests;

#[cfg(test)]
mod tests;
