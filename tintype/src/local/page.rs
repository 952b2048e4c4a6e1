//! The page at `/`, and the player of videos that it loads when it needs one. `page/build.mjs` builds both files, and the
//! repository keeps them.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use service::problem::{Kind, Problem};

const PAGE: &str = include_str!("../../page/dist/index.html");
const HLS: &str = include_str!("../../page/dist/hls.js");

/// Answers `/` with the page, `/hls.js` with the player and every other path with 404. Browsers ask for both each time: they change
/// with the program.
pub(super) fn app() -> Router {
    let page = async || ([(CACHE_CONTROL, "no-cache")], Html(PAGE));
    let hls = async || ([(CACHE_CONTROL, "no-cache"), (CONTENT_TYPE, "text/javascript")], HLS);
    Router::new().route("/", get(page)).route("/hls.js", get(hls)).fallback(not_found)
}

async fn not_found() -> Response {
    Problem::new(Kind::NotFound, "there is no such page; files are below /files/, /private/ and /videos/")
        .into_response()
}
