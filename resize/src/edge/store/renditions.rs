//! Finds and removes renditions of videos, which transcoding writes into the bucket of originals.

use aws_sdk_s3::primitives::DateTime;
use bucket::BucketError;
use contract::key::Key;

use super::Store;
use super::error::StoreError;

impl Store {
    /// The time at which an original was written. `None` if it was removed or may not be read.
    pub(crate) async fn original_written(&self, key: &Key) -> Result<Option<DateTime>, StoreError> {
        match self.original_etag(key).await {
            Ok(_) => {}
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        }
        // A list has the time in milliseconds where the storage does, the headers of an object only in seconds.
        let originals = &self.originals;
        let request = originals.client().list_objects_v2().bucket(originals.name());
        let listed = request.prefix(key.as_str()).max_keys(1).send().await.map_err(BucketError::from)?;
        let object = listed.contents().iter().find(|object| object.key() == Some(key.as_str()));
        Ok(object.and_then(|object| object.last_modified().copied()))
    }

    /// The keys of the renditions in a folder that were written before a time, or of all.
    pub(crate) async fn renditions(
        &self,
        folder: &Key,
        written_before: Option<DateTime>,
    ) -> Result<Vec<String>, StoreError> {
        let originals = &self.originals;
        let request = originals.client().list_objects_v2().bucket(originals.name());
        let mut pages = request.prefix(format!("{folder}/")).into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(BucketError::from)?;
            let outdated = page.contents.unwrap_or_default().into_iter().filter(|object| {
                written_before.is_none_or(|time| object.last_modified().is_none_or(|written| *written < time))
            });
            keys.extend(outdated.filter_map(|object| object.key));
        }
        Ok(keys)
    }

    /// Removes renditions.
    pub(crate) async fn delete_renditions(&self, keys: &[String]) -> Result<(), StoreError> {
        Ok(self.originals.remove(keys).await?)
    }
}
