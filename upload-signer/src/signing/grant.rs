//! The exact upload that a policy grants for a request.

use std::ops::RangeInclusive;

use contract::caching::Caching;
use contract::key::Key;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::error::{Cause, SignError};
use crate::signing::checksum::Sha256;
use crate::signing::declared_type::DeclaredType;
use crate::signing::media_type::MediaType;
use crate::signing::metadata::Metadata;
use crate::signing::owner::Owner;
use crate::signing::pending::{pending_document, pending_header};
use crate::signing::policy::{MAX_LIFETIME, S3_MAX_METADATA_BYTES, UploadPolicy};
use crate::signing::request::{UploadMethod, UploadRequest};
use crate::signing::slug::slug;

/// The smallest file in bytes.
const MIN_BYTES: u64 = 1;

/// An upload that a client may perform. Signatures allow exactly this upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The id of the upload, which is the second segment of its key.
    pub id: Uuid,
    /// The key of the object. No other upload gets the same key.
    pub key: Key,
    /// The media type of the file. A form and an upload in parts store its canonical name, a PUT the client's spelling.
    pub declared_type: DeclaredType,
    /// The HTTP method of the upload.
    pub method: UploadMethod,
    /// The accepted sizes in bytes.
    pub bytes: RangeInclusive<u64>,
    /// The checksum that S3 checks.
    pub sha256: Option<Sha256>,
    /// The metadata of the object.
    pub metadata: Metadata,
    /// The owner in the object's tags; `None` for an anonymous caller.
    pub owner: Option<Owner>,
    /// The end of the grant in whole seconds.
    pub expires: Timestamp,
}

impl Grant {
    /// Grants a request, or returns an error at the field that the policy refuses. `id` is a new UUID of version 7;
    /// `expires` comes from [`expiry`].
    pub fn new(
        request: UploadRequest,
        policy: &UploadPolicy,
        id: Uuid,
        expires: Timestamp,
    ) -> Result<Self, SignError> {
        check_type(&request.declared_type.media_type, policy)?;
        check_metadata(&request.metadata, policy)?;
        let bytes = accepted_sizes(request.bytes, request.method, policy)?;
        let area = request.visibility.area().segment();
        let name = slug(&request.file_name, &request.declared_type.media_type);
        let key = Key::parse(&format!("{area}/{id}/{name}")).map_err(|error| {
            SignError::whole(Cause::NotSignable(format!("the new key is invalid: {error}")))
        })?;
        Ok(Self {
            id,
            key,
            declared_type: request.declared_type,
            method: request.method,
            bytes,
            sha256: request.sha256,
            metadata: request.metadata,
            owner: request.owner,
            expires,
        })
    }

    /// The media type under its canonical name.
    pub const fn media_type(&self) -> &MediaType {
        &self.declared_type.media_type
    }

    /// The form fields of a POST, except the key.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = vec![
            ("Content-Type".to_owned(), self.media_type().to_string()),
            ("Cache-Control".to_owned(), Caching::Immutable.header()),
            ("tagging".to_owned(), pending_document(self.owner.as_ref())),
        ];
        if let Some(sha256) = self.sha256 {
            fields.push(("x-amz-checksum-algorithm".to_owned(), "SHA256".to_owned()));
            fields.push(("x-amz-checksum-sha256".to_owned(), sha256.base64()));
        }
        fields.extend(self.metadata.headers());
        fields
    }

    /// The headers of a PUT, except `host`. The checksum must be a header, because S3 ignores it as a query parameter.
    pub fn headers(&self) -> Vec<(String, String)> {
        let mut headers = vec![
            ("content-length".to_owned(), self.bytes.end().to_string()),
            ("content-type".to_owned(), self.declared_type.content_type().to_owned()),
            ("cache-control".to_owned(), Caching::Immutable.header()),
            ("if-none-match".to_owned(), "*".to_owned()),
            ("x-amz-tagging".to_owned(), pending_header(self.owner.as_ref())),
        ];
        if let Some(sha256) = self.sha256 {
            headers.push(("x-amz-checksum-sha256".to_owned(), sha256.base64()));
        }
        headers.extend(self.metadata.headers());
        headers
    }
}

/// The expiry of a signature made now, in whole seconds: after the policy's lifetime, but not after the credentials expire.
pub fn expiry(
    now: Timestamp,
    policy: &UploadPolicy,
    credentials_end: Option<Timestamp>,
) -> Result<Timestamp, SignError> {
    let lifetime = policy.lifetime.min(MAX_LIFETIME).as_secs();
    let policy_end = whole_seconds(now)
        .checked_add(SignedDuration::from_secs(lifetime.cast_signed()))
        .map_err(|error| SignError::whole(Cause::NotSignable(error.to_string())))?;
    let expires = credentials_end.map_or(policy_end, |end| policy_end.min(whole_seconds(end)));
    if expires > now { Ok(expires) } else { Err(SignError::whole(Cause::CredentialsExpired)) }
}

/// A time without its fraction of a second, which neither a POST policy nor a query can express.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_nanosecond().div_euclid(1_000_000_000) as i64).unwrap_or(time)
}

fn check_type(media_type: &MediaType, policy: &UploadPolicy) -> Result<(), SignError> {
    if policy.allows(media_type) {
        return Ok(());
    }
    let allowed = policy.types.iter().map(ToString::to_string).collect();
    Err(SignError::at("type", Cause::TypeNotAllowed { declared: media_type.clone(), allowed }))
}

fn check_metadata(metadata: &Metadata, policy: &UploadPolicy) -> Result<(), SignError> {
    let (bytes, limit) = (metadata.bytes(), policy.max_metadata_bytes.min(S3_MAX_METADATA_BYTES));
    if bytes <= limit {
        return Ok(());
    }
    Err(SignError::at("metadata", Cause::TooMuchMetadata { bytes, limit }))
}

/// Exactly the declared size. Without a declared size, a POST may have any size up to the limit, because a POST policy
/// can contain a range. A PUT needs a declared size, because its signature can't contain a range.
fn accepted_sizes(
    declared: Option<u64>,
    method: UploadMethod,
    policy: &UploadPolicy,
) -> Result<RangeInclusive<u64>, SignError> {
    let limit = policy.byte_limit();
    match (declared, method) {
        (Some(bytes), _) if bytes > limit => Err(SignError::at("size", Cause::FileTooLarge { bytes, limit })),
        (Some(bytes), _) => Ok(bytes..=bytes),
        (None, UploadMethod::Post) => Ok(MIN_BYTES..=limit),
        (None, UploadMethod::Put) => Err(SignError::at("size", Cause::Missing)),
    }
}

#[cfg(test)]
mod tests;
