//! A bucket as an origin: its objects as HTTP responses, with conditional and range requests.

use std::error::Error;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_types::date_time::{DateTime, Format};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bucket::{Bucket, BucketError, ErrorKind};
use contract::key::{MAX_KEY_BYTES, decode_path};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use resize::edge::store::access::AccessCheck;
use service::problem::{Kind, Problem};
use tokio_util::io::ReaderStream;

/// Size of the chunks of a response's body, in bytes.
const CHUNK_BYTES: usize = 64 << 10;

/// The sentence for viewers while S3 can't be used.
const UNAVAILABLE: &str = "the storage doesn't answer; try again";

/// A bucket whose objects are sent as responses.
#[derive(Clone, Debug)]
pub struct BucketOrigin {
    /// The bucket, with the credentials of the reader.
    pub bucket: Bucket,
    /// The check that S3 accepts the reader's requests.
    pub access: AccessCheck,
}

/// The headers of a response, from the SDK's output of `GetObject` or `HeadObject`. S3 returns user metadata with the object,
/// and CloudFront passes it on.
macro_rules! object_headers {
    ($output:expr) => {{
        let output = &$output;
        let date = |time: &DateTime| time.fmt(Format::HttpDate).ok();
        let of_metadata = |(name, value): (&String, &String)| {
            Some((HeaderName::try_from(format!("x-amz-meta-{name}")).ok()?, Some(value.clone())))
        };
        let metadata: Vec<_> = output.metadata().into_iter().flatten().filter_map(of_metadata).collect();
        [
            (header::ETAG, output.e_tag().map(str::to_owned)),
            (header::CONTENT_TYPE, output.content_type().map(str::to_owned)),
            (header::CONTENT_LENGTH, output.content_length().map(|length| length.to_string())),
            (header::CONTENT_RANGE, output.content_range().map(str::to_owned)),
            (header::CONTENT_DISPOSITION, output.content_disposition().map(str::to_owned)),
            (header::CONTENT_ENCODING, output.content_encoding().map(str::to_owned)),
            (header::CACHE_CONTROL, output.cache_control().map(str::to_owned)),
            (header::ACCEPT_RANGES, output.accept_ranges().map(str::to_owned)),
            (header::LAST_MODIFIED, output.last_modified().and_then(date)),
        ]
        .into_iter()
        .chain(metadata)
    }};
}

impl BucketOrigin {
    /// Answers a `GET` or `HEAD` request for an object, with the viewer's range and conditions. If `If-Range` names
    /// another version of the object, the response is the whole object.
    pub async fn read(&self, method: &Method, path: &str, viewer: &HeaderMap) -> Response {
        // Boxed: the SDK's futures have tens of kilobytes.
        let response = Box::pin(self.object(method, path, viewer)).await;
        let is_other_version =
            response.status() == StatusCode::PRECONDITION_FAILED && viewer.contains_key(header::IF_RANGE);
        if is_other_version { Box::pin(self.object(method, path, &HeaderMap::new())).await } else { response }
    }

    async fn object(&self, method: &Method, path: &str, viewer: &HeaderMap) -> Response {
        let Ok(key) = decode_path(path) else {
            return not_found();
        };
        let key = key.strip_prefix('/').unwrap_or(&key).to_owned();
        if key.len() > MAX_KEY_BYTES {
            return not_found();
        }
        let text =
            |name: HeaderName| viewer.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let range = text(header::RANGE);
        let if_match = text(header::IF_RANGE).filter(|_| range.is_some()).or_else(|| text(header::IF_MATCH));
        let if_none_match = text(header::IF_NONE_MATCH);
        let date = text(header::IF_MODIFIED_SINCE);
        let since = date.and_then(|date| DateTime::from_str(&date, Format::HttpDate).ok());
        if *method == Method::HEAD {
            let request = self.bucket.head(&key);
            let request = request.set_if_match(if_match).set_if_none_match(if_none_match);
            let request = request.set_if_modified_since(since);
            return match request.send().await {
                Ok(head) => response(StatusCode::OK, object_headers!(head), Body::empty()),
                Err(error) => self.failure(error, Method::HEAD).await,
            };
        }
        let is_partial = range.is_some();
        let request = self.bucket.get(&key);
        let request = request.set_range(range).set_if_match(if_match).set_if_none_match(if_none_match);
        let request = request.set_if_modified_since(since);
        match request.send().await {
            Ok(object) => {
                let is_partial = is_partial && object.content_range().is_some();
                let status = if is_partial { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
                let headers = object_headers!(object);
                let body = ReaderStream::with_capacity(object.body.into_async_read(), CHUNK_BYTES);
                response(status, headers, Body::from_stream(body))
            }
            Err(error) => self.failure(error, Method::GET).await,
        }
    }

    /// The response for an error of S3. The statuses of conditions and ranges stay as they are; every other error becomes a
    /// problem.
    async fn failure<E: Error + ProvideErrorMetadata + 'static>(
        &self,
        error: SdkError<E, HttpResponse>,
        method: Method,
    ) -> Response {
        let status = error.raw_response().and_then(|raw| StatusCode::from_u16(raw.status().as_u16()).ok());
        match status {
            Some(
                status @ (StatusCode::NOT_MODIFIED
                | StatusCode::PRECONDITION_FAILED
                | StatusCode::RANGE_NOT_SATISFIABLE),
            ) => unchanged(status, error.raw_response()),
            Some(StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) => {
                let error = BucketError::from(error);
                if error.kind() == ErrorKind::Refused {
                    return unavailable(&error);
                }
                // The response to `HEAD` has no code, so a missing object looks like refused credentials.
                if method == Method::HEAD && self.access.result().await.is_err() {
                    return Problem::new(Kind::StorageUnavailable, UNAVAILABLE).into_response();
                }
                not_found()
            }
            Some(_) | None => unavailable(&BucketError::from(error)),
        }
    }
}

fn response(
    status: StatusCode,
    headers: impl Iterator<Item = (HeaderName, Option<String>)>,
    body: Body,
) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The response of a condition or range that doesn't hold, with the headers that belong to it.
fn unchanged(status: StatusCode, raw: Option<&HttpResponse>) -> Response {
    let mut response = status.into_response();
    for name in [header::ETAG, header::CACHE_CONTROL, header::LAST_MODIFIED, header::CONTENT_RANGE] {
        let value = raw.and_then(|raw| raw.headers().get(name.as_str()));
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn not_found() -> Response {
    Problem::new(Kind::Missing, "there is no such file").into_response()
}

fn unavailable(error: &BucketError) -> Response {
    tracing::error!(%error, "an object can't be read");
    Problem::new(Kind::StorageUnavailable, UNAVAILABLE).into_response()
}
