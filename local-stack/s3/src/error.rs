//! What goes wrong in the store: refusals, which clients are told of by S3's codes, and faults.

use std::io;

use s3s::{S3Error, S3ErrorCode};

/// The store can't do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The request is refused by a rule of S3.
    #[error(transparent)]
    Refused(#[from] Refusal),
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
from_index_errors!(
    redb::DatabaseError,
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError
);

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A bucket's name breaks the naming rules.
    #[error("the bucket name is not valid")]
    InvalidBucketName,
    /// No such bucket.
    #[error("the bucket does not exist")]
    NoSuchBucket,
    /// The bucket exists and is the caller's.
    #[error("the bucket exists already and is yours")]
    BucketAlreadyOwnedByYou,
    /// Only an empty bucket can be deleted.
    #[error("the bucket is not empty")]
    BucketNotEmpty,
    /// No such object.
    #[error("the key does not exist")]
    NoSuchKey,
    /// No such version of the object: it was replaced or removed.
    #[error("the version does not exist")]
    NoSuchVersion,
    /// No such multipart upload, or it is over.
    #[error("the upload does not exist: it may have been aborted or completed")]
    NoSuchUpload,
    /// A condition of the request's headers doesn't hold.
    #[error("a precondition does not hold: {0}")]
    PreconditionFailed(&'static str),
    /// The body ended early or is longer than announced.
    #[error("the body is not of the announced length")]
    IncompleteBody,
    /// A chunk's or trailer's signature is wrong.
    #[error("the signature of a chunk of the body is wrong")]
    ChunkSignature,
    /// The body isn't what `x-amz-content-sha256` says.
    #[error("the SHA-256 of the body is not that of x-amz-content-sha256")]
    PayloadHash,
    /// The body has another digest than the request says.
    #[error("the {0} that was given did not match what was received")]
    BadDigest(&'static str),
    /// `Content-MD5` isn't an MD5.
    #[error("the Content-MD5 is not valid")]
    InvalidDigest,
    /// Something in the request can't be understood.
    #[error("{0}")]
    InvalidRequest(String),
    /// A value is outside its range.
    #[error("{0}")]
    InvalidArgument(String),
    /// Over the most that one request may store.
    #[error("the upload exceeds the maximum allowed size of {most} bytes")]
    EntityTooLarge {
        /// The most bytes that are allowed.
        most: u64,
    },
    /// Under the least that may be stored.
    #[error("the upload is smaller than the minimum allowed size of {least} bytes")]
    EntityTooSmall {
        /// The fewest bytes that are allowed.
        least: u64,
    },
    /// A part of the list wasn't uploaded or has another `ETag`.
    #[error("part {0} was not uploaded, or its ETag or checksum differs")]
    InvalidPart(u16),
    /// The list of parts isn't in ascending order.
    #[error("the list of parts is not in ascending order")]
    InvalidPartOrder,
    /// A list of parts without parts.
    #[error("{0}")]
    MalformedXml(&'static str),
    /// A tag breaks the rules.
    #[error("{0}")]
    InvalidTag(&'static str),
    /// A key of more than 1024 bytes.
    #[error("the key is longer than 1024 bytes")]
    KeyTooLong,
    /// Not allowed: a signature, policy or header.
    #[error("{0}")]
    AccessDenied(String),
    /// An access key that isn't the store's.
    #[error("the access key id does not exist")]
    InvalidAccessKeyId,
    /// A signature is wrong.
    #[error("the signature does not match the one computed from the request and the secret key")]
    SignatureDoesNotMatch,
    /// The policy of a form isn't one.
    #[error("the policy is not valid: {0}")]
    InvalidPolicyDocument(String),
    /// The body of a form isn't one.
    #[error("the body is not well-formed multipart/form-data: {0}")]
    MalformedForm(String),
    /// Too much before the file of a form.
    #[error("the form before the file exceeds {most} bytes")]
    FormTooLarge {
        /// The most bytes that are allowed.
        most: usize,
    },
}

impl Refusal {
    /// The one place where a refusal becomes a code of S3.
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
            Self::InvalidPolicyDocument(_) => S3ErrorCode::InvalidPolicyDocument,
            Self::MalformedForm(_) => S3ErrorCode::MalformedPOSTRequest,
            Self::FormTooLarge { .. } => S3ErrorCode::Custom("MaxPostPreDataLengthExceeded".into()),
        }
    }
}

impl From<Refusal> for S3Error {
    fn from(refusal: Refusal) -> Self {
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
            StoreError::Refused(refusal) => refusal.into(),
            StoreError::Index(_) | StoreError::File(_) | StoreError::Record(_) | StoreError::Thread(_) => {
                tracing::error!(error = %error, "the store failed");
                S3Error::with_message(S3ErrorCode::InternalError, "the store failed; its log says why")
            }
        }
    }
}
