//! The request and response formats of other upload clients, translated to the signer's own. No rule is decided here.

pub(crate) mod companion;

mod file;

pub(crate) mod better_upload;

mod react_s3_uploader;

mod webiny;

use axum::routing::{get, post};
use service::problem::Problem;

use crate::http::api::ApiRoute;

pub(crate) fn routes() -> [ApiRoute; 3] {
    [
        ("/clients/webiny", post(webiny::payload).fallback(by_post)),
        ("/clients/better-upload", post(better_upload::files).fallback(by_post)),
        ("/clients/react-s3-uploader", get(react_s3_uploader::sign).fallback(by_get)),
    ]
}

async fn by_post() -> Problem {
    Problem::method_not_allowed("this client must use POST", ["POST"])
}

async fn by_get() -> Problem {
    Problem::method_not_allowed("this client must use GET", ["GET", "HEAD"])
}

#[cfg(test)]
mod tests;
