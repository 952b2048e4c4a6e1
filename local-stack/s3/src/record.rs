//! The records of the index. Their fields are the JSON of the data folder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checksum::{Algorithm, Checksum, ChecksumScope};
use super::cors_rule::CorsRule;
use super::error::ClientError;

/// The bucket and key of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectPath {
    pub(crate) bucket: String,
    pub(crate) key: String,
}

/// A bucket.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BucketRecord {
    /// Time of its creation, in milliseconds since 1970.
    pub(crate) created_ms: i64,
    /// Its CORS rules. `None` opens it to pages of any origin.
    #[serde(default)]
    pub(crate) cors: Option<Vec<CorsRule>>,
}

/// An object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ObjectRecord {
    /// Name of the file with its content.
    pub(crate) blob: String,
    /// Size of its content, in bytes.
    pub(crate) size: u64,
    /// Its `ETag` without quotes.
    pub(crate) etag: String,
    /// Time of the write, in milliseconds since 1970.
    pub(crate) modified_ms: i64,
    /// Its headers and tags.
    pub(crate) description: Description,
    /// The checksum that its writer asked for.
    pub(crate) checksum: Option<Checksum>,
}

impl ObjectRecord {
    /// The version's ID: the name of its file.
    pub(crate) fn version(&self) -> &str {
        &self.blob
    }

    /// Refuses a version other than this one. The store keeps only the newest.
    pub(crate) fn check_version(&self, version: Option<&str>) -> Result<(), ClientError> {
        if version.is_none_or(|version| version == self.version()) {
            Ok(())
        } else {
            Err(ClientError::NoSuchVersion)
        }
    }
}

/// The headers and tags of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Description {
    pub(crate) headers: Headers,
    pub(crate) tags: Vec<Tag>,
}

/// The stored headers, which responses repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Headers {
    pub(crate) content_type: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) content_disposition: Option<String>,
    pub(crate) content_encoding: Option<String>,
    pub(crate) content_language: Option<String>,
    /// `Expires`, in seconds since 1970.
    pub(crate) expires_s: Option<i64>,
    /// User metadata. Names have no `x-amz-meta-`.
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A tag of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// A multipart upload in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UploadRecord {
    /// Time of its start, in milliseconds since 1970.
    pub(crate) initiated_ms: i64,
    /// The headers and tags of the future object.
    pub(crate) description: Description,
    /// The checksum of every part.
    pub(crate) checksum: Option<(Algorithm, ChecksumScope)>,
}

/// A part of a multipart upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PartRecord {
    /// Name of the file with its content.
    pub(crate) blob: String,
    /// Size of its content, in bytes.
    pub(crate) size: u64,
    /// The MD5 of its content in hexadecimal digits.
    pub(crate) etag: String,
    /// Time of the write, in milliseconds since 1970.
    pub(crate) modified_ms: i64,
    /// The checksum of its content.
    pub(crate) checksum: Option<Checksum>,
}
