//! A bucket as an origin of the distribution: S3 with requests that CloudFront signs (origin access control).

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tower::ServiceExt as _;

use crate::account::REGION;

/// A bucket as an origin.
#[derive(Clone, Debug)]
pub(crate) struct BucketOrigin {
    /// The bucket.
    pub(crate) bucket: String,
    /// S3.
    pub(crate) s3: Router,
    /// The host of S3.
    pub(crate) host: String,
    /// The credentials of the distribution.
    pub(crate) credentials: Credentials,
}

impl BucketOrigin {
    /// The origin as a service.
    pub(crate) fn app(self) -> Router {
        Router::new().fallback(answer).with_state(self)
    }

    /// Signs a request to the bucket. `None` if it can't be signed.
    fn signed(&self, mut request: Request) -> Option<Request> {
        let path = format!("/{}{}", self.bucket, request.uri().path());
        *request.uri_mut() = path.parse().ok()?;
        request.headers_mut().insert(header::HOST, HeaderValue::from_str(&self.host).ok()?);
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        let identity = Identity::from(self.credentials.clone());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name("s3")
            .time(SystemTime::now())
            .settings(settings)
            .build()
            .ok()?;
        let url = format!("http://{}{path}", self.host);
        let headers = request.headers().iter();
        let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable =
            SignableRequest::new(request.method().as_str(), url, headers, SignableBody::Bytes(b"")).ok()?;
        let signature = sign(signable, &params.into()).ok()?.into_parts().0;
        signature.apply_to_request_http1x(&mut request);
        Some(request)
    }
}

async fn answer(State(origin): State<BucketOrigin>, request: Request) -> Response {
    match origin.signed(request) {
        Some(request) => origin.s3.oneshot(request).await.into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}
