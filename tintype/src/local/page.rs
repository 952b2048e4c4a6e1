//! The page at `/`: one file, which `page/build.mjs` builds and the repository keeps.

use axum::Router;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use service::problem::{Kind, Problem};

const PAGE: &str = include_str!("../../page/dist/index.html");

/// Answers `/` with the page and every other path with 404. Browsers ask for the page each time: it changes with the program.
pub(super) fn app() -> Router {
    Router::new().route("/", get(async || ([(CACHE_CONTROL, "no-cache")], Html(PAGE)))).fallback(not_found)
}

async fn not_found() -> Response {
    Problem::new(Kind::NotFound, "there is no such page; files are below /files/, /private/ and /videos/")
        .into_response()
}
