//! What the index keeps of buckets, objects and uploads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checksum::{Algorithm, Checksum, Kind};
use super::error::Refusal;

/// Where an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) bucket: String,
    pub(crate) key: String,
}

/// A bucket.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BucketRecord {
    /// When it was made, in milliseconds since 1970.
    pub(crate) created_ms: i64,
}

/// An object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ObjectRecord {
    /// The file of its content.
    pub(crate) blob: String,
    /// Its content's bytes.
    pub(crate) size: u64,
    /// Its `ETag` without quotes.
    pub(crate) etag: String,
    /// When it was written, in milliseconds since 1970.
    pub(crate) modified_ms: i64,
    /// What its writer said of it.
    pub(crate) description: Description,
    /// The checksum that its writer asked for.
    pub(crate) checksum: Option<Checksum>,
}

impl ObjectRecord {
    /// The id of this version: each has a file of its own.
    pub(crate) fn version(&self) -> &str {
        &self.blob
    }

    /// Refuses another version than this one, which alone is kept.
    pub(crate) fn check_version(&self, asked: Option<&str>) -> Result<(), Refusal> {
        if asked.is_none_or(|asked| asked == self.version()) { Ok(()) } else { Err(Refusal::NoSuchVersion) }
    }
}

/// What a writer says of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Description {
    pub(crate) headers: Headers,
    pub(crate) tags: Vec<Tag>,
}

/// The headers that are kept and given back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Headers {
    pub(crate) content_type: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) content_disposition: Option<String>,
    pub(crate) content_encoding: Option<String>,
    pub(crate) content_language: Option<String>,
    /// `Expires`, in seconds since 1970.
    pub(crate) expires_s: Option<i64>,
    /// User metadata, by names without `x-amz-meta-`.
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A tag of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// A multipart upload that is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UploadRecord {
    /// When it began, in milliseconds since 1970.
    pub(crate) initiated_ms: i64,
    /// What the object will be said to be.
    pub(crate) description: Description,
    /// The checksum that every part has.
    pub(crate) checksum: Option<(Algorithm, Kind)>,
}

/// A part of a multipart upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PartRecord {
    /// The file of its content.
    pub(crate) blob: String,
    /// Its content's bytes.
    pub(crate) size: u64,
    /// The MD5 of its content in hexadecimal digits.
    pub(crate) etag: String,
    /// When it was written, in milliseconds since 1970.
    pub(crate) modified_ms: i64,
    /// The checksum of its content.
    pub(crate) checksum: Option<Checksum>,
}
