//! The listing of versions. Each object has one version, the newest.

use s3s::dto::{ListObjectVersionsInput, ListObjectVersionsOutput, ObjectVersion, ObjectVersionStorageClass};
use s3s::{S3Request, S3Response, S3Result};

use super::convert::{encoded, etag, limit, time};
use super::listing::common_prefixes;
use super::service::Api;
use crate::error::ClientError;
use crate::listing::ListQuery;

pub(super) async fn list(
    api: &Api,
    request: S3Request<ListObjectVersionsInput>,
) -> S3Result<S3Response<ListObjectVersionsOutput>> {
    let input = request.input;
    let encoding = input.encoding_type.as_ref();
    let marker = input.key_marker.clone().filter(|marker| !marker.is_empty());
    let version_marker = input.version_id_marker.clone().filter(|version| !version.is_empty());
    if marker.is_none() && version_marker.is_some() {
        let sentence = "a version-id marker cannot be specified without a key marker";
        return Err(ClientError::InvalidArgument(sentence.to_owned()).into());
    }
    // The only version of the marker's key lies before the page, with a version marker or without.
    let query = ListQuery {
        bucket: input.bucket.clone(),
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone(),
        after: marker,
        limit: limit(input.max_keys)?,
    };
    let page = api.store.run(move |store| store.list(&query)).await?;
    let versions = page.objects.iter().map(|(key, record)| ObjectVersion {
        key: Some(encoded(key, encoding)),
        version_id: Some(record.version().to_owned()),
        is_latest: Some(true),
        e_tag: Some(etag(&record.etag)),
        size: i64::try_from(record.size).ok(),
        last_modified: Some(time(record.modified_ms)),
        storage_class: Some(ObjectVersionStorageClass::from_static(ObjectVersionStorageClass::STANDARD)),
        ..Default::default()
    });
    let last = page.objects.last().filter(|(key, _)| page.next.as_deref() == Some(key));
    let output = ListObjectVersionsOutput {
        versions: Some(versions.collect()),
        common_prefixes: Some(common_prefixes(&page, encoding)),
        is_truncated: Some(page.next.is_some()),
        next_key_marker: page.next.as_deref().map(|next| encoded(next, encoding)),
        next_version_id_marker: last.map(|(_, record)| record.version().to_owned()),
        max_keys: Some(input.max_keys.unwrap_or(1000)),
        prefix: Some(encoded(&input.prefix.unwrap_or_default(), encoding)),
        key_marker: Some(encoded(&input.key_marker.unwrap_or_default(), encoding)),
        version_id_marker: Some(input.version_id_marker.unwrap_or_default()),
        delimiter: input.delimiter.map(|delimiter| encoded(&delimiter, encoding)),
        name: Some(input.bucket),
        encoding_type: input.encoding_type,
        ..Default::default()
    };
    Ok(S3Response::new(output))
}
