//! The CDN's origins: the two buckets, read with the CDN's own credentials as origin access control does, and
//! the resize service, which stands in for the variants bucket where that has nothing.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use cdn_config::behaviors::{OriginGroup, OriginId};
use contract::caching::Caching;
use contract::key::decode_path;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use service::problem::{Kind, Problem};
use tokio_util::io::ReaderStream;
use tower::ServiceExt;

use super::dress::set;

/// Where the CDN fetches from.
#[derive(Clone, Debug)]
pub struct Origins {
    /// S3, with the CDN's credentials.
    pub s3: Client,
    /// The bucket of originals.
    pub originals: String,
    /// The bucket of variants.
    pub variants: String,
    /// The resize service.
    pub resize: Router,
}

impl Origins {
    /// The first origin of a group, or the second where the first fails as the group says.
    pub async fn first_of(
        &self,
        group: &OriginGroup,
        method: &Method,
        path: &str,
        viewer: &HeaderMap,
    ) -> Response {
        let response = self.fetch(group.primary, method, path, viewer).await;
        if !group.failover_statuses.contains(&response.status().as_u16()) {
            return response;
        }
        self.fetch(group.secondary, method, path, viewer).await
    }

    /// An original. One that says nothing else may be kept for `seconds`.
    pub async fn original(&self, method: &Method, path: &str, viewer: &HeaderMap, seconds: u32) -> Response {
        let mut response = self.fetch(OriginId::Originals, method, path, viewer).await;
        if response.status().is_success() && !response.headers().contains_key(header::CACHE_CONTROL) {
            set(&mut response, "cache-control", &Caching::Seconds(seconds).header());
        }
        response
    }

    /// What an origin answers. A bucket is asked with the viewer's range and conditions.
    pub async fn fetch(&self, origin: OriginId, method: &Method, path: &str, viewer: &HeaderMap) -> Response {
        match origin {
            OriginId::Originals => self.ask_bucket(&self.originals, method, path, viewer).await,
            OriginId::Variants => self.ask_bucket(&self.variants, method, path, viewer).await,
            OriginId::Resize => self.ask_resize(method, path, viewer).await,
            OriginId::Signer | OriginId::Page => not_found(),
        }
    }

    async fn ask_resize(&self, method: &Method, path: &str, viewer: &HeaderMap) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(condition) = viewer.get(header::IF_NONE_MATCH) {
            request = request.header(header::IF_NONE_MATCH, condition);
        }
        match request.body(Body::empty()) {
            Ok(request) => Box::pin(self.resize.clone().oneshot(request)).await.into_response(),
            Err(error) => fault(&error.to_string()),
        }
    }

    /// A range that was meant for another version of the object becomes the whole of this one.
    async fn ask_bucket(&self, bucket: &str, method: &Method, path: &str, viewer: &HeaderMap) -> Response {
        // Boxed: the SDK's futures are tens of kilobytes.
        let response = Box::pin(self.object(method, bucket, path, viewer)).await;
        let is_changed =
            response.status() == StatusCode::PRECONDITION_FAILED && viewer.contains_key(header::IF_RANGE);
        if is_changed {
            Box::pin(self.object(method, bucket, path, &HeaderMap::new())).await
        } else {
            response
        }
    }

    async fn object(&self, method: &Method, bucket: &str, path: &str, viewer: &HeaderMap) -> Response {
        let Ok(key) = decode_path(path) else {
            return not_found();
        };
        let key = key.strip_prefix('/').unwrap_or(&key).to_owned();
        let text =
            |name: HeaderName| viewer.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let range = text(header::RANGE);
        let same_as = text(header::IF_RANGE).filter(|_| range.is_some()).or_else(|| text(header::IF_MATCH));
        let unlike = text(header::IF_NONE_MATCH);
        if *method == Method::HEAD {
            let request = self.s3.head_object().bucket(bucket).key(key);
            let request = request.set_if_match(same_as).set_if_none_match(unlike);
            return match request.send().await {
                Ok(head) => described(StatusCode::OK, &head, Body::empty()),
                Err(error) => failed(&error),
            };
        }
        let is_partial = range.is_some();
        let request = self.s3.get_object().bucket(bucket).key(key);
        let request = request.set_range(range).set_if_match(same_as).set_if_none_match(unlike);
        match request.send().await {
            Ok(object) => {
                let is_partial = is_partial && object.content_range().is_some();
                let status = if is_partial { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
                streamed(status, object)
            }
            Err(error) => failed(&error),
        }
    }
}

fn streamed(status: StatusCode, mut object: GetObjectOutput) -> Response {
    let body = std::mem::take(&mut object.body);
    described(
        status,
        &object,
        Body::from_stream(ReaderStream::with_capacity(body.into_async_read(), 64 << 10)),
    )
}

/// What S3 says of an object, whether it sends it or not.
trait Described {
    fn text(&self, name: &HeaderName) -> Option<String>;
    fn cache_tag(&self) -> Option<&String>;
}

macro_rules! described {
    ($output:ty) => {
        impl Described for $output {
            fn text(&self, name: &HeaderName) -> Option<String> {
                let text = |value: Option<&str>| value.map(str::to_owned);
                match *name {
                    header::ETAG => text(self.e_tag()),
                    header::CONTENT_TYPE => text(self.content_type()),
                    header::CONTENT_LENGTH => self.content_length().map(|length| length.to_string()),
                    header::CONTENT_RANGE => text(self.content_range()),
                    header::CONTENT_DISPOSITION => text(self.content_disposition()),
                    header::CONTENT_ENCODING => text(self.content_encoding()),
                    header::CACHE_CONTROL => text(self.cache_control()),
                    header::ACCEPT_RANGES => text(self.accept_ranges()),
                    header::LAST_MODIFIED => {
                        let time = self.last_modified()?;
                        time.fmt(aws_smithy_types::date_time::Format::HttpDate).ok()
                    }
                    _ => None,
                }
            }

            fn cache_tag(&self) -> Option<&String> {
                self.metadata()?.get(resize::edge::store::variants::CACHE_TAG)
            }
        }
    };
}

described!(GetObjectOutput);
described!(HeadObjectOutput);

const DESCRIBED: [HeaderName; 9] = [
    header::ETAG,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CACHE_CONTROL,
    header::ACCEPT_RANGES,
    header::LAST_MODIFIED,
];

fn described(status: StatusCode, object: &impl Described, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for name in DESCRIBED {
        if let Some(value) = object.text(&name).and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    if let Some(tag) = object.cache_tag().and_then(|tag| HeaderValue::from_str(tag).ok()) {
        headers.insert(HeaderName::from_static("x-amz-meta-cache-tag"), tag);
    }
    response
}

/// S3's refusal as the viewer sees it: conditions and ranges as they are, everything else as a problem.
fn failed<E: std::fmt::Debug>(error: &SdkError<E, aws_sdk_s3::config::http::HttpResponse>) -> Response {
    let Some(raw) = error.raw_response() else {
        tracing::error!(?error, "S3 doesn't answer");
        return Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again")
            .into_response();
    };
    let status = StatusCode::from_u16(raw.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    match status {
        StatusCode::NOT_MODIFIED | StatusCode::PRECONDITION_FAILED | StatusCode::RANGE_NOT_SATISFIABLE => {
            let mut response = status.into_response();
            for name in [header::ETAG, header::CONTENT_RANGE] {
                if let Some(value) =
                    raw.headers().get(name.as_str()).and_then(|v| HeaderValue::from_str(v).ok())
                {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => not_found(),
        _ => fault(&format!("S3 answers {status}: {error:?}")),
    }
}

fn not_found() -> Response {
    Problem::new(Kind::Missing, "there is no such file").into_response()
}

fn fault(cause: &str) -> Response {
    tracing::error!(cause, "an origin failed");
    Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again").into_response()
}
