//! Finds and removes outdated variants.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use bucket::{Bucket, BucketError, ByteStream};
use contract::key::Key;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use super::Store;
use super::error::StoreError;
use super::variants::ORIGINAL_ETAG;

/// The prefix of marks, in the bucket of records. Like that of records, it is not an area of originals.
pub const MARK_PREFIX: &str = "outdated/";

/// The maximum number of objects in one request for removal (S3's API reference, "`DeleteObjects`").
const MAX_REMOVALS: usize = 1000;

/// Variants whose metadata is read concurrently.
const CONCURRENT_READS: usize = 16;

/// The outdated variants of an original.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OutdatedVariants {
    /// The keys of their objects.
    object_keys: Vec<String>,
    /// The keys of marks: the CDN may keep a variant that isn't stored.
    marks: Vec<String>,
}

impl OutdatedVariants {
    /// `true` if neither the bucket nor the CDN may have an outdated variant.
    pub(crate) fn is_empty(&self) -> bool {
        self.object_keys.is_empty() && self.marks.is_empty()
    }

    /// `true` if the CDN may keep a variant that isn't stored.
    pub(crate) fn is_marked(&self) -> bool {
        !self.marks.is_empty()
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
        let marks = keys_below(self.records.as_ref(), &mark_prefix(key)).await?;
        let mut outdated = OutdatedVariants { object_keys: Vec::new(), marks };
        let Some((variants, prefix)) = self.place(key, "") else { return Ok(outdated) };
        outdated.object_keys = keys_below(Some(variants), &prefix).await?;
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

    /// Removes outdated variants from the bucket, but not their marks.
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

    /// Stores a mark: the CDN may have an outdated variant of this original until it is invalidated.
    pub(crate) async fn mark_outdated(&self, key: &Key) -> Result<(), StoreError> {
        let Some(records) = &self.records else { return Ok(()) };
        let put = records.put(&mark(key)).body(ByteStream::from_static(b""));
        put.send().await.map_err(BucketError::from)?;
        Ok(())
    }

    /// Removes the marks of an original whose variants are invalidated: those that were found, and that of
    /// [`Self::mark_outdated`].
    pub(crate) async fn unmark_outdated(
        &self,
        key: &Key,
        outdated: &OutdatedVariants,
    ) -> Result<(), StoreError> {
        let Some(records) = &self.records else { return Ok(()) };
        let own = mark(key);
        let mut marks = outdated.marks.clone();
        if !marks.contains(&own) {
            marks.push(own);
        }
        Ok(records.remove(&marks).await?)
    }
}

/// The keys of all objects below a prefix.
async fn keys_below(bucket: Option<&Bucket>, prefix: &str) -> Result<Vec<String>, StoreError> {
    let Some(bucket) = bucket else { return Ok(Vec::new()) };
    let request = bucket.client().list_objects_v2().bucket(bucket.name()).prefix(prefix);
    let mut pages = request.into_paginator().send();
    let mut keys = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(BucketError::from)?;
        keys.extend(page.contents.unwrap_or_default().into_iter().filter_map(|object| object.key));
    }
    Ok(keys)
}

/// The prefix of the marks of an original, or of all originals in a folder.
fn mark_prefix(key: &Key) -> String {
    format!("{MARK_PREFIX}{key}/")
}

/// The key of an original's mark. No segment of a key has this name, so the mark of a file isn't that of a folder.
fn mark(key: &Key) -> String {
    format!("{}.mark", mark_prefix(key))
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
