//! Stores and describes variants.

use bucket::{Bucket, BucketError, ByteStream, Condition, put_if};
use bytes::Bytes;
use contract::key::Key;

use super::Store;
use super::error::StoreError;
use crate::edge::variant_metadata::VariantMetadata;
use crate::edge::variant_request::VariantRequest;

/// The name of the user metadata that carries the cache tag; the CDN reads it as `x-amz-meta-cache-tag`.
const CACHE_TAG: &str = "cache-tag";

/// The name of the user metadata with the entity tag of the original, without quotes. It distinguishes variants of the
/// current version from outdated ones.
pub(super) const ORIGINAL_ETAG: &str = "original-etag";

/// The name of the user metadata with the entity tag of the variant's responses, without quotes. It differs from that of the
/// object if it is computed before rendering.
const VARIANT_ETAG: &str = "variant-etag";

/// A stored variant.
#[derive(Debug)]
pub(crate) struct StoredVariant {
    /// Its metadata, with the entity tag of its object.
    pub(crate) metadata: VariantMetadata,
    pub(crate) body: ByteStream,
    /// The entity tag of its responses.
    own_etag: String,
}

impl StoredVariant {
    /// The same variant with the entity tag of its responses.
    pub(crate) fn with_own_etag(self) -> Self {
        let metadata = VariantMetadata { etag: self.own_etag.clone(), ..self.metadata };
        Self { metadata, ..self }
    }
}

/// A stored variant, read completely.
#[derive(Debug)]
pub(crate) struct KeptVariant {
    pub(crate) bytes: Bytes,
    pub(crate) metadata: VariantMetadata,
    /// The entity tag of its original, with quotes.
    pub(crate) original_etag: String,
}

/// The metadata of a stored variant, and the entity tag of its original in quotes, from the SDK's output of `GetObject` or
/// `HeadObject`.
macro_rules! described {
    ($output:expr) => {{
        let output = &$output;
        let user = |name| output.metadata().and_then(|all| all.get(name)).cloned().unwrap_or_default();
        let metadata = VariantMetadata {
            etag: output.e_tag().unwrap_or_default().to_owned(),
            length: output.content_length().and_then(|length| u64::try_from(length).ok()),
            media_type: output.content_type().unwrap_or_default().to_owned(),
            cache_control: output.cache_control().unwrap_or_default().to_owned(),
            disposition: output.content_disposition().unwrap_or_default().to_owned(),
            cache_tag: user(CACHE_TAG),
        };
        (metadata, format!("\"{}\"", user(ORIGINAL_ETAG)))
    }};
}

impl Store {
    fn place_of(&self, request: &VariantRequest) -> Option<(&Bucket, String)> {
        self.place(&request.key, &request.variant.to_string())
    }

    /// The metadata of a stored variant; `None` if it isn't stored.
    pub(crate) async fn variant_metadata(
        &self,
        request: &VariantRequest,
    ) -> Result<Option<VariantMetadata>, StoreError> {
        Ok(self.describe_variant(request).await?.map(|(metadata, _)| metadata))
    }

    /// The metadata of a stored variant; `None` if it isn't stored, or was rendered from an older version of its
    /// original.
    pub(crate) async fn current_variant_metadata(
        &self,
        request: &VariantRequest,
    ) -> Result<Option<VariantMetadata>, StoreError> {
        let Some((metadata, original_etag)) = self.describe_variant(request).await? else { return Ok(None) };
        Ok(self.keep_current(request, &original_etag).await?.then_some(metadata))
    }

    /// A stored variant that was rendered from the current version of its original. `None` if there is none; a variant
    /// of an older version is removed.
    pub(crate) async fn current_variant(
        &self,
        request: &VariantRequest,
    ) -> Result<Option<StoredVariant>, StoreError> {
        let Some((variant, original_etag)) = self.stored_variant(request).await? else { return Ok(None) };
        Ok(self.keep_current(request, &original_etag).await?.then_some(variant))
    }

    /// A stored variant and the entity tag of its original.
    async fn stored_variant(
        &self,
        request: &VariantRequest,
    ) -> Result<Option<(StoredVariant, String)>, StoreError> {
        let Some((variants, object_key)) = self.place_of(request) else { return Ok(None) };
        let object = variants.get(&object_key).send().await;
        let object = match object.map_err(|error| StoreError::from(BucketError::from(error))) {
            Ok(object) => object,
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (metadata, original_etag) = described!(object);
        let own_etag = object.metadata().and_then(|all| all.get(VARIANT_ETAG));
        let own_etag = own_etag.map_or_else(|| metadata.etag.clone(), |etag| format!("\"{etag}\""));
        Ok(Some((StoredVariant { metadata, body: object.body, own_etag }, original_etag)))
    }

    /// A stored variant of the version of its original with the entity tag `original_etag`. `None` if there is none; a variant
    /// of another version is removed.
    pub(crate) async fn variant_of(
        &self,
        request: &VariantRequest,
        original_etag: &str,
    ) -> Result<Option<KeptVariant>, StoreError> {
        let Some((variant, stored_for)) = self.stored_variant(request).await? else { return Ok(None) };
        if stored_for != original_etag {
            self.remove_variant(request).await?;
            return Ok(None);
        }
        let StoredVariant { metadata, body, .. } = variant.with_own_etag();
        let bytes = body.collect().await.map_err(BucketError::from)?.into_bytes();
        Ok(Some(KeptVariant { bytes, metadata, original_etag: stored_for }))
    }

    /// The metadata of a stored variant and the entity tag of its original.
    async fn describe_variant(
        &self,
        request: &VariantRequest,
    ) -> Result<Option<(VariantMetadata, String)>, StoreError> {
        let Some((variants, object_key)) = self.place_of(request) else { return Ok(None) };
        let head = variants.head(&object_key).send().await;
        let head = head.map_err(|error| StoreError::from(BucketError::from(error)));
        match self.unless_inaccessible(head).await {
            Ok(head) => Ok(Some(described!(head))),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `true` if the original still has this entity tag. Otherwise the variant is removed.
    async fn keep_current(&self, request: &VariantRequest, original_etag: &str) -> Result<bool, StoreError> {
        let is_current = self.is_current(&request.key, original_etag).await?;
        if !is_current {
            self.remove_variant(request).await?;
        }
        Ok(is_current)
    }

    async fn remove_variant(&self, request: &VariantRequest) -> Result<(), StoreError> {
        let Some((variants, object_key)) = self.place_of(request) else { return Ok(()) };
        remove(variants, &object_key).await
    }

    /// Stores a variant in such a way that it is removed when its original changes. A variant whose original has been
    /// replaced or removed since it was read isn't stored. After the write the original is compared again, and the
    /// variant is removed if the original has changed meanwhile. In both cases the CDN may keep the response, which is
    /// marked for the second purge. A later change finds the variant in the bucket and removes it.
    pub(crate) async fn put_variant(
        &self,
        request: &VariantRequest,
        original_etag: &str,
        metadata: &VariantMetadata,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        let Some((variants, object_key)) = self.place_of(request) else { return Ok(()) };
        if !self.is_current(&request.key, original_etag).await? {
            return self.mark_outdated(&request.key).await;
        }
        create_variant(variants, &object_key, original_etag, metadata, bytes).await?;
        if !self.is_current(&request.key, original_etag).await? {
            tracing::info!("the original has changed meanwhile: its variant is removed");
            self.mark_outdated(&request.key).await?;
            remove(variants, &object_key).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Marks an original whose variant was rendered from another version than the current one, and isn't stored: the CDN may
    /// keep the response until the second purge.
    pub(crate) async fn mark_if_outdated(&self, key: &Key, original_etag: &str) -> Result<(), StoreError> {
        if self.records.is_none() || self.is_current(key, original_etag).await? {
            return Ok(());
        }
        self.mark_outdated(key).await
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
        .metadata(VARIANT_ETAG, metadata.etag.trim_matches('"'))
        .body(ByteStream::from(bytes));
    put_if(put, Condition::Absent).await?;
    Ok(())
}

async fn remove(variants: &Bucket, object_key: &str) -> Result<(), StoreError> {
    let delete = variants.client().delete_object().bucket(variants.name()).key(object_key);
    delete.send().await.map_err(BucketError::from)?;
    Ok(())
}
