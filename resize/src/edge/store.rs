//! The two buckets: originals are read, variants written and taken away.

pub(crate) mod versions;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::{BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use bytes::{Bytes, BytesMut};
use contract::key::Key;
use contract::limits::Limits;
use md5::{Digest as _, Md5};
use service::wire::http_client;

use crate::edge::config::StoreConfig;
use crate::error::Error;
use crate::source::admission::admit_bytes;

/// S3, as the resize service uses it.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    originals: String,
    variants: Option<String>,
}

/// An original, read whole.
#[derive(Clone, Debug)]
pub struct Original {
    /// The file.
    pub bytes: Bytes,
    /// Strong, with its quotes.
    pub etag: String,
}

/// Why the store gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such original.
    #[error("there is no such file")]
    NotFound,
    /// The original is over a limit.
    #[error(transparent)]
    Refused(#[from] Error),
    /// S3 doesn't answer, or refuses.
    #[error("the storage doesn't answer: {0}")]
    Unavailable(String),
}

/// What is known of a stored variant without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredVariant {
    /// Strong, with its quotes.
    pub etag: String,
    /// In bytes; none where it isn't known without making it.
    pub length: Option<u64>,
    /// The media type; empty where it isn't known without making it.
    pub media_type: String,
    /// `Cache-Control`, as it was stored.
    pub cache_control: String,
    /// `Content-Disposition`, as it was stored.
    pub disposition: String,
    /// The tag that purges it.
    pub cache_tag: String,
}

/// The name of the user metadata that carries the cache tag; the CDN reads it as `x-amz-meta-cache-tag`.
pub const CACHE_TAG: &str = "cache-tag";

impl Store {
    /// The buckets of a configuration. Nothing is asked yet.
    pub fn new(config: &StoreConfig) -> Self {
        let (originals, variants) = (config.originals.clone(), config.variants.clone());
        Self { client: client(config), originals, variants }
    }

    /// Whether there is a bucket for variants. Without one each is made for each request.
    pub fn keeps_variants(&self) -> bool {
        self.variants.is_some()
    }

    /// An original, refused before it is read where it is too long.
    pub async fn original(&self, key: &Key, limits: &Limits) -> Result<Original, StoreError> {
        let request = self.client.get_object().bucket(&self.originals).key(key.as_str());
        let mut object = request.send().await.map_err(|error| failure(&error))?;
        let length = object.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0);
        admit_bytes(limits, length)?;
        let etag = object.e_tag().unwrap_or_default().to_owned();
        let mut bytes = BytesMut::with_capacity(length as usize);
        while let Some(chunk) = object.body.next().await {
            bytes.extend_from_slice(&chunk.map_err(|error| StoreError::Unavailable(error.to_string()))?);
            admit_bytes(limits, bytes.len() as u64)?;
        }
        Ok(Original { bytes: bytes.freeze(), etag })
    }

    /// The entity tag of an original as it is now.
    pub async fn source_etag(&self, key: &Key) -> Result<String, StoreError> {
        Ok(self.head(key).await?.e_tag().unwrap_or_default().to_owned())
    }

    /// What S3 says of an original without sending it.
    async fn head(&self, key: &Key) -> Result<HeadObjectOutput, StoreError> {
        let request = self.client.head_object().bucket(&self.originals).key(key.as_str());
        request.send().await.map_err(|error| failure(&error))
    }

    /// What is known of a variant, if it is stored.
    pub async fn variant(&self, object: &str) -> Result<Option<StoredVariant>, StoreError> {
        let Some(variants) = &self.variants else { return Ok(None) };
        let request = self.client.head_object().bucket(variants).key(object);
        match request.send().await.map_err(|error| failure(&error)) {
            Ok(head) => Ok(Some(StoredVariant {
                etag: head.e_tag().unwrap_or_default().to_owned(),
                length: head.content_length().and_then(|length| u64::try_from(length).ok()),
                media_type: head.content_type().unwrap_or_default().to_owned(),
                cache_control: head.cache_control().unwrap_or_default().to_owned(),
                disposition: head.content_disposition().unwrap_or_default().to_owned(),
                cache_tag: head.metadata().and_then(|m| m.get(CACHE_TAG)).cloned().unwrap_or_default(),
            })),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores a variant, where no other process has stored it meanwhile: both made the same bytes.
    pub async fn put_variant(
        &self,
        object: &str,
        variant: &StoredVariant,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        let Some(variants) = &self.variants else { return Ok(()) };
        let request = self
            .client
            .put_object()
            .bucket(variants)
            .key(object)
            .if_none_match("*")
            .content_type(&variant.media_type)
            .cache_control(&variant.cache_control)
            .content_disposition(&variant.disposition)
            .metadata(CACHE_TAG, &variant.cache_tag)
            .body(ByteStream::from(bytes));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if matches!(status(&error), Some(409 | 412)) => Ok(()),
            Err(error) => Err(failure(&error)),
        }
    }

    /// Takes a variant away. Doing it again changes nothing.
    pub async fn delete_variant(&self, object: &str) -> Result<(), StoreError> {
        let Some(variants) = &self.variants else { return Ok(()) };
        let request = self.client.delete_object().bucket(variants).key(object);
        request.send().await.map(drop).map_err(|error| failure(&error))
    }
}

/// The version of what makes pictures out of requests. To be raised when the same request gives other bytes.
const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// The entity tag of a variant that isn't kept: known before decoding, since encoders are deterministic.
pub fn etag_without_store(source: &str, object: &str) -> String {
    let digest = Md5::digest(format!("{source}\n{object}\n{ENGINE}"));
    format!("\"{}\"", hex::encode(digest))
}

/// A client of S3 as a configuration names it. Checksums are left out where S3 doesn't demand them.
pub fn client(config: &StoreConfig) -> Client {
    let mut builder = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(config.region.clone()))
        .credentials_provider(config.credentials.clone())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .http_client(http_client());
    if let Some(endpoint) = &config.endpoint {
        builder = builder.endpoint_url(endpoint).force_path_style(true);
    }
    Client::from_conf(builder.build())
}

/// S3 answers 403, not 404, to a reader that may not list the bucket.
fn failure<E: std::fmt::Debug>(error: &SdkError<E, HttpResponse>) -> StoreError {
    match status(error) {
        Some(403 | 404) => StoreError::NotFound,
        _ => StoreError::Unavailable(format!("{error:?}")),
    }
}

fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}
