//! A file as the clients describe it, and the pieces of their responses that they share.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use service::problem::Problem;

use crate::error::{Cause, SignError};
use crate::http::body::{MAX_BODY_BYTES, require_json, unreadable_body};
use crate::http::caller::CallerContext;
use crate::http::problem::{log_refusal, problem};
use crate::signing::declared_type::DeclaredType;
use crate::signing::metadata::Metadata;
use crate::signing::presigned_upload::{OrderedMap, PresignedUpload, SignedValues};
use crate::signing::request::{UploadMethod, UploadRequest, Visibility, declared_size};

/// A file in a client's request.
#[derive(Clone, Debug, serde::Deserialize)]
pub(super) struct File {
    pub(super) name: String,
    /// The size in bytes.
    pub(super) size: u64,
    pub(super) r#type: String,
}

impl File {
    /// Signs the upload of this file.
    pub(super) fn sign(
        &self,
        context: &CallerContext,
        method: UploadMethod,
    ) -> Result<PresignedUpload, SignError> {
        let bytes = declared_size(self.size).map_err(|cause| SignError::at("size", cause))?;
        context.sign(UploadRequest {
            file_name: self.name.clone(),
            declared_type: DeclaredType::parse(&self.r#type).map_err(|cause| SignError::at("type", cause))?,
            bytes: Some(bytes),
            sha256: None,
            visibility: Visibility::default(),
            metadata: Metadata::default(),
            method,
            owner: None,
        })
    }
}

/// A JSON body of at most [`MAX_BODY_BYTES`], which the headers declare as JSON.
pub(super) fn parse_body<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<T, Problem> {
    require_json(headers).inspect_err(log_refusal)?;
    let body = body.map_err(|rejection| unreadable_body(&rejection, MAX_BODY_BYTES))?;
    serde_json::from_slice(&body)
        .map_err(|error| logged_problem(SignError::whole(Cause::NotJson(error.to_string()))))
}

/// The headers that the page must set: not the length, which browsers set themselves, and not those in `by_client`,
/// which the client library sets.
pub(super) fn headers(values: &SignedValues, by_client: &[&str]) -> OrderedMap {
    let (SignedValues::Headers(pairs) | SignedValues::Fields(pairs)) = values;
    let is_set = |name: &str| name == "content-length" || by_client.contains(&name);
    OrderedMap(pairs.0.iter().filter(|(name, _)| !is_set(name)).cloned().collect())
}

/// The problem of an error, which is logged.
pub(super) fn logged_problem(error: SignError) -> Problem {
    let problem = problem(error);
    log_refusal(&problem);
    problem
}
