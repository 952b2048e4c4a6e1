//! S3, as the endpoint reads inputs from it and writes outputs to it: by the SDK, with the owner's credentials.

use std::path::Path;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;

use super::package::{Content, Object};
use super::s3_url::bucket_and_key;

/// How long ffmpeg may read an input. The longest that S3 signs for.
const READING: Duration = Duration::from_hours(7 * 24);

/// What S3 says of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Described {
    pub(crate) bytes: u64,
    pub(crate) etag: String,
    pub(crate) media_type: Option<String>,
    /// In seconds since 1970.
    pub(crate) modified_s: Option<i64>,
}

/// An object that is there, and a URL that ffmpeg reads it by.
#[derive(Clone, Debug)]
pub(crate) struct Readable {
    pub(crate) described: Described,
    pub(crate) url: String,
}

/// Why an object can't be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StorageError {
    /// The URL isn't one of S3.
    #[error("'{0}' isn't an S3 URL: s3://bucket/key")]
    NotS3(String),
    /// There is no such object.
    #[error("there is no object '{0}'")]
    NotFound(String),
    /// S3 doesn't answer, or refuses.
    #[error("S3 doesn't do it: {0}")]
    Failed(String),
}

/// Looks an object up.
pub(crate) async fn readable(client: &Client, url: &str) -> Result<Readable, StorageError> {
    let (bucket, key) = bucket_and_key(url).ok_or_else(|| StorageError::NotS3(url.to_owned()))?;
    let head =
        client.head_object().bucket(bucket).key(key).send().await.map_err(|error| failure(&error, url))?;
    let expires =
        PresigningConfig::expires_in(READING).map_err(|error| StorageError::Failed(error.to_string()))?;
    let request = client.get_object().bucket(bucket).key(key).presigned(expires);
    let request = request.await.map_err(|error| failure(&error, url))?;
    let described = Described {
        bytes: head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
        etag: head.e_tag().unwrap_or_default().trim_matches('"').to_owned(),
        media_type: head.content_type().map(str::to_owned),
        modified_s: head.last_modified().map(aws_sdk_s3::primitives::DateTime::secs),
    };
    Ok(Readable { described, url: request.uri().to_owned() })
}

/// Writes an object.
pub(crate) async fn write(client: &Client, object: &Object) -> Result<(), StorageError> {
    let body = match &object.content {
        Content::File(path) => file(path).await?,
        Content::Text(text) => ByteStream::from(text.clone().into_bytes()),
    };
    let request = client.put_object().bucket(&object.bucket).key(&object.key);
    let request = request.content_type(object.media_type).body(body);
    request.send().await.map(drop).map_err(|error| failure(&error, &object.key))
}

async fn file(path: &Path) -> Result<ByteStream, StorageError> {
    ByteStream::from_path(path).await.map_err(|error| StorageError::Failed(error.to_string()))
}

fn failure<E: std::fmt::Debug>(error: &SdkError<E, HttpResponse>, name: &str) -> StorageError {
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(403 | 404) => StorageError::NotFound(name.to_owned()),
        _ => StorageError::Failed(format!("{error:?}")),
    }
}
