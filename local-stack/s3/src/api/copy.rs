//! Copies of whole objects, and of ranges into parts.

use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopyPartResult, CopySource, MetadataDirective,
    Range, StreamingBlob, TaggingDirective, UploadPartCopyInput, UploadPartCopyOutput,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::convert::{self, etag, object_path, set_checksum, stored_headers, time};
use super::multipart;
use super::service::Api;
use crate::checksum::Algorithm;
use crate::clock::Moment;
use crate::conditions::{ConditionResult, ReadConditions, WriteConditions};
use crate::error::ClientError;
use crate::events::CreationReason;
use crate::guard::Guard;
use crate::needs;
use crate::receive::{BodyExpectation, ChecksumSource, NewContent, receive};
use crate::record::{Description, ObjectPath, ObjectRecord};
use crate::tags;

/// Size of the chunks of a copy, in bytes.
const COPY_BYTES: usize = 1 << 18;

pub(super) async fn object(
    api: &Api,
    request: S3Request<CopyObjectInput>,
) -> S3Result<S3Response<CopyObjectOutput>> {
    let (cause, guard) = (api.event_cause(&request), Guard::of(&request.extensions)?);
    let mut input = request.input;
    let target = object_path(&input.bucket, &input.key);
    let source = Source::of(&input.copy_source)?;
    let replaces_headers = is_replace(input.metadata_directive.as_ref().map(MetadataDirective::as_str));
    let replaces_tags = is_replace(input.tagging_directive.as_ref().map(TaggingDirective::as_str));
    if source.path == target && !replaces_headers && !replaces_tags {
        let sentence = "a copy of an object to itself has to change its metadata or its tags";
        return Err(ClientError::InvalidRequest(sentence.to_owned()).into());
    }
    let new_headers = stored_headers!(input);
    let new_tags = tags::parse(input.tagging.as_deref().unwrap_or_default())?;
    let conditions = ReadConditions {
        if_match: input.copy_source_if_match,
        if_none_match: input.copy_source_if_none_match,
        if_modified_since_s: input.copy_source_if_modified_since.as_ref().map(convert::seconds),
        if_unmodified_since_s: input.copy_source_if_unmodified_since.as_ref().map(convert::seconds),
    };
    let algorithm = input.checksum_algorithm.map(|name| Algorithm::from_name(name.as_str())).transpose()?;
    if !replaces_tags {
        // The tags of the source are copied.
        let found = api.look_up(source.path.clone()).await;
        let action = needs::read_tags(source.version.is_some());
        let record = guard.admit(action, &source.path, found, |record| record)?;
        for need in needs::writes(&target, &record.description.tags) {
            guard.require(need)?;
        }
    }
    let source_version = source.version.clone();
    let (record, content) = copy(api, &guard, source, &conditions, None, algorithm).await?;
    let description = Description {
        headers: if replaces_headers { new_headers } else { record.description.headers },
        tags: if replaces_tags { new_tags } else { record.description.tags },
    };
    let record = api
        .store
        .run(move |store| {
            let conditions = WriteConditions::default();
            store.put_object(&target, content, description, &conditions, CreationReason::CopyObject, &cause)
        })
        .await?;
    let mut result = CopyObjectResult {
        e_tag: Some(etag(&record.etag)),
        last_modified: Some(time(record.modified_ms)),
        ..Default::default()
    };
    set_checksum!(result, &record.checksum);
    Ok(S3Response::new(CopyObjectOutput {
        copy_object_result: Some(result),
        copy_source_version_id: source_version,
        version_id: Some(record.version().to_owned()),
        ..Default::default()
    }))
}

pub(super) async fn part(
    api: &Api,
    request: S3Request<UploadPartCopyInput>,
) -> S3Result<S3Response<UploadPartCopyOutput>> {
    let guard = Guard::of(&request.extensions)?;
    let input = request.input;
    let target = object_path(&input.bucket, &input.key);
    let number = multipart::part_number(input.part_number)?;
    let id = input.upload_id;
    let upload = {
        let (target, id) = (target.clone(), id.clone());
        api.store.run(move |store| store.find_upload_record(&target, &id)).await?
    };
    let conditions = ReadConditions {
        if_match: input.copy_source_if_match,
        if_none_match: input.copy_source_if_none_match,
        if_modified_since_s: input.copy_source_if_modified_since.as_ref().map(convert::seconds),
        if_unmodified_since_s: input.copy_source_if_unmodified_since.as_ref().map(convert::seconds),
    };
    let range = input.copy_source_range.as_deref().map(Range::parse).transpose();
    let range =
        range.map_err(|_| ClientError::InvalidArgument("x-amz-copy-source-range is not valid".to_owned()))?;
    let algorithm = upload.checksum.map(|(algorithm, _)| algorithm);
    let source = Source::of(&input.copy_source)?;
    let source_version = source.version.clone();
    let (_, content) = copy(api, &guard, source, &conditions, range, algorithm).await?;
    let record = api.store.run(move |store| store.put_part(&target, &id, number, content)).await?;
    let mut result = CopyPartResult {
        e_tag: Some(etag(&record.etag)),
        last_modified: Some(time(record.modified_ms)),
        ..Default::default()
    };
    set_checksum!(result, &record.checksum);
    Ok(S3Response::new(UploadPartCopyOutput {
        copy_part_result: Some(result),
        copy_source_version_id: source_version,
        ..Default::default()
    }))
}

/// Copies a source's content, or a range of it. Computes the checksum that the request asks for, else the source's.
async fn copy(
    api: &Api,
    guard: &Guard,
    source: Source,
    conditions: &ReadConditions,
    range: Option<Range>,
    algorithm: Option<Algorithm>,
) -> S3Result<(ObjectRecord, NewContent)> {
    let opened = api.open(source.path.clone()).await;
    let action = needs::read(source.version.is_some());
    let (record, file) = guard.admit(action, &source.path, opened, |(record, _)| record)?;
    record.check_version(source.version.as_deref())?;
    match conditions.evaluate(&record.etag, Moment(record.modified_ms).seconds()) {
        ConditionResult::Proceed => {}
        ConditionResult::NotModified => {
            return Err(ClientError::PreconditionFailed("x-amz-copy-source-if-none-match").into());
        }
        ConditionResult::Failed(header) => return Err(ClientError::PreconditionFailed(header).into()),
    }
    let bytes = match range {
        None => 0..record.size,
        Some(range) => range.check(record.size)?,
    };
    let mut file = tokio::fs::File::from_std(file);
    file.seek(std::io::SeekFrom::Start(bytes.start)).await.map_err(S3Error::internal_error)?;
    let length = bytes.end - bytes.start;
    let body = ReaderStream::with_capacity(file.take(length), COPY_BYTES);
    let algorithm = algorithm.or(record.checksum.as_ref().map(|checksum| checksum.algorithm));
    let expected = BodyExpectation {
        length: Some(length),
        checksum: algorithm.map(|algorithm| (algorithm, ChecksumSource::ComputeOnly)),
        ..Default::default()
    };
    let content = receive(api.store.blobs(), StreamingBlob::wrap(body), expected).await?;
    Ok((record, content))
}

/// What is copied.
struct Source {
    path: ObjectPath,
    /// `None` for the newest version.
    version: Option<String>,
}

impl Source {
    fn of(source: &CopySource) -> S3Result<Self> {
        match source {
            CopySource::Bucket { bucket, key, version_id } => {
                Ok(Self { path: object_path(bucket, key), version: version_id.as_deref().map(str::to_owned) })
            }
            CopySource::AccessPoint { .. } | CopySource::Outpost { .. } => {
                let sentence = "a copy's source is a bucket and a key, not an access point";
                Err(S3Error::with_message(S3ErrorCode::NotImplemented, sentence))
            }
        }
    }
}

fn is_replace(directive: Option<&str>) -> bool {
    directive == Some("REPLACE")
}
