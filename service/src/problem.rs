//! Failures as HTTP responses: `application/problem+json` (RFC 9457). Each kind of failure has one status and one cache
//! time.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use contract::caching::Caching;
use contract::error::{Reason, RequestError};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request can't be understood.
    BadRequest,
    /// A signature or permission is missing or wrong.
    Forbidden,
    /// The path does not exist and never will.
    NotFound,
    /// The file does not exist, or is not clean yet. An upload may become clean at any moment.
    Missing,
    /// The signed link has expired.
    Expired,
    /// The path exists, but not for this method.
    MethodNotAllowed,
    /// The request would replace something that exists.
    Conflict,
    /// The body or the file of a request exceeds a limit in bytes or number.
    TooLarge,
    /// The original of a variant exceeds a limit in bytes, pixels or frames.
    OversizedOriginal,
    /// The media type is not accepted.
    UnsupportedType,
    /// The file is not a supported image, or it is damaged or empty.
    Unreadable,
    /// No slot was free in time.
    Busy,
    /// S3 does not answer or refuses.
    StorageUnavailable,
    /// The time limit is exceeded.
    DeadlineExceeded,
    /// The feature is not implemented yet.
    NotImplemented,
    /// A defect of this program.
    Internal,
}

/// The public attributes of a kind.
struct Attributes {
    status: StatusCode,
    name: &'static str,
    title: &'static str,
    caching: Caching,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::BadRequest,
        Self::Forbidden,
        Self::NotFound,
        Self::Missing,
        Self::Expired,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::TooLarge,
        Self::OversizedOriginal,
        Self::UnsupportedType,
        Self::Unreadable,
        Self::Busy,
        Self::StorageUnavailable,
        Self::DeadlineExceeded,
        Self::NotImplemented,
        Self::Internal,
    ];

    /// The status, name, title and cache time of each kind. No other code decides them. CloudFront caches 400, 403,
    /// 405, 412 and 415 as `Cache-Control` says, 404, 414 and 500 to 504 by rules of its own, and no other error. So
    /// each failure of the image API that may be cached has one of these statuses.
    const fn attributes(self) -> Attributes {
        use Caching::{Never, Seconds};
        const HOUR: Caching = Seconds(3600);
        const MINUTE: Caching = Seconds(60);
        let (status, name, title, caching) = match self {
            Self::BadRequest => {
                (StatusCode::BAD_REQUEST, "bad-request", "The request can't be understood", HOUR)
            }
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "A valid signature is needed", MINUTE),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is no such file", MINUTE),
            Self::Missing => (StatusCode::NOT_FOUND, "not-found", "There is no such file", Caching::MISSING),
            Self::Expired => (StatusCode::GONE, "expired", "The link has expired", HOUR),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "The method isn't allowed here", HOUR)
            }
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "There is something already", Never),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "A limit is exceeded", HOUR),
            Self::OversizedOriginal => (StatusCode::BAD_REQUEST, "too-large", "A limit is exceeded", HOUR),
            Self::UnsupportedType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-type", "The type isn't allowed", HOUR)
            }
            Self::Unreadable => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unreadable",
                "The file is not an image that can be read",
                HOUR,
            ),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much to do at the moment", Never),
            Self::StorageUnavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "storage-unavailable", "The storage doesn't answer", Never)
            }
            Self::DeadlineExceeded => {
                (StatusCode::GATEWAY_TIMEOUT, "deadline-exceeded", "It took too long", Never)
            }
            Self::NotImplemented => {
                (StatusCode::NOT_IMPLEMENTED, "not-implemented", "This isn't available yet", Never)
            }
            Self::Internal => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong here", Never)
            }
        };
        Attributes { status, name, title, caching }
    }

    /// The status of the response.
    pub const fn status(self) -> StatusCode {
        self.attributes().status
    }

    /// The cache time of the response.
    pub const fn caching(self) -> Caching {
        self.attributes().caching
    }

    /// The kind's name, the last part of the problem's `type`.
    pub const fn name(self) -> &'static str {
        self.attributes().name
    }

    /// `true` if the operator has to fix the cause. Such a failure is logged as an error.
    pub fn is_fault(self) -> bool {
        self.status().is_server_error()
    }
}

impl From<Reason> for Kind {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::BadRequest => Self::BadRequest,
            Reason::NeedsSignature => Self::Forbidden,
            Reason::NotFound => Self::NotFound,
            Reason::Expired => Self::Expired,
        }
    }
}

/// A failure as the client sees it. Details for operators go to the log only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: Kind,
    detail: String,
    parameter: Option<Cow<'static, str>>,
    allowed: Vec<String>,
}

impl Problem {
    /// A failure, with a sentence that says what is wrong and what is allowed.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), parameter: None, allowed: Vec::new() }
    }

    /// A method that a path doesn't support, and the methods that it supports. They also become the header `Allow`.
    pub fn method_not_allowed(
        detail: impl Into<String>,
        methods: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(Kind::MethodNotAllowed, detail).allowing(methods)
    }

    /// Names the wrong parameter or field.
    #[must_use]
    pub fn at(mut self, parameter: impl Into<Cow<'static, str>>) -> Self {
        self.parameter = Some(parameter.into());
        self
    }

    /// Lists the allowed values.
    #[must_use]
    pub fn allowing(mut self, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        self
    }

    /// The kind of the failure.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The value of the header `Allow`, for a failure that is about the method.
    pub fn allow_header(&self) -> Option<HeaderValue> {
        let methods = Some(self.allowed.join(", ")).filter(|_| self.kind == Kind::MethodNotAllowed)?;
        HeaderValue::from_str(&methods).ok()
    }

    /// The sentence for the client.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<RequestError> for Problem {
    fn from(refusal: RequestError) -> Self {
        Self {
            kind: refusal.reason.into(),
            detail: refusal.detail,
            parameter: refusal.parameter,
            allowed: Vec::new(),
        }
    }
}

/// The JSON of the response.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    allowed: &'a [String],
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let attributes = self.kind.attributes();
        let document = Document {
            r#type: format!("urn:problem-type:tintype:{}", attributes.name),
            title: attributes.title,
            status: attributes.status.as_u16(),
            detail: &self.detail,
            parameter: self.parameter.as_deref(),
            allowed: &self.allowed,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (attributes.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(caching) = HeaderValue::from_str(&attributes.caching.header()) {
            headers.insert(header::CACHE_CONTROL, caching);
        }
        if let Some(methods) = self.allow_header() {
            headers.insert(header::ALLOW, methods);
        }
        if self.kind == Kind::Busy {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_status_and_cache_time_of_its_kind() {
        let problem = Problem::new(Kind::UnsupportedType, "text/html is not accepted")
            .at("type")
            .allowing(["image/png"]);
        let response = problem.into_response();
        assert_eq!(response.status(), 415);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
    }

    #[test]
    fn faults_and_conflicts_are_never_cached() {
        for kind in Kind::ALL {
            let is_cached = kind.attributes().caching != Caching::Never;
            assert_eq!(is_cached, !kind.is_fault() && kind != Kind::Conflict, "{kind:?}");
        }
    }
}
