//! Listings of objects, in both versions of the operation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::dto::{
    ChecksumAlgorithm, ChecksumType, CommonPrefix, EncodingType, ListObjectsInput, ListObjectsOutput,
    ListObjectsV2Input, ListObjectsV2Output, Object, ObjectStorageClass,
};
use s3s::{S3Request, S3Response, S3Result};

use super::convert::{encoded, etag, limit, time};
use super::service::Api;
use crate::error::ClientError;
use crate::listing::{ListPage, ListQuery};
use crate::record::ObjectRecord;

pub(super) async fn first_version(
    api: &Api,
    request: S3Request<ListObjectsInput>,
) -> S3Result<S3Response<ListObjectsOutput>> {
    let input = request.input;
    let encoding = input.encoding_type.as_ref();
    let query = ListQuery {
        bucket: input.bucket.clone(),
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone(),
        after: input.marker.clone().filter(|marker| !marker.is_empty()),
        limit: limit(input.max_keys)?,
    };
    let page = api.store.run(move |store| store.list(&query)).await?;
    let output = ListObjectsOutput {
        max_keys: Some(input.max_keys.unwrap_or(1000)),
        is_truncated: Some(page.next.is_some()),
        contents: Some(contents(&page, encoding)),
        common_prefixes: Some(common_prefixes(&page, encoding)),
        // Without a delimiter, clients use the last key as the marker.
        next_marker: page
            .next
            .as_deref()
            .filter(|_| input.delimiter.is_some())
            .map(|next| encoded(next, encoding)),
        prefix: Some(encoded(&input.prefix.unwrap_or_default(), encoding)),
        marker: Some(encoded(&input.marker.unwrap_or_default(), encoding)),
        delimiter: input.delimiter.map(|delimiter| encoded(&delimiter, encoding)),
        name: Some(input.bucket),
        encoding_type: input.encoding_type,
        ..Default::default()
    };
    Ok(S3Response::new(output))
}

pub(super) async fn second_version(
    api: &Api,
    request: S3Request<ListObjectsV2Input>,
) -> S3Result<S3Response<ListObjectsV2Output>> {
    let input = request.input;
    let encoding = input.encoding_type.as_ref();
    let after = match &input.continuation_token {
        Some(token) => Some(from_token(token)?),
        None => input.start_after.clone().filter(|after| !after.is_empty()),
    };
    let query = ListQuery {
        bucket: input.bucket.clone(),
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone(),
        after,
        limit: limit(input.max_keys)?,
    };
    let page = api.store.run(move |store| store.list(&query)).await?;
    let output = ListObjectsV2Output {
        max_keys: Some(input.max_keys.unwrap_or(1000)),
        key_count: i32::try_from(page.objects.len() + page.common_prefixes.len()).ok(),
        is_truncated: Some(page.next.is_some()),
        contents: Some(contents(&page, encoding)),
        common_prefixes: Some(common_prefixes(&page, encoding)),
        next_continuation_token: page.next.as_deref().map(|next| URL_SAFE_NO_PAD.encode(next)),
        continuation_token: input.continuation_token,
        prefix: Some(encoded(&input.prefix.unwrap_or_default(), encoding)),
        start_after: input.start_after.map(|after| encoded(&after, encoding)),
        delimiter: input.delimiter.map(|delimiter| encoded(&delimiter, encoding)),
        name: Some(input.bucket),
        encoding_type: input.encoding_type,
        ..Default::default()
    };
    Ok(S3Response::new(output))
}

fn from_token(token: &str) -> Result<String, ClientError> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| !text.is_empty());
    text.ok_or_else(|| {
        ClientError::InvalidArgument("the continuation token provided is incorrect".to_owned())
    })
}

fn contents(page: &ListPage, encoding: Option<&EncodingType>) -> Vec<Object> {
    let object = |(key, record): &(String, ObjectRecord)| Object {
        key: Some(encoded(key, encoding)),
        e_tag: Some(etag(&record.etag)),
        size: i64::try_from(record.size).ok(),
        last_modified: Some(time(record.modified_ms)),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
        checksum_algorithm: record
            .checksum
            .as_ref()
            .map(|checksum| vec![ChecksumAlgorithm::from_static(checksum.algorithm.name())]),
        checksum_type: record
            .checksum
            .as_ref()
            .map(|checksum| ChecksumType::from_static(checksum.scope.name())),
        ..Default::default()
    };
    page.objects.iter().map(object).collect()
}

pub(super) fn common_prefixes(page: &ListPage, encoding: Option<&EncodingType>) -> Vec<CommonPrefix> {
    page.common_prefixes
        .iter()
        .map(|prefix| CommonPrefix { prefix: Some(encoded(prefix, encoding)) })
        .collect()
}
