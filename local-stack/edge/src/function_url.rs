//! A Lambda function URL behind origin access control: CloudFront signs each request, and Lambda checks the signature.
//!
//! The two compute the signature of a path in different ways. CloudFront escapes its characters once. Lambda escapes the
//! path that it receives, escapes included. The results differ exactly where the path has a `%`, and Lambda refuses the
//! request (<https://github.com/aws-samples/image-optimization/issues/44>).

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SigningInstructions, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, header};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use tower::ServiceExt as _;
use uuid::Uuid;

/// The host of the function URL, which signatures name.
const HOST: &str = "resize.lambda-url.us-east-1.on.aws";

const REGION: &str = "us-east-1";

/// The characters of a path that a signature escapes: all but the unreserved ones and the slash.
const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Lambda's answer to a request with a wrong signature.
const MISMATCH: &str = r#"{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}"#;

/// A function with a URL that only the distribution may request.
#[derive(Clone, Debug)]
pub struct FunctionUrl {
    function: Router,
    credentials: Credentials,
}

impl FunctionUrl {
    /// The URL of a function. The distribution gets credentials of its own.
    pub fn new(function: Router) -> Self {
        let secret = Uuid::new_v4().simple().to_string();
        let credentials = Credentials::new("OAC", secret, None, None, "origin access control");
        Self { function, credentials }
    }

    /// Sends a request without query and body as CloudFront does, with a signature. Answers as the function, or as Lambda
    /// if that refuses the signature.
    pub(crate) async fn fetch(&self, mut request: Request) -> Response {
        self.sign(&mut request, SystemTime::now());
        if self.accepts(&request) {
            return self.function.clone().oneshot(request).await.into_response();
        }
        tracing::error!(
            path = request.uri().path(),
            "the signature of a request to a function URL is refused"
        );
        (StatusCode::FORBIDDEN, [("x-amzn-errortype", "InvalidSignatureException")], MISMATCH).into_response()
    }

    /// Signs a request as CloudFront does.
    fn sign<B>(&self, request: &mut http::Request<B>, now: SystemTime) {
        let path = request.uri().path();
        let escaped_once =
            percent_encode(&percent_decode_str(path).collect::<Vec<u8>>(), &ESCAPED).to_string();
        if let Some(signature) =
            self.signature(request.method(), &escaped_once, PercentEncodingMode::Single, now)
        {
            signature.apply_to_request_http1x(request);
        }
    }

    /// `true` if a request has the signature that Lambda computes.
    fn accepts<B>(&self, request: &http::Request<B>) -> bool {
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        let time = header("x-amz-date").and_then(|text| DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok());
        let Some(time) = time.and_then(|time| TimeZone::UTC.to_timestamp(time).ok()) else { return false };
        let path = request.uri().path();
        let expected = self.signature(request.method(), path, PercentEncodingMode::Double, time.into());
        expected.is_some_and(|expected| {
            let authorization = expected.headers().find(|(name, _)| *name == header::AUTHORIZATION.as_str());
            authorization.map(|(_, value)| value) == header(header::AUTHORIZATION.as_str())
        })
    }

    /// The headers of a signature. `mode` says if the characters of `path` are escaped for it.
    fn signature(
        &self,
        method: &Method,
        path: &str,
        mode: PercentEncodingMode,
        time: SystemTime,
    ) -> Option<SigningInstructions> {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = mode;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let identity = Identity::from(self.credentials.clone());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name("lambda")
            .time(time)
            .settings(settings)
            .build()
            .ok()?;
        let url = format!("https://{HOST}{path}");
        let request =
            SignableRequest::new(method.as_str(), url, std::iter::empty(), SignableBody::Bytes(b"")).ok()?;
        Some(sign(request, &params.into()).ok()?.into_parts().0)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn status(url: &FunctionUrl, path: &str) -> StatusCode {
        url.fetch(Request::get(path).body(Body::empty()).unwrap()).await.status()
    }

    #[tokio::test]
    async fn a_path_with_a_percent_sign_is_refused_and_every_other_is_not() {
        let url = FunctionUrl::new(Router::new().fallback(async || StatusCode::OK));
        for path in ["/", "/files/1/cat.jpg/w=640,fm=auto.avif", "/files/caf~C3~A9_-.jpg/fm=png", "/a(1)!'*"]
        {
            assert_eq!(status(&url, path).await, StatusCode::OK, "{path}");
        }
        for path in ["/files/caf%C3%A9.jpg/w=640,fm=webp", "/files/a%20b/fm=png", "/%25", "/%61"] {
            assert_eq!(status(&url, path).await, StatusCode::FORBIDDEN, "{path}");
        }
    }

    #[test]
    fn a_request_is_refused_without_the_signature_of_its_distribution() {
        let [url, other] = [(); 2].map(|()| FunctionUrl::new(Router::new()));
        let mut request = Request::get("/a/fm=png").body(()).unwrap();
        assert!(!url.accepts(&request));
        other.sign(&mut request, SystemTime::now());
        assert!(!url.accepts(&request));
        let mut request = Request::get("/a/fm=png").body(()).unwrap();
        url.sign(&mut request, SystemTime::now());
        assert!(url.accepts(&request));
        *request.uri_mut() = "/b/fm=png".parse().unwrap();
        assert!(!url.accepts(&request), "the signature of another path");
    }
}
