//! A request about a multipart upload: the path names the upload by its sealed id.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query};
use http::request::Parts;
use serde::Deserialize;

use super::error::CompanionError;
use crate::error::{Cause, SignError};
use crate::http::api::Api;
use crate::http::caller::CallerContext;
use crate::parts::upload_id::MultipartUpload;

/// An upload that the caller may continue, and the rest of the request.
pub(super) struct UploadContext {
    pub(super) caller: CallerContext,
    pub(super) upload: MultipartUpload,
    /// The last segment of the path; empty if the route has no part number.
    pub(super) part: String,
    /// The parameter `partNumbers`; empty if the query doesn't have it.
    pub(super) part_numbers: String,
}

/// The variables of the path. A session may precede them.
#[derive(Deserialize)]
struct UploadPath {
    upload_id: String,
    #[serde(default)]
    part: String,
}

impl FromRequestParts<Arc<Api>> for UploadContext {
    type Rejection = CompanionError;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, CompanionError> {
        let caller = CallerContext::from_request_parts(parts, api).await?;
        let path = Path::from_request_parts(parts, api).await;
        let Path(UploadPath { upload_id, part }) = path.map_err(|_| unreadable_url())?;
        let query = Query::from_request_parts(parts, api).await;
        let Query(query): Query<Vec<(String, String)>> = query.map_err(|_| unreadable_url())?;
        let (key, owner) = (value(&query, "key"), caller.caller.owner());
        let upload = MultipartUpload::open(&upload_id, key, &owner, caller.now, &api.keys)?;
        Ok(Self { caller, upload, part, part_numbers: value(&query, "partNumbers").to_owned() })
    }
}

fn unreadable_url() -> SignError {
    SignError::whole(Cause::Invalid("the URL can't be read"))
}

fn value<'a>(query: &'a [(String, String)], name: &str) -> &'a str {
    query.iter().find(|(candidate, _)| candidate == name).map_or("", |(_, value)| value)
}
