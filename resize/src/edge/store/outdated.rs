//! Finds and removes outdated variants.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use bucket::{Bucket, BucketError, ByteStream};
use contract::key::Key;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use super::Store;
use super::error::StoreError;
use super::variants::ORIGINAL_ETAG;

/// The last segment of a marker's object key, below the original's canonical path in the bucket of variants. It is not a
/// canonical text of a variant, so no request leads to it.
const MARKER: &str = ".outdated";

/// The maximum number of objects in one request for removal (S3's API reference, "`DeleteObjects`").
const MAX_REMOVALS: usize = 1000;

/// Variants whose metadata is read concurrently.
const CONCURRENT_READS: usize = 16;

/// The outdated variants of an original.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OutdatedVariants {
    /// The keys of their objects.
    object_keys: Vec<String>,
    /// `true` if the CDN may keep a variant that isn't stored.
    is_marked: bool,
}

impl OutdatedVariants {
    /// `true` if neither the bucket nor the CDN may have an outdated variant.
    pub(crate) fn is_empty(&self) -> bool {
        self.object_keys.is_empty() && !self.is_marked
    }

    /// `true` if the CDN may keep a variant that isn't stored.
    pub(crate) fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// The number of stored variants.
    pub(crate) fn stored(&self) -> usize {
        self.object_keys.len()
    }
}

impl Store {
    /// The variants of an original that are not of the version with the entity tag `current`, or all if there is no
    /// current version. The versions of stored variants cost a `HeadObject` each.
    pub(crate) async fn outdated_variants(
        &self,
        key: &Key,
        current: Option<&str>,
    ) -> Result<OutdatedVariants, StoreError> {
        let mut outdated = OutdatedVariants { object_keys: Vec::new(), is_marked: false };
        let Some((variants, prefix)) = self.place(key, "") else { return Ok(outdated) };
        let request = variants.client().list_objects_v2().bucket(variants.name()).prefix(&prefix);
        let mut pages = request.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(BucketError::from)?;
            outdated
                .object_keys
                .extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        }
        let listed = outdated.object_keys.len();
        let marker = format!("{prefix}{MARKER}");
        outdated.object_keys.retain(|object_key| *object_key != marker);
        outdated.is_marked = outdated.object_keys.len() < listed;
        if let Some(current) = current {
            let object_keys = std::mem::take(&mut outdated.object_keys);
            let checks = object_keys.into_iter().map(async |object_key| {
                let is_outdated =
                    original_etag(variants, &object_key).await?.is_some_and(|etag| etag != current);
                Ok::<_, StoreError>(is_outdated.then_some(object_key))
            });
            let checked: Vec<_> = stream::iter(checks).buffered(CONCURRENT_READS).try_collect().await?;
            outdated.object_keys = checked.into_iter().flatten().collect();
        }
        Ok(outdated)
    }

    /// Removes outdated variants from the bucket, but not their marker.
    pub(crate) async fn delete_outdated(&self, outdated: &OutdatedVariants) -> Result<(), StoreError> {
        let Some(variants) = &self.variants else { return Ok(()) };
        for some in outdated.object_keys.chunks(MAX_REMOVALS) {
            let objects = some.iter().map(|object_key| ObjectIdentifier::builder().key(object_key).build());
            let objects: Vec<_> = objects.collect::<Result<_, _>>().map_err(BucketError::from)?;
            let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
            let delete = delete.map_err(BucketError::from)?;
            let request = variants.client().delete_objects().bucket(variants.name()).delete(delete);
            let response = request.send().await.map_err(BucketError::from)?;
            if let Some(error) = response.errors().first() {
                return Err(BucketError::from(error).into());
            }
        }
        Ok(())
    }

    /// Stores a marker: the CDN may have an outdated variant of this original until it is invalidated.
    pub(crate) async fn mark_outdated(&self, key: &Key) -> Result<(), StoreError> {
        let Some((variants, marker)) = self.place(key, MARKER) else { return Ok(()) };
        let put = variants.put(&marker).body(ByteStream::from_static(b""));
        put.send().await.map_err(BucketError::from)?;
        Ok(())
    }

    /// Removes the marker of an original whose variants are invalidated.
    pub(crate) async fn unmark_outdated(&self, key: &Key) -> Result<(), StoreError> {
        let Some((variants, marker)) = self.place(key, MARKER) else { return Ok(()) };
        let delete = variants.client().delete_object().bucket(variants.name()).key(marker);
        delete.send().await.map_err(BucketError::from)?;
        Ok(())
    }
}

/// The entity tag of the original of a stored variant. It is empty for an object that isn't a variant of this service, and
/// `None` if the object was removed meanwhile.
async fn original_etag(variants: &Bucket, object_key: &str) -> Result<Option<String>, StoreError> {
    let head = variants.head(object_key).send().await;
    match head.map_err(|error| StoreError::from(BucketError::from(error))) {
        Ok(head) => Ok(Some(
            head.metadata().and_then(|metadata| metadata.get(ORIGINAL_ETAG)).cloned().unwrap_or_default(),
        )),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
