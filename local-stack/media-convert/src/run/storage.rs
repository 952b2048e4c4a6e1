//! S3 as the endpoint uses it: the SDK with the owner's credentials.

use std::path::Path;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{ByteStream, DateTime};

use crate::package::{Content, Object};
use crate::s3_url::bucket_and_key;

/// The lifetime of the URL that ffmpeg reads an input by: seven days, the maximum of presigned URLs.
const INPUT_URL_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// The metadata of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ObjectMetadata {
    /// Size in bytes.
    pub(crate) bytes: u64,
    pub(crate) etag: String,
    pub(crate) media_type: Option<String>,
    /// Time of the last modification in seconds since 1970.
    pub(crate) modified_s: Option<i64>,
}

/// An object with a URL by which ffmpeg can read it.
#[derive(Clone, Debug)]
pub(crate) struct InputObject {
    pub(crate) metadata: ObjectMetadata,
    pub(crate) url: String,
}

/// The reason why an object cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StorageError {
    /// The URL is not an S3 URL.
    #[error("'{0}' isn't an S3 URL: s3://bucket/key")]
    NotS3(String),
    /// The object does not exist.
    #[error("there is no object '{0}'")]
    NotFound(String),
    /// S3 refused the request or did not answer.
    #[error("the request to S3 failed: {0}")]
    Failed(String),
}

/// Reads the metadata of the object with an S3 URL, and presigns a URL for its content.
pub(crate) async fn open_input(client: &Client, url: &str) -> Result<InputObject, StorageError> {
    let (bucket, key) = bucket_and_key(url).ok_or_else(|| StorageError::NotS3(url.to_owned()))?;
    let head = client.head_object().bucket(bucket).key(key).send();
    let head = head.await.map_err(|error| storage_error(&error, url))?;
    let lifetime = PresigningConfig::expires_in(INPUT_URL_LIFETIME)
        .map_err(|error| StorageError::Failed(error.to_string()))?;
    let request = client.get_object().bucket(bucket).key(key).presigned(lifetime);
    let request = request.await.map_err(|error| storage_error(&error, url))?;
    let metadata = ObjectMetadata {
        bytes: head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
        etag: head.e_tag().unwrap_or_default().trim_matches('"').to_owned(),
        media_type: head.content_type().map(str::to_owned),
        modified_s: head.last_modified().map(DateTime::secs),
    };
    Ok(InputObject { metadata, url: request.uri().to_owned() })
}

/// Reads an object with an S3 URL.
pub(super) async fn read(client: &Client, url: &str) -> Result<Vec<u8>, StorageError> {
    let (bucket, key) = bucket_and_key(url).ok_or_else(|| StorageError::NotS3(url.to_owned()))?;
    let object = client.get_object().bucket(bucket).key(key).send().await;
    let object = object.map_err(|error| storage_error(&error, url))?;
    let content = object.body.collect().await.map_err(|error| StorageError::Failed(error.to_string()))?;
    Ok(content.to_vec())
}

/// Writes an object.
pub(super) async fn write(client: &Client, object: &Object) -> Result<(), StorageError> {
    let body = match &object.content {
        Content::File(path) => file_stream(path).await?,
        Content::Text(text) => ByteStream::from(text.clone().into_bytes()),
    };
    let request = client.put_object().bucket(&object.bucket).key(&object.key);
    let request = request.content_type(object.media_type).body(body);
    request.send().await.map(drop).map_err(|error| storage_error(&error, &object.key))
}

async fn file_stream(path: &Path) -> Result<ByteStream, StorageError> {
    ByteStream::from_path(path).await.map_err(|error| StorageError::Failed(error.to_string()))
}

fn storage_error<E: std::fmt::Debug>(error: &SdkError<E, HttpResponse>, name: &str) -> StorageError {
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(403 | 404) => StorageError::NotFound(name.to_owned()),
        _ => StorageError::Failed(format!("{error:?}")),
    }
}
