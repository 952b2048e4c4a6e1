//! One request under a policy: what exactly may be uploaded, and until when.

use std::ops::RangeInclusive;

use contract::caching::Caching;
use contract::key::Key;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::error::{Cause, SignError};
use crate::signing::checksum::Sha256;
use crate::signing::media_type::MediaType;
use crate::signing::metadata::Metadata;
use crate::signing::pending::{pending_document, pending_header};
use crate::signing::policy::{MAX_LIFETIME, S3_MAX_METADATA_BYTES, UploadPolicy};
use crate::signing::request::{UploadMethod, UploadRequest};
use crate::signing::slug::slug;

/// The smallest file, in bytes: an empty one is no media.
const MIN_BYTES: u64 = 1;

/// What a client may upload. The signatures say this and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The upload's id, the second segment of its key.
    pub id: Uuid,
    /// Where the object will lie. No other upload ever has this key.
    pub key: Key,
    /// The type it will be stored and served with.
    pub media_type: MediaType,
    /// How it is sent.
    pub method: UploadMethod,
    /// The sizes that are accepted, in bytes.
    pub bytes: RangeInclusive<u64>,
    /// The checksum that is demanded.
    pub sha256: Option<Sha256>,
    /// What is kept with it.
    pub metadata: Metadata,
    /// The end of the grant, in whole seconds.
    pub expires: Timestamp,
}

impl Grant {
    /// Grants a request, or says which field of it the policy refuses. `id` is a UUID of version 7 that was
    /// never used before; `expires` comes from [`expiry`].
    pub fn new(
        request: UploadRequest,
        policy: &UploadPolicy,
        id: Uuid,
        expires: Timestamp,
    ) -> Result<Self, SignError> {
        check_type(&request.media_type, policy)?;
        check_metadata(&request.metadata, policy)?;
        let bytes = sizes(request.bytes, request.method, policy)?;
        let area = request.visibility.area().segment();
        let name = slug(&request.file_name, &request.media_type);
        let key = Key::parse(&format!("{area}/{id}/{name}")).map_err(|error| {
            SignError::whole(Cause::NotSignable(format!("the key that was made: {error}")))
        })?;
        Ok(Self {
            id,
            key,
            media_type: request.media_type,
            method: request.method,
            bytes,
            sha256: request.sha256,
            metadata: request.metadata,
            expires,
        })
    }

    /// The fields of the form that a POST is bound to, apart from the key.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = vec![
            ("Content-Type".to_owned(), self.media_type.to_string()),
            ("Cache-Control".to_owned(), Caching::Immutable.header()),
            ("tagging".to_owned(), pending_document()),
        ];
        if let Some(sha256) = self.sha256 {
            fields.push(("x-amz-checksum-algorithm".to_owned(), "SHA256".to_owned()));
            fields.push(("x-amz-checksum-sha256".to_owned(), sha256.base64()));
        }
        fields.extend(self.metadata.headers());
        fields
    }

    /// The headers that a PUT is bound to, apart from `host`. A checksum must be among them: as a parameter of
    /// the query S3 passes over it.
    pub fn headers(&self) -> Vec<(String, String)> {
        let mut headers = vec![
            ("content-length".to_owned(), self.bytes.end().to_string()),
            ("content-type".to_owned(), self.media_type.to_string()),
            ("cache-control".to_owned(), Caching::Immutable.header()),
            ("if-none-match".to_owned(), "*".to_owned()),
            ("x-amz-tagging".to_owned(), pending_header()),
        ];
        if let Some(sha256) = self.sha256 {
            headers.push(("x-amz-checksum-sha256".to_owned(), sha256.base64()));
        }
        headers.extend(self.metadata.headers());
        headers
    }
}

/// When what is signed now ends, in whole seconds: after the policy's time, or with the credentials that sign it.
pub fn expiry(
    now: Timestamp,
    policy: &UploadPolicy,
    credentials_end: Option<Timestamp>,
) -> Result<Timestamp, SignError> {
    let lifetime = policy.lifetime.min(MAX_LIFETIME).as_secs();
    let own = whole_seconds(now)
        .checked_add(SignedDuration::from_secs(lifetime.cast_signed()))
        .map_err(|error| SignError::whole(Cause::NotSignable(error.to_string())))?;
    let expires = credentials_end.map_or(own, |end| own.min(whole_seconds(end)));
    if expires > now { Ok(expires) } else { Err(SignError::whole(Cause::CredentialsExpired)) }
}

/// The second that a time lies in: neither a policy nor a query can say more.
pub(crate) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_nanosecond().div_euclid(1_000_000_000) as i64).unwrap_or(time)
}

fn check_type(media_type: &MediaType, policy: &UploadPolicy) -> Result<(), SignError> {
    if policy.allows(media_type) {
        return Ok(());
    }
    let allowed = policy.types.iter().map(ToString::to_string).collect();
    Err(SignError::at("type", Cause::TypeNotAllowed { given: media_type.clone(), allowed }))
}

fn check_metadata(metadata: &Metadata, policy: &UploadPolicy) -> Result<(), SignError> {
    let (bytes, limit) = (metadata.bytes(), policy.max_metadata_bytes.min(S3_MAX_METADATA_BYTES));
    if bytes <= limit {
        return Ok(());
    }
    Err(SignError::at("metadata", Cause::TooMuchMetadata { bytes, limit }))
}

/// Exactly the declared size. Without one a POST may have any up to the limit, for its policy can say a range;
/// the signature of a PUT can't.
fn sizes(
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
