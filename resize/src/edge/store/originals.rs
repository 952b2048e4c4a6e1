//! Reads originals.

use aws_sdk_s3::types::Object;
use bucket::{BucketError, ObjectVersion};
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

    /// The entity tag of an original, without quotes, also of one that may not be read. `None` if there is no original. The caller
    /// needs the right to list the bucket.
    pub(crate) async fn existing_etag(&self, key: &Key) -> Result<Option<String>, StoreError> {
        let object = self.listed_original(key).await?;
        Ok(object.map(|object| object.e_tag().unwrap_or_default().trim_matches('"').to_owned()))
    }

    /// An original in the list of its bucket.
    pub(super) async fn listed_original(&self, key: &Key) -> Result<Option<Object>, StoreError> {
        let request = self.originals.client().list_objects_v2().bucket(self.originals.name());
        let listed = request.prefix(key.as_str()).max_keys(1).send().await.map_err(BucketError::from)?;
        let objects = listed.contents.unwrap_or_default();
        Ok(objects.into_iter().find(|object| object.key() == Some(key.as_str())))
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
