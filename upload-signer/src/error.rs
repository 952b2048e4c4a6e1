//! Why an upload isn't signed.

use std::fmt;

use crate::signing::media_type::MediaType;

/// A failure, and the field of the request that it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SignError {
    /// The field as a path, such as `type` or `files[2].metadata.caption`; none where no field is at fault.
    pub field: Option<String>,
    /// What is wrong.
    pub cause: Cause,
}

/// What is wrong, in sentences for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The body can't be parsed; holds the parser's words.
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// A field that is needed is absent.
    #[error("it is missing")]
    Missing,
    /// A field that doesn't exist.
    #[error("there is no such field")]
    UnknownField,
    /// Of another JSON type than this.
    #[error("it must be {0}")]
    WrongType(&'static str),
    /// Of the right JSON type, with a value that can't be taken, and the reason.
    #[error("{0}")]
    Invalid(&'static str),
    /// A media type that the policy doesn't take, and what it takes.
    #[error("files of the type {given} are not taken")]
    TypeNotAllowed {
        /// The type that was declared.
        given: MediaType,
        /// The types and families of types that are taken.
        allowed: Vec<String>,
    },
    /// A file larger than the limit, both in bytes.
    #[error("the file has {bytes} bytes, at most {limit} are taken")]
    FileTooLarge {
        /// The size that was declared.
        bytes: u64,
        /// The largest that is taken.
        limit: u64,
    },
    /// More files in one request than are taken.
    #[error("{count} files in one request, at most {limit} are taken")]
    TooManyFiles {
        /// How many.
        count: usize,
        /// The most that are taken.
        limit: usize,
    },
    /// Names and values of the metadata add up to more bytes than are taken.
    #[error("its names and values have {bytes} bytes, at most {limit} are taken")]
    TooMuchMetadata {
        /// How many.
        bytes: usize,
        /// The most that are taken.
        limit: usize,
    },
    /// The form would have more bytes before its file than S3 takes.
    #[error("the form would have {bytes} bytes before its file, S3 takes at most {limit}")]
    FormTooLarge {
        /// How many.
        bytes: usize,
        /// The most that S3 takes.
        limit: usize,
    },
    /// A part that a file within the limit can't have.
    #[error("'{given}' is no number of a part: a file within the limit has the parts 1 to {most}")]
    PartNumber {
        /// What was given.
        given: String,
        /// The last part that is signed.
        most: u32,
    },
    /// Not the parts that were uploaded.
    #[error("{claimed} are named and {stored} were uploaded")]
    PartCount {
        /// How many the client names.
        claimed: usize,
        /// How many S3 has.
        stored: usize,
    },
    /// A part is missing or another than the client says.
    #[error("part {number} is not the one that was uploaded")]
    PartMismatch {
        /// Which.
        number: u32,
    },
    /// What the client shows doesn't allow this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// There is nothing of the kind.
    #[error("{0}")]
    NotFound(&'static str),
    /// Something is there already.
    #[error("{0}")]
    Conflict(&'static str),
    /// S3, or the issuer of tokens, doesn't answer or refuses; holds the private reason.
    #[error("the storage doesn't answer: {0}")]
    Storage(String),
    /// The signer's own credentials are at their end: nothing that they sign would be valid.
    #[error("the signer's credentials have expired")]
    CredentialsExpired,
    /// A defect: what should always be possible to sign isn't; holds the private reason.
    #[error("the upload can't be signed: {0}")]
    NotSignable(String),
}

impl SignError {
    /// A failure that no field is to blame for.
    pub fn whole(cause: Cause) -> Self {
        Self { field: None, cause }
    }

    /// A failure of a field.
    pub fn at(field: impl Into<String>, cause: Cause) -> Self {
        Self { field: Some(field.into()), cause }
    }

    /// The same failure seen from outside: the field lies within `outer`.
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
