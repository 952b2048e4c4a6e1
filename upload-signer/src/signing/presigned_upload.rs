//! The response to a client, with the requests that send its files.

use std::fmt;

use serde::ser::{Serialize, Serializer};

/// The body of a response to `POST /uploads`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum PresignedUploads {
    /// The response to a request for one file.
    One(Box<PresignedUpload>),
    /// The response to a batch, in the order of the request.
    Batch {
        /// The uploads.
        uploads: Vec<PresignedUpload>,
    },
}

impl PresignedUploads {
    /// All uploads in the response.
    pub fn uploads(&self) -> &[PresignedUpload] {
        match self {
            Self::One(upload) => std::slice::from_ref(upload),
            Self::Batch { uploads } => uploads,
        }
    }
}

/// The request with which the client sends one file.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PresignedUpload {
    /// The id of the upload, a UUID of version 7.
    pub id: String,
    /// The key of the object.
    pub key: String,
    /// `POST` or `PUT`.
    pub method: &'static str,
    /// The URL of the request.
    pub url: String,
    /// The signed form fields or headers.
    #[serde(flatten)]
    pub values: SignedValues,
    /// The expiry of the signature, in RFC 3339 and UTC.
    pub expires: String,
    /// The largest file that S3 accepts, in bytes.
    pub max_size: u64,
    /// The URL of the file for viewers.
    pub public_url: String,
}

/// The values that the request must carry unchanged.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SignedValues {
    /// The form fields before the file.
    Fields(OrderedMap),
    /// The headers. Browsers set `content-length` themselves.
    Headers(OrderedMap),
}

/// Names and values that serialise in their order as a JSON object.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderedMap(pub Vec<(String, String)>);

impl Serialize for OrderedMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Omits URL and signature: they permit the upload, and logs have many readers.
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
