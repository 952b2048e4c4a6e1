//! Reads of one version of an object, and its tags.

use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::Tagging;

pub use aws_sdk_s3::types::Tag;

use crate::error::{BucketError, ErrorKind};
use crate::handle::Bucket;

/// The key of an object that never exists.
const ABSENT_KEY: &str = "files/.ready";

/// One version of an object, as `HeadObject` describes it. Every read by this value returns the content of this
/// version, or fails: the request names the version id and the entity tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectVersion {
    /// The object's key.
    pub key: String,
    /// The version id. `None` in a bucket without versioning, where another object can replace this one.
    pub version: Option<String>,
    /// The entity tag, with quotes.
    pub etag: String,
    /// The size in bytes.
    pub bytes: u64,
    /// The `Content-Type`; empty if the object has none.
    pub media_type: String,
    /// The time of the last write, in seconds since 1970.
    pub modified_s: i64,
}

impl ObjectVersion {
    /// The entity tag without quotes.
    pub fn unquoted_etag(&self) -> &str {
        self.etag.trim_matches('"')
    }
}

impl Bucket {
    /// Describes an object: the requested version, or the newest one.
    pub async fn object(&self, key: &str, version: Option<&str>) -> Result<ObjectVersion, BucketError> {
        Ok(self.object_and_headers(key, version).await?.0)
    }

    /// The same as [`Self::object`], with the whole response of `HeadObject`.
    pub async fn object_and_headers(
        &self,
        key: &str,
        version: Option<&str>,
    ) -> Result<(ObjectVersion, HeadObjectOutput), BucketError> {
        let head = self.head(key).set_version_id(version.map(str::to_owned)).send().await?;
        // S3 calls the version of an object in a bucket without versioning "null".
        let version = head.version_id().filter(|version| *version != "null").map(str::to_owned);
        let object = ObjectVersion {
            key: key.to_owned(),
            version,
            etag: head.e_tag().unwrap_or_default().to_owned(),
            bytes: head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
            media_type: head.content_type().unwrap_or_default().to_owned(),
            modified_s: head.last_modified().map_or(0, DateTime::secs),
        };
        Ok((object, head))
    }

    /// Reads the first `count` bytes of an object, or all of a shorter one.
    pub async fn first_bytes(&self, object: &ObjectVersion, count: usize) -> Result<Vec<u8>, BucketError> {
        // S3 refuses a range that contains no byte.
        let Some(last) = count.checked_sub(1).filter(|_| object.bytes > 0) else { return Ok(Vec::new()) };
        let mut body = self.read(object, Some(format!("bytes=0-{last}"))).await?;
        let mut bytes = Vec::new();
        while bytes.len() < count
            && let Some(chunk) = body.next().await
        {
            bytes.extend_from_slice(&chunk?);
        }
        bytes.truncate(count);
        Ok(bytes)
    }

    /// Streams the content of an object.
    pub async fn content(&self, object: &ObjectVersion) -> Result<ByteStream, BucketError> {
        self.read(object, None).await
    }

    /// `true` if an object exists, whatever its tags are. The request reads its tags, because permissions to read content may
    /// have conditions on them, which no missing object meets. The caller needs `s3:GetObjectTagging` and the right to list the
    /// bucket: S3 tells only such a caller that an object is missing.
    pub async fn exists(&self, key: &str) -> Result<bool, BucketError> {
        Ok(self.current_tags(key).await?.is_some())
    }

    /// The tags of the current version of an object; `None` if there is none. The caller needs the permissions of
    /// [`Self::exists`].
    pub async fn current_tags(&self, key: &str) -> Result<Option<Vec<Tag>>, BucketError> {
        let request = self.client().get_object_tagging().bucket(self.name()).key(key);
        match request.send().await.map_err(BucketError::from) {
            Ok(tagged) => Ok(Some(tagged.tag_set)),
            Err(error) if error.kind() == ErrorKind::NotFound || error.is_delete_marker() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads the tags of an object.
    pub async fn tags(&self, object: &ObjectVersion) -> Result<Vec<Tag>, BucketError> {
        let request = self.client().get_object_tagging().bucket(self.name()).key(&object.key);
        Ok(request.set_version_id(object.version.clone()).send().await?.tag_set)
    }

    /// Replaces all tags of an object. S3 has no condition for this request: in a bucket without versioning, the tags
    /// may go to an object that has just replaced this one.
    pub async fn set_tags(&self, object: &ObjectVersion, tags: Vec<Tag>) -> Result<(), BucketError> {
        let tagging = Tagging::builder().set_tag_set(Some(tags)).build()?;
        let request = self.client().put_object_tagging().bucket(self.name()).key(&object.key);
        request.set_version_id(object.version.clone()).tagging(tagging).send().await?;
        Ok(())
    }

    /// Checks that S3 accepts this client's requests for the bucket: that it knows the credentials and the bucket. The
    /// request is a `GET`, since the response to `HEAD` has no code. S3 may deny the object to callers that may not
    /// list the bucket, so a denial is not a failure. A denial without a code comes from another server than S3.
    pub async fn check_access(&self) -> Result<(), BucketError> {
        match self.get(ABSENT_KEY).send().await.map_err(BucketError::from) {
            Ok(_) => Ok(()),
            Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Forbidden) => Err(error),
            Err(error) if error.has_code() => Ok(()),
            Err(error) => Err(error.not_s3()),
        }
    }

    async fn read(&self, object: &ObjectVersion, range: Option<String>) -> Result<ByteStream, BucketError> {
        let request = self.get(&object.key).set_version_id(object.version.clone()).if_match(&object.etag);
        Ok(request.set_range(range).send().await?.body)
    }
}
