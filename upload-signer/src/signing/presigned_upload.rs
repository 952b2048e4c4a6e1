//! What the client is told.

use std::fmt;

use serde::ser::{Serialize, Serializer};

/// The body of a response: one upload, or as many as were asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum PresignedUploads {
    /// To a request for one file.
    One(Box<PresignedUpload>),
    /// To a request for some files, in their order.
    Batch {
        /// The uploads.
        uploads: Vec<PresignedUpload>,
    },
}

impl PresignedUploads {
    /// Every upload in it.
    pub fn uploads(&self) -> &[PresignedUpload] {
        match self {
            Self::One(upload) => std::slice::from_ref(upload),
            Self::Batch { uploads } => uploads,
        }
    }
}

/// How to send one file.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PresignedUpload {
    /// The upload's id, a UUID of version 7.
    pub id: String,
    /// The key of the object.
    pub key: String,
    /// `POST` or `PUT`.
    pub method: &'static str,
    /// Where to send the file.
    pub url: String,
    /// What to send with it.
    #[serde(flatten)]
    pub values: SignedValues,
    /// The end of the permission, RFC 3339 in UTC.
    pub expires: String,
    /// The largest file that S3 will accept, in bytes.
    pub max_size: u64,
    /// Where viewers will find it.
    pub public_url: String,
}

/// What a request must carry as it is, or the signature doesn't hold.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SignedValues {
    /// The fields of a form before its file.
    Fields(OrderedMap),
    /// The headers. Browsers write `content-length` themselves.
    Headers(OrderedMap),
}

/// Names and values in an order; a JSON object.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderedMap(pub Vec<(String, String)>);

impl Serialize for OrderedMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Without what is signed: who has that may upload, and logs are read by many.
impl fmt::Debug for PresignedUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedUpload")
            .field("key", &self.key)
            .field("method", &self.method)
            .field("expires", &self.expires)
            .field("max_size", &self.max_size)
            .finish_non_exhaustive()
    }
}
