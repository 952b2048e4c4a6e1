//! The page at `/`, and the player of videos that it loads when it needs one. `page/build.mjs` builds both files, and the
//! repository keeps them. The documents to which the page links are served as text, so that they are those of this program.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use service::problem::{Kind, Problem};
use tower_http::compression::CompressionLayer;

const PAGE: &str = include_str!("../../page/dist/index.html");
const HLS: &str = include_str!("../../page/dist/hls.js");

/// Paths of documents, and their text.
const DOCS: [(&str, &str); 2] = [
    ("/docs/image-api.md", include_str!("../../../docs/image-api.md")),
    ("/docs/library.md", include_str!("../../../docs/library.md")),
];

/// Answers `/` with the page, `/hls.js` with the player, the paths of documents with their text, and every other path with 404.
/// Browsers ask for all of them each time: they change with the program.
pub(super) fn app() -> Router {
    let page = async || ([(CACHE_CONTROL, "no-cache")], Html(PAGE));
    let hls = async || ([(CACHE_CONTROL, "no-cache"), (CONTENT_TYPE, "text/javascript")], HLS);
    let router = Router::new().route("/", get(page)).route("/hls.js", get(hls)).fallback(not_found);
    let router = DOCS.into_iter().fold(router, |router, (path, text)| {
        let document =
            async move || ([(CACHE_CONTROL, "no-cache"), (CONTENT_TYPE, "text/plain; charset=utf-8")], text);
        router.route(path, get(document))
    });
    router.layer(CompressionLayer::new())
}

async fn not_found() -> Response {
    Problem::new(Kind::NotFound, "there is no such page; files are below /files/, /private/ and /videos/")
        .into_response()
}
