//! The bucket: reads of videos, conditional writes of claims and status documents.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_s3::types::MetadataDirective;
use bucket::{
    Bucket, BucketError, Condition, ErrorKind, ObjectVersion, S3Config, Tag, Timeouts, client, put_if,
};
use contract::caching::Caching;
use contract::state::{CLEAN, OWNER_TAG, STATE_TAG};

use crate::sniff::FIRST_BYTES;

/// The common timeouts, and 20 seconds for all attempts of an operation. Several operations must fit into the time of
/// a claim.
const TIMEOUTS: Timeouts = Timeouts { operation: Some(Duration::from_secs(20)), ..Timeouts::COMMON };

/// The bucket of videos, claims and status documents.
#[derive(Clone, Debug)]
pub struct Store {
    bucket: Bucket,
}

/// A document with the entity tag of its version.
#[derive(Clone, Debug)]
pub struct StoredDocument {
    /// The text.
    pub text: String,
    /// The entity tag, with quotes.
    pub etag: String,
}

/// A file that was uploaded beside a video.
#[derive(Clone, Debug)]
pub enum FileBeside {
    /// Its content.
    Content(Vec<u8>),
    /// It is larger than allowed.
    TooLarge,
}

/// A document to write.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The key.
    pub key: &'a str,
    /// The `Content-Type`.
    pub media_type: &'a str,
    /// The `Cache-Control`.
    pub caching: Caching,
    /// The content.
    pub text: &'a str,
}

impl Store {
    /// The bucket `name`. No request is sent. The credentials need `s3:ListBucket`, `s3:GetObject` and
    /// `s3:GetObjectTagging`, the latter two also with `Version` if the bucket keeps versions, `s3:PutObject` below
    /// `videos/` and `claims/`, and `s3:DeleteObject` below `videos/`.
    pub fn new(config: &S3Config, name: &str) -> Self {
        Self { bucket: Bucket::new(client(config, TIMEOUTS), name) }
    }

    /// The newest version of an object. `None` if there is no object.
    pub async fn newest(&self, key: &str) -> Result<Option<ObjectVersion>, BucketError> {
        found(self.bucket.object(key, None).await)
    }

    /// The newest version of an object, and its metadata. `None` if there is no object.
    pub async fn newest_with_metadata(
        &self,
        key: &str,
    ) -> Result<Option<(ObjectVersion, BTreeMap<String, String>)>, BucketError> {
        let found = found(self.bucket.object_and_headers(key, None).await)?;
        Ok(found.map(|(object, head)| (object, head.metadata.unwrap_or_default().into_iter().collect())))
    }

    /// `true` if the tags of an object permit serving it.
    pub async fn is_clean(&self, object: &ObjectVersion) -> Result<bool, BucketError> {
        let tags = found(self.bucket.tags(object).await)?.unwrap_or_default();
        Ok(is_clean(&tags))
    }

    /// Reads a file of a video's owner: an object of at most `max_bytes` bytes that is clean, and has the same owner if the
    /// video has one. `None` if there is no such object.
    pub async fn beside(
        &self,
        video: &str,
        key: &str,
        max_bytes: u64,
    ) -> Result<Option<FileBeside>, BucketError> {
        let Some(tags) = self.bucket.current_tags(key).await? else { return Ok(None) };
        let of_video = self.bucket.current_tags(video).await?.unwrap_or_default();
        if !is_clean(&tags) || owner(&tags) != owner(&of_video) {
            return Ok(None);
        }
        let Some(object) = self.newest(key).await? else { return Ok(None) };
        if object.bytes > max_bytes {
            return Ok(Some(FileBeside::TooLarge));
        }
        Ok(Some(FileBeside::Content(self.read_bytes(key).await?)))
    }

    /// The first [`FIRST_BYTES`] of an object, or all of a shorter one. `None` if another object has replaced it.
    pub async fn first_bytes(&self, object: &ObjectVersion) -> Result<Option<Vec<u8>>, BucketError> {
        match self.bucket.first_bytes(object, FIRST_BYTES).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::PreconditionFailed | ErrorKind::RangeNotSatisfiable => {
                    Ok(None)
                }
                ErrorKind::Refused | ErrorKind::Forbidden | ErrorKind::Conflict | ErrorKind::Other => {
                    Err(error)
                }
            },
        }
    }

    /// Reads a document. `None` if there is none.
    pub async fn read(&self, key: &str) -> Result<Option<StoredDocument>, BucketError> {
        let Some(object) = found(self.bucket.get(key).send().await.map_err(BucketError::from))? else {
            return Ok(None);
        };
        let etag = object.e_tag.unwrap_or_default();
        let bytes = object.body.collect().await?.to_vec();
        Ok(Some(StoredDocument { text: String::from_utf8_lossy(&bytes).into_owned(), etag }))
    }

    /// Reads an object of a few megabytes at most. Empty if there is none.
    pub async fn read_bytes(&self, key: &str) -> Result<Vec<u8>, BucketError> {
        let Some(object) = found(self.bucket.get(key).send().await.map_err(BucketError::from))? else {
            return Ok(Vec::new());
        };
        Ok(object.body.collect().await?.to_vec())
    }

    /// Writes a document under a condition. Returns the new entity tag, or `None` if the condition does not hold
    /// because another process was faster.
    pub async fn write_if(
        &self,
        document: &Document<'_>,
        condition: Condition<'_>,
    ) -> Result<Option<String>, BucketError> {
        put_if(self.put(document), condition).await
    }

    /// Writes a document, and replaces any that exists.
    pub async fn overwrite(&self, document: &Document<'_>) -> Result<(), BucketError> {
        self.put(document).send().await?;
        Ok(())
    }

    /// Copies a JPEG file within the bucket.
    pub async fn copy_jpeg(&self, from: &str, to: &str, caching: Caching) -> Result<(), BucketError> {
        let request =
            self.bucket.client().copy_object().copy_source(format!("{}/{from}", self.bucket.name()));
        let request = request.bucket(self.bucket.name()).key(to);
        let request = request.metadata_directive(MetadataDirective::Replace).content_type("image/jpeg");
        request.cache_control(caching.header()).send().await?;
        Ok(())
    }

    /// Lists all keys with a prefix.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>, BucketError> {
        let request = self.bucket.client().list_objects_v2().bucket(self.bucket.name()).prefix(prefix);
        let mut pages = request.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            keys.extend(page?.contents.unwrap_or_default().into_iter().filter_map(|object| object.key));
        }
        Ok(keys)
    }

    /// Removes objects.
    pub async fn remove(&self, keys: &[String]) -> Result<(), BucketError> {
        self.bucket.remove(keys).await
    }

    fn put(
        &self,
        document: &Document<'_>,
    ) -> aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder {
        let Document { key, media_type, caching, text } = document;
        let request = self.bucket.put(key).content_type(*media_type).cache_control(caching.header());
        request.body(text.as_bytes().to_vec().into())
    }
}

fn is_clean(tags: &[Tag]) -> bool {
    tags.iter().any(|tag| tag.key() == STATE_TAG && tag.value() == CLEAN)
}

/// The owner in the tags of an object.
fn owner(tags: &[Tag]) -> Option<&str> {
    tags.iter().find(|tag| tag.key() == OWNER_TAG).map(Tag::value)
}

/// The result of a read. `None` if there is no such object.
fn found<T>(result: Result<T, BucketError>) -> Result<Option<T>, BucketError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
