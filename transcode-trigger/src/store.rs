//! The bucket: videos are looked at, claims and status documents are written with conditions.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::types::MetadataDirective;
use contract::caching::Caching;
use contract::state::{CLEAN, STATE_TAG};
use service::wire::http_client;

use crate::event::Announcement;
use crate::sniff::FIRST_BYTES;

/// How long S3 may take to connect, or to say anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long S3 may take for anything, tries included. Several requests fit into the time of a claim.
const WHOLE_PATIENCE: Duration = Duration::from_secs(20);

/// Where videos are.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Another S3 than the region's own, addressed by path.
    pub endpoint: Option<String>,
    /// The bucket's region.
    pub region: String,
    /// Who asks. They need `s3:ListBucket`, `s3:GetObject` and `s3:GetObjectTagging`, the latter two also with
    /// `Version` where the bucket keeps versions, and `s3:PutObject` below `videos/` and `claims/`.
    pub credentials: aws_credential_types::Credentials,
    /// The bucket's name.
    pub bucket: String,
}

/// The bucket.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    bucket: String,
}

/// S3 doesn't answer, or refuses.
#[derive(Debug, thiserror::Error)]
#[error("the storage doesn't answer: {0}")]
pub struct StoreError(String);

/// An object as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Its key.
    pub key: String,
    /// Its version, where the bucket keeps versions.
    pub version: Option<String>,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was written, in seconds since 1970.
    pub modified_s: i64,
}

impl Current {
    /// Whether it is what an event announced, not something that took its place.
    pub fn is(&self, announced: &Announcement) -> bool {
        match (&self.version, &announced.version) {
            (Some(now), Some(then)) => now == then,
            _ => announced.etag.is_empty() || self.etag == announced.etag.trim_matches('"'),
        }
    }

    /// What tells this content from other content of the same key.
    pub fn version_or_etag(&self) -> &str {
        self.version.as_deref().unwrap_or(&self.etag)
    }
}

/// A document as it was read.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The text.
    pub text: String,
    /// The entity tag, with quotes.
    pub etag: String,
}

impl Store {
    /// The bucket of a configuration. Nothing is asked yet.
    pub fn new(config: &StoreConfig) -> Self {
        Self { client: client(config), bucket: config.bucket.clone() }
    }

    /// The object of a key; none where there is none.
    pub async fn current(&self, key: &str) -> Result<Option<Current>, StoreError> {
        let head = match self.client.head_object().bucket(&self.bucket).key(key).send().await {
            Ok(head) => head,
            Err(error) if status(&error) == Some(404) => return Ok(None),
            Err(error) => return Err(failure(&error)),
        };
        Ok(Some(Current {
            key: key.to_owned(),
            version: head.version_id().filter(|version| *version != "null").map(str::to_owned),
            etag: head.e_tag().unwrap_or_default().trim_matches('"').to_owned(),
            bytes: head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
            modified_s: head.last_modified().map_or(0, aws_sdk_s3::primitives::DateTime::secs),
        }))
    }

    /// Whether an object's tags say that it may be served.
    pub async fn is_clean(&self, object: &Current) -> Result<bool, StoreError> {
        let request = self.client.get_object_tagging().bucket(&self.bucket).key(&object.key);
        match request.set_version_id(object.version.clone()).send().await {
            Ok(got) => Ok(got.tag_set().iter().any(|tag| tag.key() == STATE_TAG && tag.value() == CLEAN)),
            Err(error) if status(&error) == Some(404) => Ok(false),
            Err(error) => Err(failure(&error)),
        }
    }

    /// The beginning of an object: [`FIRST_BYTES`], or all of it where it is shorter. None where something else has
    /// taken its place.
    pub async fn first_bytes(&self, object: &Current) -> Result<Option<Vec<u8>>, StoreError> {
        if object.bytes == 0 {
            // A range of nothing can't be satisfied.
            return Ok(Some(Vec::new()));
        }
        let request = self.client.get_object().bucket(&self.bucket).key(&object.key);
        let request = request.set_version_id(object.version.clone()).if_match(format!("\"{}\"", object.etag));
        let got = match request.range(format!("bytes=0-{}", FIRST_BYTES - 1)).send().await {
            Ok(got) => got,
            Err(error) if matches!(status(&error), Some(404 | 412 | 416)) => return Ok(None),
            Err(error) => return Err(failure(&error)),
        };
        let bytes = got.body.collect().await.map_err(|error| StoreError(error.to_string()))?;
        Ok(Some(bytes.to_vec()))
    }

    /// A document; none where there is none.
    pub async fn read(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let got = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(got) => got,
            Err(error) if status(&error) == Some(404) => return Ok(None),
            Err(error) => return Err(failure(&error)),
        };
        let etag = got.e_tag().unwrap_or_default().to_owned();
        let bytes = got.body.collect().await.map_err(|error| StoreError(error.to_string()))?;
        Ok(Some(Stored { text: String::from_utf8_lossy(&bytes.to_vec()).into_owned(), etag }))
    }

    /// Writes a document in place of what was read, or where nothing was; its new entity tag. None where it isn't so
    /// any more: someone else has written it.
    pub async fn write(
        &self,
        document: &Document<'_>,
        read: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        let request = self.put(document);
        let request = match read {
            Some(etag) => request.if_match(etag),
            None => request.if_none_match("*"),
        };
        match request.send().await {
            Ok(put) => Ok(Some(put.e_tag().unwrap_or_default().to_owned())),
            // 409: another write of the same key is under way. 404: the document was deleted.
            Err(error) if matches!(status(&error), Some(404 | 409 | 412)) => Ok(None),
            Err(error) => Err(failure(&error)),
        }
    }

    /// Writes a document whatever was there.
    pub async fn overwrite(&self, document: &Document<'_>) -> Result<(), StoreError> {
        self.put(document).send().await.map(drop).map_err(|error| failure(&error))
    }

    /// Copies a picture.
    pub async fn copy_jpeg(&self, from: &str, to: &str, caching: Caching) -> Result<(), StoreError> {
        let request = self.client.copy_object().copy_source(format!("{}/{from}", self.bucket));
        let request = request.bucket(&self.bucket).key(to);
        let request = request.metadata_directive(MetadataDirective::Replace).content_type("image/jpeg");
        request.cache_control(caching.header()).send().await.map(drop).map_err(|error| failure(&error))
    }

    /// Every key below a folder.
    pub async fn keys(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let mut pages =
            self.client.list_objects_v2().bucket(&self.bucket).prefix(folder).into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure(&error))?;
            keys.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        }
        Ok(keys)
    }

    fn put(
        &self,
        document: &Document<'_>,
    ) -> aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder {
        let Document { key, media_type, caching, text } = document;
        let request = self.client.put_object().bucket(&self.bucket).key(*key).content_type(*media_type);
        request.cache_control(caching.header()).body(text.as_bytes().to_vec().into())
    }
}

/// A document to be written.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Its key.
    pub key: &'a str,
    /// Its `Content-Type`.
    pub media_type: &'a str,
    /// What caches may do with it.
    pub caching: Caching,
    /// Its content.
    pub text: &'a str,
}

fn client(config: &StoreConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(PATIENCE)
        .read_timeout(PATIENCE)
        .operation_timeout(WHOLE_PATIENCE)
        .build();
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

fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

fn failure(error: &impl std::fmt::Debug) -> StoreError {
    StoreError(format!("{error:?}"))
}
