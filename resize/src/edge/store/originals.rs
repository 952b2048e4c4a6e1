//! Reads originals.

use bucket::{BucketError, ErrorKind, ObjectVersion};
use bytes::{Bytes, BytesMut};
use contract::key::Key;
use contract::limits::Limits;

use super::Store;
use super::error::StoreError;
use crate::source::admission::admit_bytes;

/// An original, read completely.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    /// The file.
    pub(crate) bytes: Bytes,
    /// A strong entity tag with its quotes.
    pub(crate) etag: String,
}

impl Store {
    /// Reads an original. Fails before reading it if its length exceeds the limit.
    pub(crate) async fn original(&self, key: &Key, limits: &Limits) -> Result<Original, StoreError> {
        let mut object = self.originals.get(key.as_str()).send().await.map_err(BucketError::from)?;
        let length = object.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0);
        admit_bytes(limits, length)?;
        let etag = object.e_tag().unwrap_or_default().to_owned();
        let mut bytes = BytesMut::with_capacity(length as usize);
        while let Some(chunk) = object.body.next().await {
            bytes.extend_from_slice(&chunk.map_err(BucketError::from)?);
            admit_bytes(limits, bytes.len() as u64)?;
        }
        Ok(Original { bytes: bytes.freeze(), etag })
    }

    /// The current entity tag of an original, with its quotes.
    pub(crate) async fn original_etag(&self, key: &Key) -> Result<String, StoreError> {
        Ok(self.describe_original(key).await?.etag)
    }

    /// `true` if an original exists, whatever its state is. The caller needs the right to list the bucket: S3 tells only such a
    /// caller a missing object (404) from one that it may not read (403).
    pub(crate) async fn has_original(&self, key: &Key) -> Result<bool, StoreError> {
        match self.originals.object(key.as_str(), None).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Forbidden => Ok(true),
            Err(error) => match self.unless_inaccessible::<()>(Err(error.into())).await {
                Err(StoreError::NotFound) => Ok(false),
                other => other.map(|()| true),
            },
        }
    }

    /// The current media type of an original.
    pub(crate) async fn original_media_type(&self, key: &Key) -> Result<String, StoreError> {
        Ok(self.describe_original(key).await?.media_type)
    }

    /// `true` if the original still has this entity tag; `false` if it was replaced or removed.
    pub(super) async fn is_current(&self, key: &Key, etag: &str) -> Result<bool, StoreError> {
        match self.original_etag(key).await {
            Ok(current) => Ok(current == etag),
            Err(StoreError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The result of a `HEAD` request. Its response has no body, so a missing object looks the same as a missing bucket
    /// or unknown credentials. The check of access distinguishes them.
    pub(super) async fn unless_inaccessible<T>(
        &self,
        result: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if matches!(result, Err(StoreError::NotFound)) {
            self.access().result().await?;
        }
        result
    }

    async fn describe_original(&self, key: &Key) -> Result<ObjectVersion, StoreError> {
        let described = self.originals.object(key.as_str(), None).await.map_err(StoreError::from);
        self.unless_inaccessible(described).await
    }
}
