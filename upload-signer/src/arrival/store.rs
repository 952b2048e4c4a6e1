//! The bucket of uploads, as the finaliser and the state of an upload need it.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::types::{Tag, Tagging};
use service::wire::http_client;

pub use aws_sdk_s3::primitives::ByteStream;

use crate::arrival::finalize::FIRST_BYTES;
use crate::arrival::state::{State, is_of_state};

/// How long S3 may take to connect, or to say anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where uploads are.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Another S3 than the region's own, addressed by path.
    pub endpoint: Option<String>,
    /// The bucket's region.
    pub region: String,
    /// Who asks. They need `s3:ListBucket`, `s3:GetObject` and `s3:GetObjectTagging`, and to finalise uploads
    /// `s3:PutObjectTagging`; each also with `Version` where the bucket keeps versions.
    pub credentials: aws_credential_types::Credentials,
    /// The bucket's name.
    pub bucket: String,
}

/// The bucket of uploads.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    bucket: String,
}

/// Why the store gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such object, or no longer this version of it.
    #[error("the object is gone or was replaced")]
    Gone,
    /// S3 doesn't answer, or refuses.
    #[error("the storage doesn't answer: {0}")]
    Unavailable(String),
}

/// One object, at one moment: what is read of it by this value is of the same content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// Its version, where the bucket keeps versions.
    pub version: Option<String>,
    /// Its entity tag, with quotes.
    pub etag: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its `Content-Type`; empty where it has none.
    pub media_type: String,
}

impl Store {
    /// The bucket of a configuration. Nothing is asked yet.
    pub fn new(config: &StoreConfig) -> Self {
        Self { client: client(config, PATIENCE), bucket: config.bucket.clone() }
    }

    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// An object: the version that is asked for, else the newest.
    pub async fn object(&self, key: &str, version: Option<&str>) -> Result<Object, StoreError> {
        let request = self.client.head_object().bucket(&self.bucket).key(key);
        let head = request.set_version_id(version.map(str::to_owned)).send().await;
        let head = head.map_err(|error| failure(&error))?;
        // "null" is what a bucket without versions has, and what can be replaced.
        let version = head.version_id().filter(|version| *version != "null").map(str::to_owned);
        Ok(Object {
            key: key.to_owned(),
            version,
            etag: head.e_tag().unwrap_or_default().to_owned(),
            bytes: head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
            media_type: head.content_type().unwrap_or_default().to_owned(),
        })
    }

    /// The key of the first object below a prefix.
    pub async fn first_below(&self, prefix: &str) -> Result<Option<String>, StoreError> {
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix).max_keys(1);
        let listed = request.send().await.map_err(|error| failure(&error))?;
        Ok(listed.contents().first().and_then(aws_sdk_s3::types::Object::key).map(str::to_owned))
    }

    /// The beginning of an object: [`FIRST_BYTES`], or all of it where it is shorter.
    pub async fn first_bytes(&self, object: &Object) -> Result<Vec<u8>, StoreError> {
        if object.bytes == 0 {
            // A range of nothing can't be satisfied.
            return Ok(Vec::new());
        }
        let mut body = self.read(object, Some(format!("bytes=0-{}", FIRST_BYTES - 1))).await?;
        let mut bytes = Vec::new();
        while bytes.len() < FIRST_BYTES
            && let Some(chunk) = body.next().await
        {
            bytes.extend_from_slice(&chunk.map_err(|error| StoreError::Unavailable(error.to_string()))?);
        }
        bytes.truncate(FIRST_BYTES);
        Ok(bytes)
    }

    /// All of an object, as it comes.
    pub async fn content(&self, object: &Object) -> Result<ByteStream, StoreError> {
        self.read(object, None).await
    }

    /// The state that an object's tags tell of.
    pub async fn state(&self, object: &Object) -> Result<Option<State>, StoreError> {
        let tags = self.tags(object).await?;
        Ok(State::of_tags(tags.iter().map(|tag| (tag.key(), tag.value()))))
    }

    /// Sets the state in an object's tags; tags of other meaning stay. S3 knows no condition for this: where the
    /// bucket keeps no versions, the object may have been replaced just before.
    pub async fn set_state(&self, object: &Object, state: &State) -> Result<(), StoreError> {
        let mut tags = self.tags(object).await?;
        tags.retain(|tag| !is_of_state(tag.key()));
        for (key, value) in state.tags() {
            tags.push(Tag::builder().key(key).value(value).build().map_err(|error| unavailable(&error))?);
        }
        let tagging =
            Tagging::builder().set_tag_set(Some(tags)).build().map_err(|error| unavailable(&error))?;
        let request = self.client.put_object_tagging().bucket(&self.bucket).key(&object.key);
        let request = request.set_version_id(object.version.clone()).tagging(tagging);
        request.send().await.map(drop).map_err(|error| failure(&error))
    }

    async fn read(&self, object: &Object, range: Option<String>) -> Result<ByteStream, StoreError> {
        let request = self.client.get_object().bucket(&self.bucket).key(&object.key);
        let request = request.set_version_id(object.version.clone()).if_match(&object.etag);
        let got = request.set_range(range).send().await.map_err(|error| failure(&error))?;
        Ok(got.body)
    }

    async fn tags(&self, object: &Object) -> Result<Vec<Tag>, StoreError> {
        let request = self.client.get_object_tagging().bucket(&self.bucket).key(&object.key);
        let got = request.set_version_id(object.version.clone()).send().await;
        Ok(got.map_err(|error| failure(&error))?.tag_set)
    }
}

/// A client of S3, which may take `patience` to begin an answer. Nothing is asked yet.
pub(crate) fn client(config: &StoreConfig, patience: Duration) -> Client {
    let timeouts = TimeoutConfig::builder().connect_timeout(PATIENCE).read_timeout(patience).build();
    let mut builder = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(config.region.clone()))
        .credentials_provider(config.credentials.clone())
        .timeout_config(timeouts)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .http_client(http_client());
    if let Some(endpoint) = &config.endpoint {
        builder = builder.endpoint_url(endpoint).force_path_style(true);
    }
    Client::from_conf(builder.build())
}

/// Gone: 404, 412 for another `ETag`, and 416 where a shorter object took the place of the one that was known.
fn failure<E: std::fmt::Debug>(error: &SdkError<E, HttpResponse>) -> StoreError {
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(404 | 412 | 416) => StoreError::Gone,
        _ => unavailable(error),
    }
}

fn unavailable(error: &impl std::fmt::Debug) -> StoreError {
    StoreError::Unavailable(format!("{error:?}"))
}
