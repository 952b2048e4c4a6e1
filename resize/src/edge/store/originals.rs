//! Reads originals.

use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use bytes::{Bytes, BytesMut};
use contract::key::Key;
use contract::limits::Limits;

use super::Store;
use super::error::{StoreError, store_error};
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
        let request = self.client.get_object().bucket(&self.originals).key(key.as_str());
        let mut object = request.send().await.map_err(|error| store_error(&error))?;
        let length = object.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0);
        admit_bytes(limits, length)?;
        let etag = object.e_tag().unwrap_or_default().to_owned();
        let mut bytes = BytesMut::with_capacity(length as usize);
        while let Some(chunk) = object.body.next().await {
            bytes.extend_from_slice(&chunk.map_err(|error| StoreError::Unavailable(error.to_string()))?);
            admit_bytes(limits, bytes.len() as u64)?;
        }
        Ok(Original { bytes: bytes.freeze(), etag })
    }

    /// The current entity tag of an original, with its quotes.
    pub(crate) async fn original_etag(&self, key: &Key) -> Result<String, StoreError> {
        Ok(self.head_original(key).await?.e_tag().unwrap_or_default().to_owned())
    }

    /// The current media type of an original.
    pub(crate) async fn original_media_type(&self, key: &Key) -> Result<String, StoreError> {
        Ok(self.head_original(key).await?.content_type().unwrap_or_default().to_owned())
    }

    /// `true` if the original still has this entity tag; `false` if it was replaced or removed.
    pub(super) async fn is_current(&self, key: &Key, etag: &str) -> Result<bool, StoreError> {
        match self.original_etag(key).await {
            Ok(current) => Ok(current == etag),
            Err(StoreError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn head_original(&self, key: &Key) -> Result<HeadObjectOutput, StoreError> {
        let request = self.client.head_object().bucket(&self.originals).key(key.as_str());
        request.send().await.map_err(|error| store_error(&error))
    }
}
