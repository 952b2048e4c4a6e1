//! Errors of the store: errors of the client, which become codes of S3, and faults of the store itself.

use std::io;

use s3s::{S3Error, S3ErrorCode};

/// The reason why the store can't do an operation.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule of S3 refuses the request.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Another process has the store open.
    #[error("another process has it open")]
    InUse,
    /// The index can't be opened, read or written.
    #[error("the index of the store: {0}")]
    Index(Box<redb::Error>),
    /// A file of the store can't be read or written.
    #[error("a file of the store: {0}")]
    File(#[from] io::Error),
    /// A record of the index isn't what this version writes.
    #[error("a record of the store: {0}")]
    Record(#[from] serde_json::Error),
    /// A thread of the store ended early.
    #[error("a thread of the store: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

macro_rules! from_index_errors {
    ($($error:ty),*) => {
        $(impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Index(Box::new(error.into()))
            }
        })*
    };
}
from_index_errors!(redb::TransactionError, redb::TableError, redb::StorageError, redb::CommitError);

impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> Self {
        if matches!(error, redb::Error::DatabaseAlreadyOpen) {
            return Self::InUse;
        }
        Self::Index(Box::new(error))
    }
}

/// The reason why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// A bucket's name breaks the naming rules.
    #[error("the bucket name is not valid")]
    InvalidBucketName,
    /// The bucket doesn't exist.
    #[error("the bucket does not exist")]
    NoSuchBucket,
    /// The bucket exists and belongs to the caller.
    #[error("the bucket exists already and is yours")]
    BucketAlreadyOwnedByYou,
    /// The bucket has objects or uploads, so it can't be deleted.
    #[error("the bucket is not empty")]
    BucketNotEmpty,
    /// The object doesn't exist.
    #[error("the key does not exist")]
    NoSuchKey,
    /// The version doesn't exist: it was replaced or removed.
    #[error("the version does not exist")]
    NoSuchVersion,
    /// The multipart upload doesn't exist, or has ended.
    #[error("the upload does not exist: it may have been aborted or completed")]
    NoSuchUpload,
    /// A condition of the request's headers doesn't hold.
    #[error("a precondition does not hold: {0}")]
    PreconditionFailed(&'static str),
    /// The body ended early or is longer than announced.
    #[error("the body does not have the announced length")]
    IncompleteBody,
    /// A chunk's or trailer's signature is wrong.
    #[error("the signature of a chunk of the body is wrong")]
    ChunkSignature,
    /// The body's SHA-256 isn't the one in `x-amz-content-sha256`.
    #[error("the SHA-256 of the body is not that of x-amz-content-sha256")]
    PayloadHash,
    /// The body's digest isn't the one in the request.
    #[error("the {0} that was given did not match what was received")]
    BadDigest(&'static str),
    /// `Content-MD5` isn't an MD5.
    #[error("the Content-MD5 is not valid")]
    InvalidDigest,
    /// The request is contradictory, or a part of it can't be read.
    #[error("{0}")]
    InvalidRequest(String),
    /// A value is outside its range.
    #[error("{0}")]
    InvalidArgument(String),
    /// The body is larger than allowed.
    #[error("the upload exceeds the maximum allowed size of {max_bytes} bytes")]
    EntityTooLarge {
        /// Maximum size, in bytes.
        max_bytes: u64,
    },
    /// The body, or a part, is smaller than allowed.
    #[error("the upload is smaller than the minimum allowed size of {min_bytes} bytes")]
    EntityTooSmall {
        /// Minimum size, in bytes.
        min_bytes: u64,
    },
    /// A part of the list wasn't uploaded or has another `ETag`.
    #[error("part {0} was not uploaded, or its ETag or checksum differs")]
    InvalidPart(u16),
    /// The list of parts isn't in ascending order.
    #[error("the list of parts is not in ascending order")]
    InvalidPartOrder,
    /// The XML document of the request is incomplete.
    #[error("{0}")]
    MalformedXml(&'static str),
    /// A tag breaks the rules.
    #[error("{0}")]
    InvalidTag(&'static str),
    /// The key has more than 1024 bytes.
    #[error("the key is longer than 1024 bytes")]
    KeyTooLong,
    /// A signature, a policy or a statement doesn't allow the request.
    #[error("{0}")]
    AccessDenied(String),
    /// The access key ID is unknown.
    #[error("the access key id does not exist")]
    InvalidAccessKeyId,
    /// The signature is for another region than the bucket's.
    #[error("the authorization header is malformed; the region '{region}' is wrong; expecting '{expected}'")]
    WrongRegion {
        /// The region of the signature.
        region: String,
        /// The region of the buckets.
        expected: String,
    },
    /// The same for the signature in a query.
    #[error(
        "error parsing the X-Amz-Credential parameter; the region '{region}' is wrong; expecting '{expected}'"
    )]
    WrongRegionInQuery {
        /// The region of the signature.
        region: String,
        /// The region of the buckets.
        expected: String,
    },
    /// The signature is wrong.
    #[error("the signature does not match the one computed from the request and the secret key")]
    SignatureDoesNotMatch,
    /// The policy of a form can't be read.
    #[error("the policy is not valid: {0}")]
    InvalidPolicyDocument(String),
    /// The body of a form can't be read.
    #[error("the body is not well-formed multipart/form-data: {0}")]
    MalformedForm(String),
    /// The fields before the file of a form are too large.
    #[error("the form before the file exceeds {max_bytes} bytes")]
    FormTooLarge {
        /// Maximum size, in bytes.
        max_bytes: usize,
    },
}

impl ClientError {
    /// The code of S3.
    fn code(&self) -> S3ErrorCode {
        match self {
            Self::InvalidBucketName => S3ErrorCode::InvalidBucketName,
            Self::NoSuchBucket => S3ErrorCode::NoSuchBucket,
            Self::BucketAlreadyOwnedByYou => S3ErrorCode::BucketAlreadyOwnedByYou,
            Self::BucketNotEmpty => S3ErrorCode::BucketNotEmpty,
            Self::NoSuchKey => S3ErrorCode::NoSuchKey,
            Self::NoSuchVersion => S3ErrorCode::NoSuchVersion,
            Self::NoSuchUpload => S3ErrorCode::NoSuchUpload,
            Self::PreconditionFailed(_) => S3ErrorCode::PreconditionFailed,
            Self::IncompleteBody => S3ErrorCode::IncompleteBody,
            Self::ChunkSignature | Self::SignatureDoesNotMatch => S3ErrorCode::SignatureDoesNotMatch,
            Self::PayloadHash => S3ErrorCode::Custom("XAmzContentSHA256Mismatch".into()),
            Self::BadDigest(_) => S3ErrorCode::BadDigest,
            Self::InvalidDigest => S3ErrorCode::InvalidDigest,
            Self::InvalidRequest(_) => S3ErrorCode::InvalidRequest,
            Self::InvalidArgument(_) => S3ErrorCode::InvalidArgument,
            Self::EntityTooLarge { .. } => S3ErrorCode::EntityTooLarge,
            Self::EntityTooSmall { .. } => S3ErrorCode::EntityTooSmall,
            Self::InvalidPart(_) => S3ErrorCode::InvalidPart,
            Self::InvalidPartOrder => S3ErrorCode::InvalidPartOrder,
            Self::MalformedXml(_) => S3ErrorCode::MalformedXML,
            Self::InvalidTag(_) => S3ErrorCode::InvalidTag,
            Self::KeyTooLong => S3ErrorCode::KeyTooLongError,
            Self::AccessDenied(_) => S3ErrorCode::AccessDenied,
            Self::InvalidAccessKeyId => S3ErrorCode::InvalidAccessKeyId,
            Self::WrongRegion { .. } => S3ErrorCode::AuthorizationHeaderMalformed,
            Self::WrongRegionInQuery { .. } => S3ErrorCode::AuthorizationQueryParametersError,
            Self::InvalidPolicyDocument(_) => S3ErrorCode::InvalidPolicyDocument,
            Self::MalformedForm(_) => S3ErrorCode::MalformedPOSTRequest,
            Self::FormTooLarge { .. } => S3ErrorCode::Custom("MaxPostPreDataLengthExceeded".into()),
        }
    }
}

impl From<ClientError> for S3Error {
    fn from(refusal: ClientError) -> Self {
        let code = refusal.code();
        let is_custom = matches!(code, S3ErrorCode::Custom(_));
        let mut error = S3Error::with_message(code, refusal.to_string());
        if is_custom {
            error.set_status_code(http::StatusCode::BAD_REQUEST);
        }
        error
    }
}

impl From<StoreError> for S3Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Client(refusal) => refusal.into(),
            StoreError::InUse
            | StoreError::Index(_)
            | StoreError::File(_)
            | StoreError::Record(_)
            | StoreError::Thread(_) => {
                tracing::error!(error = %error, "the store failed");
                S3Error::with_message(S3ErrorCode::InternalError, "the store failed; its log says why")
            }
        }
    }
}
