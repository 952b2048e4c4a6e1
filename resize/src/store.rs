//! The two buckets: originals are read, variants written.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::{BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_http_client::Builder as HttpClientBuilder;
use bytes::{Bytes, BytesMut};
use contract::key::Key;

use crate::config::StoreConfig;
use crate::error::Error;
use crate::limits::Limits;

/// S3, as the resize service uses it.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    originals: String,
    variants: String,
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
    /// In bytes.
    pub length: u64,
    /// The media type.
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

    /// The bytes of an original, refused before they are read where they are too many.
    pub async fn original(&self, key: &Key, limits: &Limits) -> Result<Bytes, StoreError> {
        let request = self.client.get_object().bucket(&self.originals).key(key.as_str());
        let mut object = request.send().await.map_err(|error| failure(&error))?;
        let length = object.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0);
        limits.admit_bytes(length)?;
        let mut bytes = BytesMut::with_capacity(length as usize);
        while let Some(chunk) = object.body.next().await {
            bytes.extend_from_slice(&chunk.map_err(|error| StoreError::Unavailable(error.to_string()))?);
            limits.admit_bytes(bytes.len() as u64)?;
        }
        Ok(bytes.freeze())
    }

    /// What is known of a variant, if it is stored.
    pub async fn variant(&self, object: &str) -> Result<Option<StoredVariant>, StoreError> {
        let request = self.client.head_object().bucket(&self.variants).key(object);
        match request.send().await.map_err(|error| failure(&error)) {
            Ok(head) => Ok(Some(StoredVariant {
                etag: head.e_tag().unwrap_or_default().to_owned(),
                length: head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
                media_type: head.content_type().unwrap_or_default().to_owned(),
                cache_control: head.cache_control().unwrap_or_default().to_owned(),
                disposition: head.content_disposition().unwrap_or_default().to_owned(),
                cache_tag: head.metadata().and_then(|m| m.get(CACHE_TAG)).cloned().unwrap_or_default(),
            })),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores a variant.
    pub async fn put_variant(
        &self,
        object: &str,
        variant: &StoredVariant,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        let request = self
            .client
            .put_object()
            .bucket(&self.variants)
            .key(object)
            .content_type(&variant.media_type)
            .cache_control(&variant.cache_control)
            .content_disposition(&variant.disposition)
            .metadata(CACHE_TAG, &variant.cache_tag)
            .body(ByteStream::from(bytes));
        request.send().await.map(drop).map_err(|error| failure(&error))
    }
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
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(403 | 404) => StoreError::NotFound,
        _ => StoreError::Unavailable(format!("{error:?}")),
    }
}

/// TLS only where the Lambda is built: on one machine S3 is spoken in the clear on the loopback.
fn http_client() -> aws_sdk_s3::config::SharedHttpClient {
    #[cfg(feature = "lambda")]
    {
        use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
        HttpClientBuilder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
    }
    #[cfg(not(feature = "lambda"))]
    HttpClientBuilder::new().build_http()
}
