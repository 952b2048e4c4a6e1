//! Failures as responses: `application/problem+json` (RFC 9457), one status and cache time a kind.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use contract::caching::Caching;
use contract::error::{Reason, RequestError};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// What kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request can't be read or asks for what doesn't exist.
    BadRequest,
    /// A signature or permission is missing or wrong.
    Forbidden,
    /// No such path, and there never will be.
    NotFound,
    /// No such file, or not yet: it may be served in a moment.
    Missing,
    /// The link was good until a time that is over.
    Expired,
    /// The path exists, the method doesn't.
    MethodNotAllowed,
    /// It would take the place of something that is there.
    Conflict,
    /// Over a limit in bytes, pixels or number.
    TooLarge,
    /// A media type that isn't taken here.
    UnsupportedType,
    /// Not an image that is read here, damaged or empty.
    Unreadable,
    /// No free slot in time.
    Busy,
    /// The storage behind doesn't answer or refuses.
    StorageUnavailable,
    /// The time allowed is over.
    DeadlineExceeded,
    /// Known, and not made yet.
    NotImplemented,
    /// A defect of ours.
    Internal,
}

/// What a kind means to the outside.
struct Row {
    status: StatusCode,
    name: &'static str,
    title: &'static str,
    caching: Caching,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::BadRequest,
        Self::Forbidden,
        Self::NotFound,
        Self::Missing,
        Self::Expired,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::TooLarge,
        Self::UnsupportedType,
        Self::Unreadable,
        Self::Busy,
        Self::StorageUnavailable,
        Self::DeadlineExceeded,
        Self::NotImplemented,
        Self::Internal,
    ];

    /// The one place where a kind becomes a status, a name, a title and a cache time.
    const fn row(self) -> Row {
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
            Self::UnsupportedType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-type", "The type isn't allowed", HOUR)
            }
            Self::Unreadable => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "unreadable",
                "The file is no image that can be read",
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
        Row { status, name, title, caching }
    }

    /// The status of its response.
    pub const fn status(self) -> StatusCode {
        self.row().status
    }

    /// How long its response may be kept.
    pub const fn caching(self) -> Caching {
        self.row().caching
    }

    /// Its name, as the type of a problem has it.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether it is ours to mend, and so logged as an error.
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

/// A failure, as the client is told of it. What only operators may know goes into the log instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: Kind,
    detail: String,
    parameter: Option<Cow<'static, str>>,
    allowed: Vec<String>,
}

impl Problem {
    /// A failure and the sentence that says what was wrong and what is allowed.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), parameter: None, allowed: Vec::new() }
    }

    /// Names the parameter or field at fault.
    #[must_use]
    pub fn at(mut self, parameter: impl Into<Cow<'static, str>>) -> Self {
        self.parameter = Some(parameter.into());
        self
    }

    /// Lists what would have been allowed; methods become the header `Allow`.
    #[must_use]
    pub fn allowing(mut self, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        self
    }

    /// What kind of failure.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The public sentence.
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

/// The members of the response's JSON.
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
        let row = self.kind.row();
        let document = Document {
            r#type: format!("urn:problem-type:tintype:{}", row.name),
            title: row.title,
            status: row.status.as_u16(),
            detail: &self.detail,
            parameter: self.parameter.as_deref(),
            allowed: &self.allowed,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (row.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(caching) = HeaderValue::from_str(&row.caching.header()) {
            headers.insert(header::CACHE_CONTROL, caching);
        }
        if self.kind == Kind::MethodNotAllowed
            && !self.allowed.is_empty()
            && let Ok(methods) = HeaderValue::from_str(&self.allowed.join(", "))
        {
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
    fn a_problem_says_what_was_wrong_and_what_is_allowed() {
        let problem =
            Problem::new(Kind::UnsupportedType, "text/html is not taken").at("type").allowing(["image/png"]);
        let response = problem.into_response();
        assert_eq!(response.status(), 415);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
    }

    #[test]
    fn faults_are_never_cached_and_refusals_briefly() {
        for kind in Kind::ALL {
            let is_cached = kind.row().caching != Caching::Never;
            assert_eq!(is_cached, !kind.is_fault() && kind != Kind::Conflict, "{kind:?}");
        }
    }
}
