//! The request and response formats of other upload clients, translated to the signer's own. No rule is decided here.

pub(crate) mod companion;

mod file;

mod better_upload;

mod react_s3_uploader;

mod webiny;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::http::api::Api;

pub(crate) fn routes() -> Router<Arc<Api>> {
    Router::new()
        .route("/clients/webiny", post(webiny::payload))
        .route("/clients/better-upload", post(better_upload::files))
        .route("/clients/react-s3-uploader", get(react_s3_uploader::sign))
}

#[cfg(test)]
mod tests;
