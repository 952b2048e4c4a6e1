//! Signs the uploads that a request body describes.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use contract::key::Key;
use jiff::Timestamp;
use uuid::{NoContext, Uuid};

use crate::error::{Cause, SignError};
use crate::signing::bucket_endpoint::BucketEndpoint;
use crate::signing::grant::{Grant, expiry};
use crate::signing::policy::UploadPolicy;
use crate::signing::post_policy::PostPolicy;
use crate::signing::presigned_put::presigned_put;
use crate::signing::presigned_upload::{OrderedMap, PresignedUpload, PresignedUploads, SignedValues};
use crate::signing::request::{UploadMethod, UploadRequest, field_of_file};
use crate::signing::request_body::RequestBody;
use crate::signing::sigv4::Scope;

/// Signs uploads for one bucket. The clock and the source of ids are values, so that tests can fix them.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The uploads that are allowed.
    pub policy: UploadPolicy,
    /// The bucket that receives uploads.
    pub bucket: BucketEndpoint,
    /// The credentials that sign.
    pub credentials: Credentials,
    /// The URL of the CDN, without a path or trailing slash.
    pub public_url: String,
    /// The clock.
    pub clock: fn() -> Timestamp,
    /// Creates a new UUID of version 7 for a time.
    pub new_id: fn(Timestamp) -> Uuid,
}

impl Signer {
    /// A signer with the default policy, the system clock and random ids.
    pub fn new(bucket: BucketEndpoint, credentials: Credentials, public_url: &str) -> Self {
        Self {
            policy: UploadPolicy::default(),
            bucket,
            credentials,
            public_url: public_url.trim_end_matches('/').to_owned(),
            clock: Timestamp::now,
            new_id: random_id,
        }
    }

    /// Signs the uploads in the body of `POST /uploads`. A batch is signed completely or not at all.
    pub fn sign_body(&self, body: &[u8]) -> Result<PresignedUploads, SignError> {
        self.sign_checked_body(body, Ok)
    }

    /// The same as [`Self::sign_body`], with a `check` that may refuse or change each request.
    pub fn sign_checked_body(
        &self,
        body: &[u8],
        check: impl Fn(UploadRequest) -> Result<UploadRequest, SignError>,
    ) -> Result<PresignedUploads, SignError> {
        let now = (self.clock)();
        let sign = |request| check(request).and_then(|request| self.sign(request, now));
        match RequestBody::parse(body, self.policy.max_files)? {
            RequestBody::One(request) => sign(request).map(|upload| PresignedUploads::One(Box::new(upload))),
            RequestBody::Batch(requests) => {
                let sign = |(index, request)| {
                    sign(request).map_err(|error| match error.field {
                        Some(_) => error.within(&field_of_file(index)),
                        None => error,
                    })
                };
                let uploads = requests.into_iter().enumerate().map(sign).collect::<Result<_, _>>()?;
                Ok(PresignedUploads::Batch { uploads })
            }
        }
    }

    /// Signs one request.
    pub fn sign(&self, request: UploadRequest, now: Timestamp) -> Result<PresignedUpload, SignError> {
        let scope = self.scope(now);
        let expires = expiry(now, &self.policy, self.credentials_end()?)?;
        let grant = Grant::new(request, &self.policy, (self.new_id)(now), expires)?;
        let (url, values) = match grant.method {
            UploadMethod::Post => self.post(&grant, &scope)?,
            UploadMethod::Put => self.put(&grant, &scope)?,
        };
        Ok(PresignedUpload {
            id: grant.id.to_string(),
            method: grant.method.name(),
            url,
            values,
            expires: grant.expires.to_string(),
            max_size: *grant.bytes.end(),
            public_url: self.public_url(&grant.key),
            key: grant.key.to_string(),
        })
    }

    /// The URL of an object for viewers.
    pub fn public_url(&self, key: &Key) -> String {
        format!("{}{}", self.public_url, key.to_path())
    }

    fn post(&self, grant: &Grant, scope: &Scope<'_>) -> Result<(String, SignedValues), SignError> {
        let policy = PostPolicy {
            bucket: self.bucket.name(),
            key: grant.key.as_str(),
            fields: &grant.fields(),
            bytes: &grant.bytes,
            expires: grant.expires,
        };
        Ok((self.bucket.url().to_owned(), SignedValues::Fields(OrderedMap(policy.sign(scope)?))))
    }

    fn put(&self, grant: &Grant, scope: &Scope<'_>) -> Result<(String, SignedValues), SignError> {
        let headers = grant.headers();
        let url = presigned_put(&self.bucket.object_url(grant.key.as_str()), &headers, grant.expires, scope)?;
        Ok((url, SignedValues::Headers(OrderedMap(headers))))
    }

    /// The credential scope of signatures at a time.
    pub(crate) fn scope(&self, now: Timestamp) -> Scope<'_> {
        Scope { credentials: &self.credentials, region: self.bucket.region(), now }
    }

    /// The expiry of the signer's credentials; `None` if they do not expire.
    pub(crate) fn credentials_end(&self) -> Result<Option<Timestamp>, SignError> {
        let not_signable = |error: jiff::Error| SignError::whole(Cause::NotSignable(error.to_string()));
        self.credentials
            .expiry()
            .map(|end: SystemTime| Timestamp::try_from(end).map_err(not_signable))
            .transpose()
    }
}

/// A UUID of version 7, which sorts by time and has 74 random bits.
fn random_id(now: Timestamp) -> Uuid {
    let seconds = now.as_second().max(0).cast_unsigned();
    let nanoseconds = now.subsec_nanosecond().max(0).cast_unsigned();
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds))
}

#[cfg(test)]
mod tests;
