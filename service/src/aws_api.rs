//! Signed HTTP calls to an AWS API without its SDK crate.
//!
//! The services use a few operations of CloudFront, EventBridge and `DynamoDB`. The SDK crates describe hundreds and took a
//! fifth of a build's processor time. A call here is signed by `aws-sigv4`, sent by the SDK's own HTTP client, and retried
//! under the rules of the SDK's standard mode: several attempts at connection failures, timeouts, throttling and server
//! faults, with exponential backoff and full jitter.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http_body_util::{BodyExt as _, Limited};

use crate::cause::innermost;
use crate::wire::{Timeouts, Transport};

/// Longest response body that is read, in bytes. The longest are pages of a `DynamoDB` query, with 1 MiB of items in JSON.
const MAX_RESPONSE_BYTES: usize = 4 << 20;

/// Upper bound of any pause between two attempts, as in the SDK.
const MAX_BACKOFF: Duration = Duration::from_secs(20);

/// Error codes of throttled and timed-out requests, which AWS reports with status 400. They are those of the SDK's
/// standard mode, and CloudFront's code for too many invalidations, which also ends after some time.
const RETRYABLE_CODES: [&str; 14] = [
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestTimeout",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "TooManyInvalidationsInProgress",
    "TooManyRequestsException",
    "TransactionInProgressException",
    "EC2ThrottledException",
];

/// An AWS API: its address, credentials, time limits and retries. Clones share connections.
#[derive(Clone, Debug)]
pub struct AwsApi {
    service: &'static str,
    region: String,
    endpoint: String,
    credentials: Credentials,
    retries: Retries,
    timeouts: Timeouts,
    connector: SharedHttpConnector,
}

/// The attempts of one call.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    /// Maximum number of attempts, at least 1.
    pub attempts: u32,
    /// Upper bound of the first pause between two attempts. It doubles with each attempt, up to 20 seconds.
    pub first_pause: Duration,
}

/// The reason why a call has no successful response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The request can't be built or signed.
    #[error("the request is invalid: {0}")]
    Invalid(String),
    /// No response arrived within the time limits.
    #[error("no response: {0}")]
    NoResponse(String),
    /// AWS refused the call.
    #[error("status {status}: {body}")]
    Refused {
        /// HTTP status, 300 to 599.
        status: u16,
        /// Response body, which names the error.
        body: String,
    },
}

impl CallError {
    /// `true` if the same call may succeed later.
    fn is_transient(&self) -> bool {
        match self {
            Self::Invalid(_) => false,
            Self::NoResponse(_) => true,
            Self::Refused { status, body } => {
                matches!(status, 429 | 500 | 502 | 503 | 504)
                    || RETRYABLE_CODES.iter().any(|code| body.contains(code))
            }
        }
    }
}

/// The URL of a service's endpoint in a region, such as `https://sqs.eu-west-1.amazonaws.com`.
pub fn regional_endpoint(service: &str, region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://{service}.{region}.{domain}")
}

impl AwsApi {
    /// An API. `service` is its name in signatures, such as `events`; `endpoint` is a URL without a path, such as
    /// `https://events.eu-west-1.amazonaws.com`. A call is tried at least once.
    pub fn new(
        service: &'static str,
        region: &str,
        endpoint: &str,
        credentials: Credentials,
        retries: Retries,
        timeouts: Timeouts,
    ) -> Self {
        Self {
            service,
            region: region.to_owned(),
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            credentials,
            retries,
            timeouts,
            connector: Transport::NETWORK.connector(timeouts),
        }
    }

    /// The same API by another transport.
    #[must_use]
    pub fn with_transport(mut self, transport: &Transport) -> Self {
        self.connector = transport.connector(self.timeouts);
        self
    }

    /// The same API with another upper bound of the first pause.
    #[must_use]
    pub fn with_first_pause(mut self, first_pause: Duration) -> Self {
        self.retries.first_pause = first_pause;
        self
    }

    /// Sends `body` to `path` by POST and returns the body of the successful response. Fails with the last attempt's
    /// error.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Result<String, CallError> {
        let attempts = self.post_with_retries(path, headers, body);
        let Some(limit) = self.timeouts.operation else { return attempts.await };
        let late = |_| CallError::NoResponse(format!("all attempts together took {} s", limit.as_secs()));
        tokio::time::timeout(limit, attempts).await.map_err(late)?
    }

    async fn post_with_retries(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<String, CallError> {
        let mut backoff = self.retries.first_pause;
        for _ in 1..self.retries.attempts.max(1) {
            match self.post_once(path, headers, body).await {
                Err(error) if error.is_transient() => {
                    tracing::debug!(%error, service = self.service, "a call is retried");
                }
                done => return done,
            }
            tokio::time::sleep(backoff.mul_f64(fastrand::f64())).await;
            backoff = (backoff * 2).min(MAX_BACKOFF);
        }
        self.post_once(path, headers, body).await
    }

    async fn post_once(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Result<String, CallError> {
        let request = self.signed(path, headers, body, SystemTime::now())?;
        let response = self.connector.call(request).await;
        let response = response.map_err(|error| CallError::NoResponse(innermost(&error)))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MAX_RESPONSE_BYTES).collect().await;
        let body = body.map_err(|error| CallError::NoResponse(error.to_string()))?.to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        if (200..300).contains(&status) { Ok(body) } else { Err(CallError::Refused { status, body }) }
    }

    /// The signed request.
    fn signed(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
        now: SystemTime,
    ) -> Result<HttpRequest, CallError> {
        #[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
        fn invalid(error: impl ToString) -> CallError {
            CallError::Invalid(error.to_string())
        }
        let url = format!("{}{path}", self.endpoint);
        let identity = Identity::from(self.credentials.clone());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.service)
            .time(now)
            .settings(SigningSettings::default())
            .build()
            .map_err(invalid)?;
        let signable =
            SignableRequest::new("POST", &url, headers.iter().copied(), SignableBody::Bytes(body.as_bytes()))
                .map_err(invalid)?;
        let (instructions, _) = sign(signable, &params.into()).map_err(invalid)?.into_parts();
        let mut request = http::Request::post(&url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body.to_owned().into()).map_err(invalid)?;
        instructions.apply_to_request_http1x(&mut request);
        HttpRequest::try_from(request).map_err(invalid)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;

    fn api(endpoint: &str) -> AwsApi {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", Some("session".to_owned()), None, "test");
        let timeouts = Timeouts { operation: Some(Duration::from_mins(1)), ..Timeouts::COMMON };
        let retries = Retries { attempts: 3, first_pause: Duration::from_secs(1) };
        AwsApi::new("events", "eu-west-1", endpoint, credentials, retries, timeouts)
    }

    /// Answers two requests with status 200. Returns the number of connections that the client has opened for them.
    fn serve_two_requests(listener: &TcpListener) -> usize {
        let (mut connections, mut answered) = (0, 0);
        while answered < 2 {
            let (stream, _) = listener.accept().unwrap();
            connections += 1;
            let mut reader = BufReader::new(&stream);
            let mut line = String::new();
            // The requests have no body, so each ends with an empty line.
            while answered < 2 && reader.read_line(&mut line).unwrap() > 0 {
                if line == "\r\n" {
                    (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
                    answered += 1;
                }
                line.clear();
            }
        }
        connections
    }

    #[tokio::test]
    async fn later_calls_use_the_connection_of_the_first() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || serve_two_requests(&listener));
        let api = api(&endpoint);
        for _ in 0..2 {
            assert_eq!(api.clone().post("/", &[], "").await, Ok(String::new()));
        }
        assert_eq!(server.join().unwrap(), 1);
    }

    #[test]
    fn a_call_is_signed_over_its_body_and_headers() {
        let headers = [("content-type", "application/json"), ("x-amz-target", "AWSEvents.PutEvents")];
        let signed = |body: &str| {
            let request = api("https://events.eu-west-1.amazonaws.com")
                .signed("/", &headers, body, SystemTime::UNIX_EPOCH)
                .unwrap();
            request.headers().get("authorization").unwrap().to_owned()
        };
        let authorization = signed("{}");
        assert!(
            authorization.starts_with(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/19700101/eu-west-1/events/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="
            ),
            "{authorization}"
        );
        assert_ne!(authorization, signed("{ }"));
    }

    #[test]
    fn throttling_and_server_faults_are_retried_and_refusals_are_not() {
        let check = |status: u16, body: &str, expected: bool| {
            let error = CallError::Refused { status, body: body.to_owned() };
            assert_eq!(error.is_transient(), expected, "{error}");
        };
        check(503, "", true);
        check(429, "", true);
        check(400, r#"{"__type":"com.amazonaws.events#ThrottlingException"}"#, true);
        check(400, "<Code>Throttling</Code>", true);
        check(400, "<Code>TooManyInvalidationsInProgress</Code>", true);
        check(403, "<Code>AccessDenied</Code>", false);
        check(404, "<Code>NoSuchDistribution</Code>", false);
        assert!(CallError::NoResponse(String::new()).is_transient());
    }
}
