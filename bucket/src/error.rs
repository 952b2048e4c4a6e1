//! Errors of S3, classified by the HTTP status of the response.

use std::fmt::Debug;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{BuildError, SdkError};
use aws_sdk_s3::primitives::ByteStreamError;

/// Reason why a request to S3 has no result.
#[derive(Debug, thiserror::Error)]
#[error("the storage doesn't answer: {cause}")]
pub struct BucketError {
    kind: ErrorKind,
    cause: String,
}

/// Classes of errors that callers treat differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
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

    fn other(cause: String) -> Self {
        Self { kind: ErrorKind::Other, cause }
    }
}

impl<E: Debug> From<SdkError<E, HttpResponse>> for BucketError {
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let kind = match error.raw_response().map(|response| response.status().as_u16()) {
            Some(403) => ErrorKind::Forbidden,
            Some(404) => ErrorKind::NotFound,
            Some(409) => ErrorKind::Conflict,
            Some(412) => ErrorKind::PreconditionFailed,
            Some(416) => ErrorKind::RangeNotSatisfiable,
            Some(_) | None => ErrorKind::Other,
        };
        Self { kind, cause: format!("{error:?}") }
    }
}

impl From<ByteStreamError> for BucketError {
    fn from(error: ByteStreamError) -> Self {
        Self::other(error.to_string())
    }
}

impl From<BuildError> for BucketError {
    fn from(error: BuildError) -> Self {
        Self::other(format!("{error:?}"))
    }
}

/// The error of one object in the response of `DeleteObjects`.
impl From<&aws_sdk_s3::types::Error> for BucketError {
    fn from(error: &aws_sdk_s3::types::Error) -> Self {
        Self::other(format!("an object isn't removed: {error:?}"))
    }
}

#[cfg(test)]
mod tests {
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
    fn a_request_without_response_is_an_error_of_kind_other() {
        let error: SdkError<GetObjectError, HttpResponse> = SdkError::timeout_error("no answer");
        let error = BucketError::from(error);
        assert_eq!(error.kind(), ErrorKind::Other);
        assert!(error.to_string().starts_with("the storage doesn't answer: TimeoutError"), "{error}");
    }
}
