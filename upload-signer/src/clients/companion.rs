//! The S3 API of Uppy's Companion, so that a stock `@uppy/aws-s3` of version 5 or 6 uploads here. The signer keeps no
//! state between requests: the sealed upload id carries the whole grant.

mod error;

mod file;

mod upload;

use std::future::{Ready, ready};
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::routing::{get, post};
use http::HeaderMap;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use service::problem::Problem;

use self::error::CompanionError;
use self::upload::UploadContext;
use crate::error::{Cause, SignError};
use crate::http::api::{Api, ApiRoute};
use crate::http::body::{require_json, unreadable_body};
use crate::http::caller::CallerContext;
use crate::parts::completion::{ClientPart, checked_size, client_parts};
use crate::parts::grant::grant_multipart;
use crate::parts::part_number::part_number;
use crate::parts::part_url::part_url;
use crate::parts::stored::{StoredPart, check_unsent, stored_bytes};
use crate::parts::upload_id::MultipartUpload;
use crate::signing::presigned_upload::SignedValues;

/// The largest request body, in bytes: 10,000 parts with their entity tags.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

type JsonResult = Result<Json<Value>, CompanionError>;

pub(crate) fn routes() -> [ApiRoute; 6] {
    let limited = |(path, handlers): ApiRoute| (path, handlers.layer(DefaultBodyLimit::max(MAX_BODY_BYTES)));
    [
        ("/s3/params", get(params).fallback(allow(&["GET", "HEAD"]))),
        ("/s3/multipart", post(create).fallback(allow(&["POST"]))),
        ("/s3/multipart/{upload_id}", get(list).delete(abort).fallback(allow(&["GET", "HEAD", "DELETE"]))),
        ("/s3/multipart/{upload_id}/complete", post(complete).fallback(allow(&["POST"]))),
        ("/s3/multipart/{upload_id}/batch", get(batch).fallback(allow(&["GET", "HEAD"]))),
        ("/s3/multipart/{upload_id}/{part}", get(part).fallback(allow(&["GET", "HEAD"]))),
    ]
    .map(limited)
}

/// Signs a form that posts the whole file.
async fn params(
    context: Result<CallerContext, SignError>,
    Query(query): Query<Vec<(String, String)>>,
) -> JsonResult {
    let context = context?;
    let upload = context.sign(file::from_query(query)?)?;
    let (SignedValues::Fields(fields) | SignedValues::Headers(fields)) = upload.values;
    let expires = upload.expires.parse().map_or(0, |end: Timestamp| seconds_left(end, context.now));
    Ok(Json(json!({ "method": upload.method, "url": upload.url, "fields": fields, "expires": expires })))
}

/// Begins a multipart upload.
async fn create(
    context: Result<CallerContext, SignError>,
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> JsonResult {
    let context = context?;
    let request = context.caller.authorize(file::from_body(&read(&headers, body)?)?, false)?;
    let grant = grant_multipart(&context.signer, request, context.now)?;
    let upload = MultipartUpload {
        s3_id: api.multipart.create(&grant).await?,
        key: grant.key.clone(),
        owner: context.caller.owner(),
        max_bytes: *grant.bytes.end(),
        media_type: grant.media_type().to_string(),
        expires: grant.expires,
    };
    let key = upload.key.as_str();
    tracing::info!(key, max_bytes = upload.max_bytes, "created a multipart upload");
    let bucket = context.signer.bucket.name();
    Ok(Json(json!({ "key": key, "uploadId": upload.seal(&api.keys), "bucket": bucket })))
}

/// Signs the URL of one part.
async fn part(
    UploadContext { caller, upload, part, .. }: UploadContext,
    State(api): State<Arc<Api>>,
) -> JsonResult {
    let number = part_number(&part, upload.max_bytes)?;
    check_unsent(number, &stored_parts(&api, &upload).await?)?;
    let (url, end) = part_url(&caller.signer, &upload, number, caller.now)?;
    Ok(Json(json!({ "url": url, "expires": seconds_left(end, caller.now) })))
}

/// Signs the URLs of the parts in `partNumbers=1,2,3`.
async fn batch(
    UploadContext { caller, upload, part_numbers, .. }: UploadContext,
    State(api): State<Arc<Api>>,
) -> JsonResult {
    let numbers = part_numbers.split(',').map(|text| part_number(text.trim(), upload.max_bytes));
    let numbers: Vec<_> = numbers.collect::<Result<_, _>>()?;
    let stored = stored_parts(&api, &upload).await?;
    let mut urls = Map::new();
    for number in numbers {
        check_unsent(number, &stored)?;
        let (url, _) = part_url(&caller.signer, &upload, number, caller.now)?;
        urls.insert(number.to_string(), Value::String(url));
    }
    Ok(Json(json!({ "presignedUrls": urls })))
}

/// Lists all parts that S3 has, which a client needs to resume after a reload.
async fn list(UploadContext { upload, .. }: UploadContext, State(api): State<Arc<Api>>) -> JsonResult {
    let parts = stored_parts(&api, &upload).await?;
    let list = parts.iter().map(
        |part| json!({ "PartNumber": part.number, "ETag": format!("\"{}\"", part.etag), "Size": part.bytes }),
    );
    Ok(Json(list.collect()))
}

/// The parts that S3 has. Removes them and fails if they exceed the limit.
async fn stored_parts(api: &Api, upload: &MultipartUpload) -> Result<Vec<StoredPart>, SignError> {
    let stored = api.multipart.list_parts(upload).await?;
    if let Err(error) = stored_bytes(&stored, upload.max_bytes) {
        remove_parts(api, upload, &error).await;
        return Err(error);
    }
    Ok(stored)
}

/// Aborts an upload that is refused with `error`. The client receives that error. The bucket's lifecycle removes parts that stay.
async fn remove_parts(api: &Api, upload: &MultipartUpload, error: &SignError) {
    let key = upload.key.as_str();
    tracing::info!(key, %error, "refused a multipart upload");
    if let Err(failure) = api.multipart.abort(upload).await {
        tracing::error!(key, %failure, "the parts of a refused upload stay");
    }
}

/// Completes an upload whose parts match the client's list and the limit; otherwise removes the parts.
async fn complete(
    UploadContext { caller, upload, .. }: UploadContext,
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> JsonResult {
    let listed = client_parts(&read(&headers, body)?)?;
    let key = upload.key.as_str();
    match finish(&api, &upload, &listed).await {
        Ok(()) => tracing::info!(key, parts = listed.len(), "completed a multipart upload"),
        // S3 forgets a completed upload. A client that missed the response completes it again.
        Err(error) if is_not_found(&error) && api.multipart.is_complete(&upload).await => {}
        Err(error) => {
            // A retry succeeds only after a storage failure.
            if !matches!(error.cause, Cause::Storage(_) | Cause::NotFound(_)) {
                remove_parts(&api, &upload, &error).await;
            }
            return Err(error.into());
        }
    }
    let location = caller.signer.public_url(&upload.key);
    Ok(Json(json!({ "location": location, "key": key, "bucket": caller.signer.bucket.name() })))
}

async fn finish(api: &Api, upload: &MultipartUpload, listed: &[ClientPart]) -> Result<(), SignError> {
    let stored = api.multipart.list_parts(upload).await?;
    let bytes = checked_size(listed, &stored, upload.max_bytes)?;
    api.multipart.complete(upload, &stored, bytes).await
}

fn is_not_found(error: &SignError) -> bool {
    matches!(error.cause, Cause::NotFound(_))
}

/// Aborts an upload and removes its parts.
async fn abort(UploadContext { upload, .. }: UploadContext, State(api): State<Arc<Api>>) -> JsonResult {
    api.multipart.abort(&upload).await?;
    tracing::info!(key = upload.key.as_str(), "aborted a multipart upload");
    Ok(Json(json!({})))
}

/// The handler of all other methods of a path.
fn allow(
    methods: &'static [&'static str],
) -> impl Fn() -> Ready<CompanionError> + Clone + Send + Sync + 'static {
    move || {
        ready(CompanionError(Problem::method_not_allowed("this method doesn't exist here", methods.to_vec())))
    }
}

/// The body of a request that declares it as JSON.
fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Bytes, CompanionError> {
    require_json(headers).map_err(CompanionError)?;
    body.map_err(|rejection| CompanionError(unreadable_body(&rejection, MAX_BODY_BYTES)))
}

/// Whole seconds from `now` to `end`. Uppy 5 gives up a request after that time.
fn seconds_left(end: Timestamp, now: Timestamp) -> i64 {
    end.as_second().saturating_sub(now.as_second())
}

#[cfg(test)]
mod tests;
