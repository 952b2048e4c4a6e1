//! `POST /signed-urls`: signs a link of the image API for a caller that may upload. The file of a private link must be the
//! caller's own.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use contract::key::{Area, Key};
use contract::link;
use http::HeaderMap;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use service::problem::{Kind, Problem};

use crate::arrival::store::{NewestVersion, Store, StoreError};
use crate::callers::access::Caller;
use crate::error::{Cause, SignError};
use crate::http::api::{Api, ApiRoute};
use crate::http::body::{MAX_BODY_BYTES, require_json, unreadable_body};
use crate::http::caller::CallerContext;
use crate::http::lookup::{is_id, upload_key};
use crate::http::problem::{foreign_file, problem, refusal, store_problem};
use crate::signing::json_fields::{JsonFields, text};
use crate::signing::owner::Owner;

/// The body of the request.
#[derive(Debug, PartialEq, Eq)]
struct LinkRequest {
    url: String,
    /// The expiry of the link, in seconds since 1970.
    expires: Option<u32>,
}

#[derive(Serialize)]
struct LinkResponse {
    url: String,
}

pub(crate) fn route() -> ApiRoute {
    ("/signed-urls", post(create).fallback(method_not_allowed))
}

#[tracing::instrument(name = "link", skip_all)]
async fn create(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match sign(context, &api, &headers, body).await {
        Ok(url) => axum::Json(LinkResponse { url }).into_response(),
        Err(problem) => refusal(problem),
    }
}

async fn sign(
    context: Result<CallerContext, SignError>,
    api: &Api,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<String, Problem> {
    let Some(links) = &api.links else {
        return Err(Problem::new(Kind::NotFound, "this signer has no secret to sign links with"));
    };
    require_json(headers)?;
    let CallerContext { caller, now, .. } = context.map_err(problem)?;
    let body = body.map_err(|rejection| unreadable_body(&rejection, MAX_BODY_BYTES))?;
    let link = LinkRequest::parse(&body, now).map_err(problem)?;
    let expires = expiry(&caller, link.expires);
    let url = links
        .sign(&link.url, expires)
        .map_err(|error| Problem::new(Kind::BadRequest, format!("url: {error}")).at("url"))?;
    if let Some(key) = private_key(&link.url) {
        check_reader(&caller, &api.store, &key).await.map_err(|problem| problem.at("url"))?;
    }
    tracing::info!(expires, "signed a link");
    Ok(url)
}

impl LinkRequest {
    fn parse(body: &[u8], now: Timestamp) -> Result<Self, SignError> {
        let mut fields = JsonFields::parse(body)?;
        let link = Self { url: fields.required("url", text)?, expires: fields.optional("expires", seconds)? };
        fields.reject_unknown()?;
        if link.expires.is_some_and(|end| i64::from(end) <= now.as_second()) {
            return Err(SignError::at("expires", Cause::Invalid("it must lie in the future")));
        }
        Ok(link)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "field readers share one signature")]
fn seconds(value: Value) -> Result<u32, Cause> {
    let seconds = value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
    seconds.ok_or(Cause::WrongType("a time in seconds since 1970, a whole number up to 4294967295"))
}

/// The end of the link in seconds since 1970. A link of a session ends with the session at the latest.
fn expiry(caller: &Caller, requested: Option<u32>) -> Option<u32> {
    match caller {
        Caller::Anonymous | Caller::Subject(_) => requested,
        Caller::Session(session) => {
            let session_end = u32::try_from(session.expires.as_second()).unwrap_or(u32::MAX);
            Some(requested.map_or(session_end, |end| end.min(session_end)))
        }
    }
}

/// The key of a private file that a URL names, in any spelling of its path; `None` for any other file.
fn private_key(url: &str) -> Option<Key> {
    link::key_of_url(url).ok().filter(|key| key.area().is_private())
}

/// Checks that a caller may read a private file.
async fn check_reader(caller: &Caller, store: &Store, key: &Key) -> Result<(), Problem> {
    if !caller.may_read(Area::Private) {
        return Err(Problem::new(Kind::Forbidden, "this session allows only public files"));
    }
    if caller.reads_all() {
        return Ok(());
    }
    let owner = owner_of(store, key).await.map_err(store_problem)?;
    if caller.may_read_private(owner.as_ref()) { Ok(()) } else { Err(foreign_file()) }
}

/// The owner of a private file, or of the upload that a private rendition was made of. The renditions of an original that was
/// not uploaded through the signer have no owner, as it has none.
async fn owner_of(store: &Store, key: &Key) -> Result<Option<Owner>, StoreError> {
    let original = match key.area() {
        Area::PrivateVideos => {
            let id = key.as_str().split('/').nth(1).unwrap_or_default();
            match upload_key(store, id, &[Area::Private]).await? {
                Some(original) => original,
                None if is_id(id) => return Err(StoreError::Gone),
                None => return Ok(None),
            }
        }
        Area::Files | Area::Private | Area::Videos => key.clone(),
    };
    let NewestVersion { owner, .. } = store.newest(original.as_str()).await?;
    Ok(owner)
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed("links are signed with POST", ["POST"])
}

#[cfg(test)]
mod tests;
