//! The contract of Uppy's Companion for S3, so that a stock `@uppy/aws-s3` of version 5 or 6 uploads here with no
//! code of its own. Nothing is remembered between requests: all that was granted is in the sealed upload id.

mod described;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use http::request::Parts;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use service::problem::{Kind, Problem};

use crate::error::{Cause, SignError};
use crate::http::asking::{Asking, Refused};
use crate::http::handler::{Api, refused, unread};
use crate::parts::completion::{ClaimedPart, claimed_parts, object_bytes};
use crate::parts::part_number;
use crate::parts::upload_id::PartedUpload;
use crate::signing::answer::Bound;

/// How long an upload in parts may be gone on with: as long as the bucket keeps the parts of an unfinished one.
const PARTED_LIFETIME: Duration = Duration::from_hours(24);

/// The largest body that is read, in bytes: 10,000 parts with their entity tags.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// The routes, to be merged into the signer's.
pub(crate) fn routes() -> Router<Arc<Api>> {
    Router::new()
        .route("/s3/params", get(params).fallback(method_not_allowed))
        .route("/s3/multipart", post(create).fallback(method_not_allowed))
        .route("/s3/multipart/{upload_id}", get(list).delete(abort).fallback(method_not_allowed))
        .route("/s3/multipart/{upload_id}/complete", post(complete).fallback(method_not_allowed))
        .route("/s3/multipart/{upload_id}/batch", get(batch).fallback(method_not_allowed))
        .route("/s3/multipart/{upload_id}/{part}", get(part).fallback(method_not_allowed))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
}

type Asked = Result<Asking, Refused>;
type Parameters = Query<Vec<(String, String)>>;
type Answered = Result<Json<Value>, CompanionError>;

/// A failure in the shape that Uppy reads.
struct CompanionError(Problem);

/// The parts of the path; a session stands before them where there is one.
#[derive(Deserialize)]
struct UploadPath {
    upload_id: String,
    #[serde(default)]
    part: String,
}

/// A request about an upload that the caller may go on with.
struct Opened {
    asking: Asking,
    upload: PartedUpload,
    part: String,
    query: Vec<(String, String)>,
}

/// A form that posts the whole file.
async fn params(asked: Asked, Query(query): Parameters) -> Answered {
    let asking = asked?;
    let request = asking.caller.placed(described::in_query(query)?, false)?;
    let upload = asking.signer.sign(request, asking.now)?;
    tracing::info!(key = upload.key, method = upload.method, max_bytes = upload.max_size, "signed");
    let fields = match upload.bound {
        Bound::Fields(fields) | Bound::Headers(fields) => fields,
    };
    let expires = upload.expires.parse().map_or(0, |end: Timestamp| seconds_left(end, asking.now));
    Ok(Json(json!({ "method": upload.method, "url": upload.url, "fields": fields, "expires": expires })))
}

/// Begins an upload in parts.
async fn create(asked: Asked, State(api): State<Arc<Api>>, body: Result<Bytes, BytesRejection>) -> Answered {
    let asking = asked?;
    let request = asking.caller.placed(described::in_body(&read(body)?)?, false)?;
    let grant = asking.signer.grant_parts(request, PARTED_LIFETIME, asking.now)?;
    let upload = PartedUpload {
        s3_id: api.parts.create(&grant).await?,
        key: grant.key.clone(),
        owner: asking.caller.owner(),
        max_bytes: *grant.bytes.end(),
        media_type: grant.media_type.to_string(),
        expires: grant.expires,
    };
    let key = upload.key.as_str();
    tracing::info!(key, max_bytes = upload.max_bytes, "an upload in parts begins");
    let bucket = asking.signer.target.bucket();
    Ok(Json(json!({ "key": key, "uploadId": upload.seal(&api.keys), "bucket": bucket })))
}

/// The URL of one part.
async fn part(opened: Opened) -> Answered {
    let Opened { asking, upload, part, .. } = opened;
    let number = part_number(&part, upload.max_bytes)?;
    let (url, end) = asking.signer.part_url(&upload, number, asking.now)?;
    Ok(Json(json!({ "url": url, "expires": seconds_left(end, asking.now) })))
}

/// The URLs of several parts, `partNumbers=1,2,3`.
async fn batch(opened: Opened) -> Answered {
    let Opened { asking, upload, query, .. } = opened;
    let numbers = value(&query, "partNumbers");
    let mut urls = serde_json::Map::new();
    for text in numbers.split(',').map(str::trim) {
        let number = part_number(text, upload.max_bytes)?;
        let (url, _) = asking.signer.part_url(&upload, number, asking.now)?;
        urls.insert(number.to_string(), Value::String(url));
    }
    Ok(Json(json!({ "presignedUrls": urls })))
}

/// The parts that S3 has, all of them: what a client needs to go on after a reload.
async fn list(Opened { upload, .. }: Opened, State(api): State<Arc<Api>>) -> Answered {
    let parts = api.parts.parts(&upload).await?;
    let spelled = parts.iter().map(
        |part| json!({ "PartNumber": part.number, "ETag": format!("\"{}\"", part.etag), "Size": part.bytes }),
    );
    Ok(Json(spelled.collect()))
}

/// Makes the parts an object where they are what the client says and within the limit; else removes them.
async fn complete(
    Opened { asking, upload, .. }: Opened,
    State(api): State<Arc<Api>>,
    body: Result<Bytes, BytesRejection>,
) -> Answered {
    let claimed = claimed_parts(&read(body)?)?;
    let key = upload.key.as_str();
    match finish(&api, &upload, &claimed).await {
        Ok(()) => tracing::info!(key, parts = claimed.len(), "an upload in parts is complete"),
        Err(error) if is_ended(&error) && api.parts.is_complete(&upload).await => {}
        Err(error) => {
            // S3 that doesn't answer may do so at the next try; everything else would only fail again.
            if !matches!(error.cause, Cause::Storage(_) | Cause::NotFound(_)) {
                tracing::info!(key, %error, "an upload in parts is refused");
                // What can't be removed now is by the bucket's lifecycle: the client is told what it did wrong.
                if let Err(failure) = api.parts.abort(&upload).await {
                    tracing::error!(key, %failure, "the parts of a refused upload stay");
                }
            }
            return Err(error.into());
        }
    }
    let location = asking.signer.public_url(&upload.key);
    Ok(Json(json!({ "location": location, "key": key, "bucket": asking.signer.target.bucket() })))
}

async fn finish(api: &Api, upload: &PartedUpload, claimed: &[ClaimedPart]) -> Result<(), SignError> {
    let stored = api.parts.parts(upload).await?;
    let bytes = object_bytes(claimed, &stored, upload.max_bytes)?;
    api.parts.complete(upload, &stored, bytes).await
}

/// S3 forgets an upload when it is complete: a client that missed the answer asks again.
fn is_ended(error: &SignError) -> bool {
    matches!(error.cause, Cause::NotFound(_))
}

/// Ends an upload and removes its parts.
async fn abort(Opened { upload, .. }: Opened, State(api): State<Arc<Api>>) -> Answered {
    api.parts.abort(&upload).await?;
    tracing::info!(key = upload.key.as_str(), "an upload in parts is cancelled");
    Ok(Json(json!({})))
}

async fn method_not_allowed() -> CompanionError {
    CompanionError(Problem::new(Kind::MethodNotAllowed, "this method doesn't exist here"))
}

impl FromRequestParts<Arc<Api>> for Opened {
    type Rejection = CompanionError;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, CompanionError> {
        let asking = Asking::from_request_parts(parts, api).await?;
        let path = Path::from_request_parts(parts, api).await;
        let Path(UploadPath { upload_id, part }) = path.map_err(|_| unread_url())?;
        let query = Query::from_request_parts(parts, api).await;
        let Query(query): Parameters = query.map_err(|_| unread_url())?;
        let (key, owner) = (value(&query, "key"), asking.caller.owner());
        let upload = PartedUpload::open(&upload_id, key, &owner, asking.now, &api.keys)?;
        Ok(Self { asking, upload, part, query })
    }
}

fn unread_url() -> SignError {
    SignError::whole(Cause::Invalid("the URL can't be read"))
}

fn value<'a>(query: &'a [(String, String)], name: &str) -> &'a str {
    query.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
}

fn read(body: Result<Bytes, BytesRejection>) -> Result<Bytes, CompanionError> {
    body.map_err(|rejection| CompanionError(unread(&rejection, MAX_BODY_BYTES)))
}

/// Whole seconds. Uppy 5 gives up a request after as long.
fn seconds_left(end: Timestamp, now: Timestamp) -> i64 {
    end.as_second().saturating_sub(now.as_second())
}

impl From<SignError> for CompanionError {
    fn from(error: SignError) -> Self {
        Self(refused(error))
    }
}

impl From<Refused> for CompanionError {
    fn from(refusal: Refused) -> Self {
        refusal.0.into()
    }
}

impl IntoResponse for CompanionError {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status: StatusCode = problem.kind().status();
        tracing::info!(kind = ?problem.kind(), detail = problem.detail(), "refused");
        (status, Json(json!({ "error": problem.kind().name(), "message": problem.detail() }))).into_response()
    }
}

#[cfg(test)]
pub(crate) mod tests;
