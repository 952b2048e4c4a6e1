//! Errors of S3, classified by the code in the response's body and by its HTTP status.

use std::error::Error;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStreamError;
use service::cause::innermost;

/// Reason why a request to S3 has no result.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", .kind.sentence())]
pub struct BucketError {
    kind: ErrorKind,
    /// S3's code, such as `NoSuchKey`. `None` without an answer of S3, and for an answer without a body.
    code: Option<String>,
    cause: String,
}

/// Classes of errors that callers treat differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// S3 accepts no request of this client: the credentials are wrong, or there is no such bucket. The operator has to
    /// correct the configuration. The response to `HEAD` has no body, so it never has this class; see
    /// [`crate::Bucket::check_access`].
    Refused,
    /// 403: the caller has no permission. S3 also answers 403 for a missing object if the caller may not list the
    /// bucket.
    Forbidden,
    /// 404: there is no such object or bucket.
    NotFound,
    /// 409: another conditional write of the same key is in progress.
    Conflict,
    /// 412: the object is not in the state that the request requires.
    PreconditionFailed,
    /// 416: the object is shorter than the requested range assumes.
    RangeNotSatisfiable,
    /// Any other status, no response at all, or a request that could not be built.
    Other,
}

impl BucketError {
    /// The class of the error.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// `true` if the answer has a code, so that it is S3's and not that of another server.
    pub(crate) const fn has_code(&self) -> bool {
        self.code.is_some()
    }

    /// `true` if the newest version of the object is a delete marker, which has no tags.
    pub(crate) fn is_delete_marker(&self) -> bool {
        self.code.as_deref() == Some("MethodNotAllowed")
    }

    /// The error for the answer of a server that is not S3.
    pub(crate) fn not_s3(self) -> Self {
        let cause = format!("what answers is not S3 ({}); check the endpoint", self.cause);
        Self { kind: ErrorKind::Refused, cause, ..self }
    }

    fn other(cause: String) -> Self {
        Self { kind: ErrorKind::Other, code: None, cause }
    }
}

/// Advice about an error that every request of this client gets, by its code (S3 API reference, "List of error codes").
/// `AccessDenied` is not among them: S3 also denies a missing object to a caller that may not list the bucket, and an object
/// whose tags don't meet a condition.
fn advice(code: &str) -> Option<&'static str> {
    match code {
        "InvalidAccessKeyId" => Some("check the access key id (AWS_ACCESS_KEY_ID)"),
        "SignatureDoesNotMatch" => Some("check the secret access key (AWS_SECRET_ACCESS_KEY)"),
        "ExpiredToken" | "InvalidToken" | "TokenRefreshRequired" => {
            Some("renew the temporary credentials (AWS_SESSION_TOKEN)")
        }
        "RequestTimeTooSkewed" => Some("correct this machine's clock"),
        "NoSuchBucket" | "InvalidBucketName" => Some("check the bucket's name, the region and the endpoint"),
        "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException" => {
            Some("check the bucket's region")
        }
        "AccountProblem" | "AllAccessDisabled" | "NotSignedUp" => Some("check the AWS account"),
        _ => None,
    }
}

impl ErrorKind {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Refused => "the storage refuses this service",
            Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::PreconditionFailed
            | Self::RangeNotSatisfiable => "the storage refuses a request",
            Self::Other => "the storage doesn't answer",
        }
    }
}

/// What S3 answered, or why there is no answer. The error's own text would have the whole response, with its headers.
fn cause<E: Error + ProvideErrorMetadata + 'static>(error: &SdkError<E, HttpResponse>) -> String {
    match (error.code(), error.raw_response()) {
        (Some(code), _) => format!("{code} ({})", error.message().unwrap_or("without a message")),
        (None, Some(response)) => format!("status {} without a code", response.status().as_u16()),
        (None, None) if matches!(error, SdkError::DispatchFailure(_)) => {
            format!("{}; check the endpoint", innermost(error))
        }
        (None, None) => innermost(error),
    }
}

impl<E: Error + ProvideErrorMetadata + 'static> From<SdkError<E, HttpResponse>> for BucketError {
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let (code, cause) = (error.code().map(str::to_owned), cause(&error));
        if let Some(advice) = code.as_deref().and_then(advice) {
            return Self { kind: ErrorKind::Refused, code, cause: format!("{cause}; {advice}") };
        }
        let kind = match error.raw_response().map(|response| response.status().as_u16()) {
            Some(403) => ErrorKind::Forbidden,
            Some(404) => ErrorKind::NotFound,
            Some(409) => ErrorKind::Conflict,
            Some(412) => ErrorKind::PreconditionFailed,
            Some(416) => ErrorKind::RangeNotSatisfiable,
            Some(_) | None => ErrorKind::Other,
        };
        Self { kind, code, cause }
    }
}

impl From<ByteStreamError> for BucketError {
    fn from(error: ByteStreamError) -> Self {
        Self::other(error.to_string())
    }
}

impl From<BuildError> for BucketError {
    fn from(error: BuildError) -> Self {
        Self::other(error.to_string())
    }
}

/// The error of one object in the response of `DeleteObjects`.
impl From<&aws_sdk_s3::types::Error> for BucketError {
    fn from(error: &aws_sdk_s3::types::Error) -> Self {
        Self::other(format!(
            "an object isn't removed: {} ({})",
            error.code().unwrap_or("no code"),
            error.message().unwrap_or("without a message")
        ))
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::error::ErrorMetadata;
    use aws_sdk_s3::operation::get_object::GetObjectError;
    use aws_sdk_s3::primitives::SdkBody;
    use aws_smithy_runtime_api::http::StatusCode;

    use super::*;

    #[test]
    fn an_error_is_classified_by_its_http_status() {
        let check = |status: u16, expected: ErrorKind| {
            let response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::empty());
            let error = SdkError::service_error(GetObjectError::unhandled("test"), response);
            assert_eq!(BucketError::from(error).kind(), expected, "{status}");
        };
        check(403, ErrorKind::Forbidden);
        check(404, ErrorKind::NotFound);
        check(409, ErrorKind::Conflict);
        check(412, ErrorKind::PreconditionFailed);
        check(416, ErrorKind::RangeNotSatisfiable);
        check(400, ErrorKind::Other);
        check(500, ErrorKind::Other);
        check(503, ErrorKind::Other);
    }

    #[test]
    fn a_code_that_every_request_gets_is_a_refusal_with_advice() {
        let check = |status: u16, code: &str, expected: ErrorKind, advice: &str| {
            let response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::empty());
            let metadata = ErrorMetadata::builder().code(code).message("why").build();
            let error = SdkError::service_error(GetObjectError::generic(metadata), response);
            let error = BucketError::from(error);
            assert_eq!(error.kind(), expected, "{code}");
            assert!(error.to_string().contains(advice), "{error}");
        };
        check(403, "InvalidAccessKeyId", ErrorKind::Refused, "(why); check the access key id");
        check(
            403,
            "SignatureDoesNotMatch",
            ErrorKind::Refused,
            "the storage refuses this service: Signature",
        );
        check(404, "NoSuchBucket", ErrorKind::Refused, "check the bucket's name");
        check(400, "ExpiredToken", ErrorKind::Refused, "AWS_SESSION_TOKEN");
        check(301, "PermanentRedirect", ErrorKind::Refused, "region");
        check(403, "AccessDenied", ErrorKind::Forbidden, "");
        check(404, "NoSuchKey", ErrorKind::NotFound, "");
        check(503, "SlowDown", ErrorKind::Other, "the storage doesn't answer");
    }

    #[test]
    fn a_request_without_response_is_an_error_of_kind_other() {
        let error: SdkError<GetObjectError, HttpResponse> = SdkError::timeout_error("no answer");
        let error = BucketError::from(error);
        assert_eq!(error.kind(), ErrorKind::Other);
        assert_eq!(error.to_string(), "the storage doesn't answer: no answer");
    }
}
