//! Stores, describes and removes variants.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use bucket::{Bucket, BucketError, ByteStream, Condition, put_if};
use bytes::Bytes;
use contract::key::Key;

use super::Store;
use super::error::StoreError;
use crate::edge::variant_metadata::VariantMetadata;
use crate::edge::variant_request::VariantRequest;

/// The name of the user metadata that carries the cache tag; the CDN reads it as `x-amz-meta-cache-tag`.
pub const CACHE_TAG: &str = "cache-tag";

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
    /// the original has changed meanwhile. A later change finds the variant in the bucket and removes it.
    pub(crate) async fn put_variant(
        &self,
        request: &VariantRequest,
        original_etag: &str,
        metadata: &VariantMetadata,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        let Some(variants) = &self.variants else { return Ok(()) };
        if !self.is_current(&request.key, original_etag).await? {
            return Ok(());
        }
        let object_key = request.object_key();
        create_variant(variants, &object_key, metadata, bytes).await?;
        if !self.is_current(&request.key, original_etag).await? {
            tracing::info!("the original has changed meanwhile: its variant is removed");
            let delete = variants.client().delete_object().bucket(variants.name()).key(object_key);
            delete.send().await.map_err(BucketError::from)?;
        }
        Ok(())
    }

    /// Removes every object below an original's key and returns their number. S3 lists and removes up to 1000 objects
    /// per request.
    pub(crate) async fn delete_variants(&self, key: &Key) -> Result<usize, StoreError> {
        let Some(variants) = &self.variants else { return Ok(0) };
        let request = variants.client().list_objects_v2().bucket(variants.name()).prefix(format!("{key}/"));
        let mut pages = request.into_paginator().send();
        let mut removed = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(BucketError::from)?;
            let object_keys = page.contents().iter().filter_map(|object| object.key());
            let objects: Vec<_> = object_keys
                .map(|object_key| ObjectIdentifier::builder().key(object_key).build())
                .collect::<Result<_, _>>()
                .map_err(BucketError::from)?;
            if objects.is_empty() {
                continue;
            }
            let count = objects.len();
            let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
            let delete = delete.map_err(BucketError::from)?;
            let request = variants.client().delete_objects().bucket(variants.name()).delete(delete);
            let response = request.send().await.map_err(BucketError::from)?;
            if let Some(error) = response.errors().first() {
                return Err(BucketError::from(error).into());
            }
            removed += count;
        }
        Ok(removed)
    }
}

/// Writes the object, unless another process has written it meanwhile: both rendered the same bytes.
async fn create_variant(
    variants: &Bucket,
    object_key: &str,
    metadata: &VariantMetadata,
    bytes: Bytes,
) -> Result<(), StoreError> {
    let put = variants
        .put(object_key)
        .content_type(&metadata.media_type)
        .cache_control(&metadata.cache_control)
        .content_disposition(&metadata.disposition)
        .metadata(CACHE_TAG, &metadata.cache_tag)
        .body(ByteStream::from(bytes));
    put_if(put, Condition::Absent).await?;
    Ok(())
}
