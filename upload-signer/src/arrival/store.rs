//! The bucket of uploads, for the finaliser and for the status of an upload.

use aws_sdk_s3::types::{MetadataDirective, TaggingDirective};
use bucket::{Bucket, BucketError, ByteStream, ErrorKind, ObjectVersion, S3Config, Tag, Timeouts, client};
use contract::key::Key;
use contract::state::OWNER_TAG;
use percent_encoding::utf8_percent_encode;

use crate::arrival::inspection::INSPECTED_BYTES;
use crate::arrival::state::{UploadState, is_of_state};
use crate::signing::bucket_endpoint::ESCAPED;
use crate::signing::media_type::MediaType;
use crate::signing::owner::Owner;

/// The S3 and the bucket of uploads.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The S3. The credentials need `s3:ListBucket`, `s3:GetObject` and `s3:GetObjectTagging`, and for the finaliser
    /// `s3:PutObjectTagging`, each also with `Version` if the bucket keeps versions, and `s3:PutObject`.
    pub s3: S3Config,
    /// The bucket's name.
    pub bucket: String,
}

/// The maximum number of replacements during one read of an object and its tags.
const MAX_REPLACEMENTS: usize = 3;

/// The bucket of uploads.
#[derive(Clone, Debug)]
pub struct Store {
    bucket: Bucket,
}

/// The newest version of an object.
#[derive(Clone, Debug)]
pub struct NewestVersion {
    /// The object.
    pub object: ObjectVersion,
    /// The state in its tags; `None` if no tag contains it.
    pub state: Option<UploadState>,
    /// The owner in its tags; `None` for a file of an anonymous caller, and for one that the signer did not sign.
    pub owner: Option<Owner>,
}

fn state_of(tags: &[Tag]) -> Option<UploadState> {
    UploadState::from_tags(tags.iter().map(|tag| (tag.key(), tag.value())))
}

/// The errors of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The object or this version of it doesn't exist.
    #[error("the object was removed or replaced")]
    Gone,
    /// S3 does not answer or refuses the request.
    #[error(transparent)]
    Unavailable(BucketError),
}

impl From<BucketError> for StoreError {
    fn from(error: BucketError) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::PreconditionFailed | ErrorKind::RangeNotSatisfiable => {
                Self::Gone
            }
            ErrorKind::Refused | ErrorKind::Forbidden | ErrorKind::Conflict | ErrorKind::Other => {
                Self::Unavailable(error)
            }
        }
    }
}

impl Store {
    /// The bucket of a configuration. No request is sent.
    pub fn new(config: &StoreConfig) -> Self {
        Self { bucket: Bucket::new(client(&config.s3, Timeouts::COMMON), &config.bucket) }
    }

    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        self.bucket.name()
    }

    /// Describes an object: the requested version, or the newest one.
    pub async fn object(&self, key: &str, version: Option<&str>) -> Result<ObjectVersion, StoreError> {
        Ok(self.bucket.object(key, version).await?)
    }

    /// The same as [`Self::object`], with the other headers that S3 stores with the object: names in lower case and
    /// values.
    pub async fn object_and_headers(
        &self,
        key: &str,
        version: Option<&str>,
    ) -> Result<(ObjectVersion, Vec<(&'static str, String)>), StoreError> {
        let (object, head) = self.bucket.object_and_headers(key, version).await?;
        let headers = [
            ("cache-control", head.cache_control),
            ("content-encoding", head.content_encoding),
            ("content-disposition", head.content_disposition),
            ("content-language", head.content_language),
            ("expires", head.expires_string),
            ("x-amz-website-redirect-location", head.website_redirect_location),
        ];
        let stored = headers.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Ok((object, stored.filter(|(_, value)| !value.is_empty()).collect()))
    }

    /// The key of the first object with a prefix.
    pub async fn first_below(&self, prefix: &str) -> Result<Option<String>, StoreError> {
        let request = self.bucket.client().list_objects_v2().bucket(self.bucket.name()).prefix(prefix);
        let listed = request.max_keys(1).send().await.map_err(BucketError::from)?;
        Ok(listed.contents.unwrap_or_default().into_iter().next().and_then(|object| object.key))
    }

    /// The keys and entity tags of the objects with a prefix, in the order of their keys: a page of up to 1,000 after the key
    /// `after`. The tags have quotes.
    pub async fn page_after(&self, prefix: &str, after: &str) -> Result<Vec<(String, String)>, StoreError> {
        let request = self.bucket.client().list_objects_v2().bucket(self.bucket.name()).prefix(prefix);
        let listed = request.start_after(after).send().await.map_err(BucketError::from)?;
        let objects = listed.contents.unwrap_or_default().into_iter();
        Ok(objects.filter_map(|object| Some((object.key?, object.e_tag.unwrap_or_default()))).collect())
    }

    /// Reads the first [`INSPECTED_BYTES`] of an object, or all of a shorter one.
    pub async fn first_bytes(&self, object: &ObjectVersion) -> Result<Vec<u8>, StoreError> {
        Ok(self.bucket.first_bytes(object, INSPECTED_BYTES).await?)
    }

    /// Removes an object. In a bucket with versions, S3 hides it behind a delete marker.
    pub async fn remove(&self, key: &Key) -> Result<(), StoreError> {
        Ok(self.bucket.remove(&[key.as_str().to_owned()]).await?)
    }

    /// Streams the content of an object.
    pub async fn content(&self, object: &ObjectVersion) -> Result<ByteStream, StoreError> {
        Ok(self.bucket.content(object).await?)
    }

    /// The state in an object's tags. `None` if no tag contains a state.
    pub async fn state(&self, object: &ObjectVersion) -> Result<Option<UploadState>, StoreError> {
        Ok(state_of(&self.bucket.tags(object).await?))
    }

    /// The newest version of an object, with the state and the owner in its tags. An object that is replaced between the
    /// two requests, as [`Self::retype`] does, is read again.
    ///
    /// S3 denies a missing object to a caller that may list the bucket only below prefixes, as the signer may: the caller then
    /// looks for the key in a listing.
    pub async fn newest(&self, key: &str) -> Result<NewestVersion, StoreError> {
        let mut replacements = 0;
        loop {
            let object = match self.object(key, None).await {
                Err(StoreError::Unavailable(error)) if error.kind() == ErrorKind::Forbidden => {
                    let is_there = self.first_below(key).await?.is_some_and(|first| first == key);
                    return Err(if is_there { StoreError::Unavailable(error) } else { StoreError::Gone });
                }
                object @ (Ok(_) | Err(_)) => object?,
            };
            match self.bucket.tags(&object).await.map_err(StoreError::from) {
                Err(StoreError::Gone) if replacements < MAX_REPLACEMENTS => replacements += 1,
                tags => {
                    let tags = tags?;
                    let owner = tags.iter().find(|tag| tag.key() == OWNER_TAG);
                    let owner = owner.map(|tag| Owner::from_tag(tag.value()));
                    return Ok(NewestVersion { object, state: state_of(&tags), owner });
                }
            }
        }
    }

    /// Writes the state into an object's tags and keeps all other tags. S3 has no condition for this request: in a
    /// bucket without versioning, the tags may go to an object that has just replaced this one.
    pub async fn set_state(&self, object: &ObjectVersion, state: &UploadState) -> Result<(), StoreError> {
        let tags = self.tags_with(object, state).await?;
        Ok(self.bucket.set_tags(object, tags).await?)
    }

    /// Replaces the newest version of an object by a copy with another type and the state; everything else stays. Returns
    /// `false`, and copies nothing, if the object isn't the newest version. S3 has no other way to change a type.
    pub async fn retype(
        &self,
        object: &ObjectVersion,
        media_type: &MediaType,
        state: &UploadState,
    ) -> Result<bool, StoreError> {
        let newest = self.bucket.head(&object.key).send().await.map_err(BucketError::from)?;
        let is_newest = newest.e_tag() == Some(&object.etag)
            && object.version.as_deref().is_none_or(|version| newest.version_id() == Some(version));
        if !is_newest {
            return Ok(false);
        }
        let escaped = |text: &str| utf8_percent_encode(text, &ESCAPED).to_string();
        let tags = self.tags_with(object, state).await?;
        let tags: Vec<String> =
            tags.iter().map(|tag| format!("{}={}", escaped(tag.key()), escaped(tag.value()))).collect();
        let copy = self.bucket.client().copy_object().bucket(self.bucket.name()).key(&object.key);
        copy.copy_source(format!("{}/{}", self.bucket.name(), escaped(&object.key)))
            .copy_source_if_match(&object.etag)
            .metadata_directive(MetadataDirective::Replace)
            .content_type(media_type.as_str())
            .set_cache_control(newest.cache_control)
            .set_metadata(newest.metadata)
            .tagging_directive(TaggingDirective::Replace)
            .tagging(tags.join("&"))
            .send()
            .await
            .map_err(BucketError::from)?;
        Ok(true)
    }

    /// The tags of an object with another state.
    async fn tags_with(&self, object: &ObjectVersion, state: &UploadState) -> Result<Vec<Tag>, StoreError> {
        let mut tags = self.bucket.tags(object).await?;
        tags.retain(|tag| !is_of_state(tag.key()));
        for (key, value) in state.tags() {
            tags.push(Tag::builder().key(key).value(value).build().map_err(BucketError::from)?);
        }
        Ok(tags)
    }
}
