//! What keeping variants in step with their originals asks of the buckets.

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use contract::key::Key;

use super::{Store, StoreError, failure, status};

/// The name, below a source's key, of the note that says which version of the source was seen. It is no
/// canonical text of a variant, so no request leads to it.
const SEEN: &str = ".seen";

/// What is noted of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The entity tag of the version that was seen last.
    pub etag: String,
    /// Whether it took the place of another.
    pub is_replacement: bool,
}

/// The name of the user metadata that tells a note of a replacement.
const REPLACEMENT: &str = "replacement";

impl Store {
    /// The media type of an original as it is now.
    pub async fn media_type(&self, key: &Key) -> Result<String, StoreError> {
        Ok(self.head(key).await?.content_type().unwrap_or_default().to_owned())
    }

    /// What was noted of a source; none where it wasn't seen before.
    pub async fn seen(&self, key: &Key) -> Result<Option<Seen>, StoreError> {
        let Some(variants) = &self.variants else { return Ok(None) };
        let request = self.client.get_object().bucket(variants).key(format!("{key}/{SEEN}"));
        let note = match request.send().await.map_err(|error| failure(&error)) {
            Ok(note) => note,
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_replacement = note.metadata().is_some_and(|metadata| metadata.contains_key(REPLACEMENT));
        let etag = note.body.collect().await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let etag = String::from_utf8_lossy(&etag.into_bytes()).into_owned();
        Ok(Some(Seen { etag, is_replacement }))
    }

    /// Notes that a source was seen for the first time. False where it was noted meanwhile.
    pub async fn note_first(&self, key: &Key, etag: &str) -> Result<bool, StoreError> {
        let Some(note) = self.note(key, etag) else { return Ok(true) };
        match note.if_none_match("*").send().await {
            Ok(_) => Ok(true),
            Err(error) if matches!(status(&error), Some(409 | 412)) => Ok(false),
            Err(error) => Err(failure(&error)),
        }
    }

    /// Notes that a source took the place of another.
    pub async fn note_replacement(&self, key: &Key, etag: &str) -> Result<(), StoreError> {
        let Some(note) = self.note(key, etag) else { return Ok(()) };
        note.metadata(REPLACEMENT, "yes").send().await.map(drop).map_err(|error| failure(&error))
    }

    /// The request that notes a version of a source; none where there is no bucket for variants.
    fn note(&self, key: &Key, etag: &str) -> Option<PutObjectFluentBuilder> {
        let request = self.client.put_object().bucket(self.variants.as_ref()?).key(format!("{key}/{SEEN}"));
        Some(request.body(ByteStream::from(etag.as_bytes().to_vec())))
    }

    /// Removes all that is kept below a source's key; how many objects it was. A thousand a request.
    pub async fn delete_variants(&self, key: &Key) -> Result<usize, StoreError> {
        let Some(variants) = &self.variants else { return Ok(0) };
        let request = self.client.list_objects_v2().bucket(variants).prefix(format!("{key}/"));
        let mut pages = request.into_paginator().send();
        let mut removed = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure(&error))?;
            let names = page.contents().iter().filter_map(|object| object.key());
            let objects: Vec<_> = names
                .map(|name| ObjectIdentifier::builder().key(name).build())
                .collect::<Result<_, _>>()
                .map_err(|error| StoreError::Unavailable(error.to_string()))?;
            if objects.is_empty() {
                continue;
            }
            let count = objects.len();
            let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
            let delete = delete.map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let request = self.client.delete_objects().bucket(variants).delete(delete);
            let answer = request.send().await.map_err(|error| failure(&error))?;
            if let Some(error) = answer.errors().first() {
                return Err(StoreError::Unavailable(format!("an object isn't removed: {error:?}")));
            }
            removed += count;
        }
        Ok(removed)
    }
}
