//! Stores and describes variants.

use bucket::{Bucket, BucketError, ByteStream, Condition, put_if};
use bytes::Bytes;

use super::Store;
use super::error::StoreError;
use crate::edge::variant_metadata::VariantMetadata;
use crate::edge::variant_request::VariantRequest;

/// The name of the user metadata that carries the cache tag; the CDN reads it as `x-amz-meta-cache-tag`.
pub const CACHE_TAG: &str = "cache-tag";

/// The name of the user metadata with the entity tag of the original, without quotes. It tells variants of the current
/// version from outdated ones.
pub(super) const ORIGINAL_ETAG: &str = "original-etag";

impl Store {
    /// The metadata of a stored variant; `None` if it isn't stored.
    pub(crate) async fn variant_metadata(
        &self,
        request: &VariantRequest,
    ) -> Result<Option<VariantMetadata>, StoreError> {
        let Some(variants) = &self.variants else { return Ok(None) };
        let head = variants.head(&request.object_key()).send().await;
        match head.map_err(|error| StoreError::from(BucketError::from(error))) {
            Ok(head) => Ok(Some(VariantMetadata {
                etag: head.e_tag().unwrap_or_default().to_owned(),
                length: head.content_length().and_then(|length| u64::try_from(length).ok()),
                media_type: head.content_type().unwrap_or_default().to_owned(),
                cache_control: head.cache_control().unwrap_or_default().to_owned(),
                disposition: head.content_disposition().unwrap_or_default().to_owned(),
                cache_tag: head.metadata().and_then(|m| m.get(CACHE_TAG)).cloned().unwrap_or_default(),
            })),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores a variant so that it doesn't outlive its original. A variant whose original has been replaced or removed
    /// since it was read isn't stored. After the write the original is compared again, and the variant is removed if
    /// the original has changed meanwhile. In both cases the CDN may keep the response, which is marked for the second
    /// purge. A later change finds the variant in the bucket and removes it.
    pub(crate) async fn put_variant(
        &self,
        request: &VariantRequest,
        original_etag: &str,
        metadata: &VariantMetadata,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        let Some(variants) = &self.variants else { return Ok(()) };
        if !self.is_current(&request.key, original_etag).await? {
            return self.mark_outdated(&request.key).await;
        }
        let object_key = request.object_key();
        create_variant(variants, &object_key, original_etag, metadata, bytes).await?;
        if !self.is_current(&request.key, original_etag).await? {
            tracing::info!("the original has changed meanwhile: its variant is removed");
            self.mark_outdated(&request.key).await?;
            let delete = variants.client().delete_object().bucket(variants.name()).key(object_key);
            delete.send().await.map_err(BucketError::from)?;
        }
        Ok(())
    }
}

/// Writes the object, unless another process has written it meanwhile: both rendered the same bytes.
async fn create_variant(
    variants: &Bucket,
    object_key: &str,
    original_etag: &str,
    metadata: &VariantMetadata,
    bytes: Bytes,
) -> Result<(), StoreError> {
    let put = variants
        .put(object_key)
        .content_type(&metadata.media_type)
        .cache_control(&metadata.cache_control)
        .content_disposition(&metadata.disposition)
        .metadata(CACHE_TAG, &metadata.cache_tag)
        .metadata(ORIGINAL_ETAG, original_etag.trim_matches('"'))
        .body(ByteStream::from(bytes));
    put_if(put, Condition::Absent).await?;
    Ok(())
}
