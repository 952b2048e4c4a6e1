//! The errors of the signer.

use std::fmt;

use crate::signing::media_type::MediaType;

/// An error and the field of the request that causes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SignError {
    /// The path of the field, such as `type` or `files[2].metadata.caption`; `None` if no field is at fault.
    pub field: Option<String>,
    /// The cause.
    pub cause: Cause,
}

/// The cause of an error. Its text is for the client, except where a variant is documented as private.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The body is not JSON. Contains the message of the parser.
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// A required field is missing.
    #[error("it is missing")]
    Missing,
    /// The field is unknown.
    #[error("there is no such field")]
    UnknownField,
    /// The field has another JSON type than this.
    #[error("it must be {0}")]
    WrongType(&'static str),
    /// The value is invalid. Contains a sentence for the client.
    #[error("{0}")]
    Invalid(&'static str),
    /// The policy doesn't allow the media type.
    #[error("files of the type {declared} are not accepted")]
    TypeNotAllowed {
        /// The declared type.
        declared: MediaType,
        /// The allowed types and families of types.
        allowed: Vec<String>,
    },
    /// The file is larger than the limit.
    #[error("the file has {bytes} bytes, at most {limit} are allowed")]
    FileTooLarge {
        /// The size of the file in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The request has too many files.
    #[error("{count} files in one request, at most {limit} are allowed")]
    TooManyFiles {
        /// The number of files.
        count: usize,
        /// The maximum number of files.
        limit: usize,
    },
    /// The metadata is too large.
    #[error("its names and values have {bytes} bytes, at most {limit} are allowed")]
    TooMuchMetadata {
        /// The size of names and values in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The form exceeds S3's limit for the part before the file.
    #[error("the form would have {bytes} bytes before its file, S3 allows at most {limit}")]
    FormTooLarge {
        /// The size of that part in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The text is not the number of a part in a file within the limit.
    #[error("'{text}' is not the number of a part: a file within the limit has the parts 1 to {max}")]
    PartNumber {
        /// The text in the request.
        text: String,
        /// The number of the last possible part.
        max: u32,
    },
    /// The client lists another number of parts than S3.
    #[error("parts in the list: {listed}, uploaded parts: {stored}")]
    PartCount {
        /// The number of parts in the client's list.
        listed: usize,
        /// The number of parts that S3 stores.
        stored: usize,
    },
    /// A part is missing, or the client lists another entity tag.
    #[error("part {number} is not the one that was uploaded")]
    PartMismatch {
        /// The number of the part.
        number: u32,
    },
    /// The caller has no permission. Contains a sentence for the client.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The upload doesn't exist. Contains a sentence for the client.
    #[error("{0}")]
    NotFound(&'static str),
    /// The key exists. Contains a sentence for the client.
    #[error("{0}")]
    Conflict(&'static str),
    /// S3 or the token issuer doesn't answer, or refuses the request. Contains a private reason.
    #[error("the storage doesn't answer: {0}")]
    Storage(String),
    /// The signer's credentials have expired, so no signature would be valid.
    #[error("the signer's credentials have expired")]
    CredentialsExpired,
    /// A valid request can't be signed, which is a defect. Contains a private reason.
    #[error("the upload can't be signed: {0}")]
    NotSignable(String),
}

impl SignError {
    /// An error without a field.
    pub fn whole(cause: Cause) -> Self {
        Self { field: None, cause }
    }

    /// A caller without permission, and a sentence for the client.
    #[cfg(feature = "edge")]
    pub(crate) fn forbidden(sentence: &'static str) -> Self {
        Self::whole(Cause::Forbidden(sentence))
    }

    /// An error of a field.
    pub fn at(field: impl Into<String>, cause: Cause) -> Self {
        Self { field: Some(field.into()), cause }
    }

    /// Prefixes the path of the field with `outer`.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        let field = self.field.map_or_else(|| outer.to_owned(), |field| format!("{outer}.{field}"));
        Self { field: Some(field), cause: self.cause }
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.cause),
            None => self.cause.fmt(f),
        }
    }
}
