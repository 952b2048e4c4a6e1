//! Other clients' own shapes of request and answer, each a thin translation to the signer's: no rule is decided here.

pub(crate) mod companion;

mod better_upload;

mod react_s3_uploader;

mod webiny;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::BytesRejection;
use axum::routing::{get, post};
use service::problem::Problem;

use crate::error::{Cause, SignError};
use crate::http::asking::Asking;
use crate::http::handler::{Api, MAX_BODY_BYTES, refused};
use crate::signing::answer::{Bound, Pairs, Upload};
use crate::signing::media_type::MediaType;
use crate::signing::metadata::Metadata;
use crate::signing::request::{Method, UploadRequest, Visibility};

/// The routes, to be merged into the signer's.
pub(crate) fn routes() -> Router<Arc<Api>> {
    Router::new()
        .route("/clients/webiny", post(webiny::payload))
        .route("/clients/better-upload", post(better_upload::files))
        .route("/clients/react-s3-uploader", get(react_s3_uploader::sign))
}

/// A file as every one of these clients describes it.
#[derive(Clone, Debug, serde::Deserialize)]
struct File {
    name: String,
    size: u64,
    r#type: String,
}

/// Signs a described file.
fn signed(asking: &Asking, file: &File, method: Method) -> Result<Upload, SignError> {
    let invalid_type = || SignError::at("type", Cause::Invalid("it must be a media type such as image/png"));
    if file.size == 0 {
        return Err(SignError::at("size", Cause::Invalid("an empty file can't be uploaded")));
    }
    let request = UploadRequest {
        file_name: file.name.clone(),
        media_type: MediaType::parse(&file.r#type).ok_or_else(invalid_type)?,
        bytes: Some(file.size),
        sha256: None,
        visibility: Visibility::default(),
        metadata: Metadata::default(),
        method,
    };
    let upload = asking.signer.sign(asking.caller.placed(request, false)?, asking.now)?;
    tracing::info!(key = upload.key, method = upload.method, max_bytes = upload.max_size, "signed");
    Ok(upload)
}

/// The headers that a page sets. Browsers write the length themselves, and refuse to have it set; the client
/// itself sets those of `by_client`.
fn headers(bound: &Bound, by_client: &[&str]) -> Pairs {
    let (Bound::Headers(pairs) | Bound::Fields(pairs)) = bound;
    let is_set = |name: &str| name == "content-length" || by_client.contains(&name);
    Pairs(pairs.0.iter().filter(|(name, _)| !is_set(name)).cloned().collect())
}

fn problem(error: SignError) -> Problem {
    let problem = refused(error);
    tracing::info!(kind = ?problem.kind(), detail = problem.detail(), "refused");
    problem
}

fn unread_body(rejection: &BytesRejection) -> Problem {
    crate::http::handler::unread(rejection, MAX_BODY_BYTES)
}

fn unread(error: &serde_json::Error) -> SignError {
    SignError::whole(Cause::NotJson(error.to_string()))
}

#[cfg(test)]
mod tests;
