//! Copies, of whole objects and of ranges into parts.

use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopyPartResult, CopySource, MetadataDirective,
    Range, StreamingBlob, TaggingDirective, UploadPartCopyInput, UploadPartCopyOutput,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::convert::{self, etag, kept_headers, place, set_checksum, time};
use super::{Api, multipart};
use crate::checksum::Algorithm;
use crate::clock::Moment;
use crate::conditions::{ReadConditions, Verdict, WriteConditions};
use crate::error::Refusal;
use crate::events::Reason;
use crate::receive::{Claim, Expected, Received, receive};
use crate::record::{Description, ObjectRecord, Place};
use crate::tags;

/// The bytes that are copied at once.
const COPY_BYTES: usize = 1 << 18;

pub(super) async fn object(
    api: &Api,
    request: S3Request<CopyObjectInput>,
) -> S3Result<S3Response<CopyObjectOutput>> {
    let cause = api.cause(&request);
    let mut input = request.input;
    let target = place(&input.bucket, &input.key);
    let source = source_of(&input.copy_source)?;
    let replaces_headers = is_replace(input.metadata_directive.as_ref().map(MetadataDirective::as_str));
    let replaces_tags = is_replace(input.tagging_directive.as_ref().map(TaggingDirective::as_str));
    if source == target && !replaces_headers && !replaces_tags {
        let sentence = "a copy of an object to itself has to change its metadata or its tags";
        return Err(Refusal::InvalidRequest(sentence.to_owned()).into());
    }
    let given_headers = kept_headers!(input);
    let given_tags = tags::parse(input.tagging.as_deref().unwrap_or_default())?;
    let conditions = ReadConditions {
        if_match: input.copy_source_if_match,
        if_none_match: input.copy_source_if_none_match,
        if_modified_since_s: input.copy_source_if_modified_since.as_ref().map(convert::seconds),
        if_unmodified_since_s: input.copy_source_if_unmodified_since.as_ref().map(convert::seconds),
    };
    let asked = input.checksum_algorithm.map(|name| Algorithm::from_name(name.as_str())).transpose()?;
    let (record, received) = copy(api, source, &conditions, None, asked).await?;
    let description = Description {
        headers: if replaces_headers { given_headers } else { record.description.headers },
        tags: if replaces_tags { given_tags } else { record.description.tags },
    };
    let record = api
        .store
        .run(move |store| {
            let conditions = WriteConditions::default();
            store.put_object(&target, received, description, &conditions, Reason::CopyObject, &cause)
        })
        .await?;
    let mut result = CopyObjectResult {
        e_tag: Some(etag(&record.etag)),
        last_modified: Some(time(record.modified_ms)),
        ..Default::default()
    };
    set_checksum!(result, &record.checksum);
    Ok(S3Response::new(CopyObjectOutput { copy_object_result: Some(result), ..Default::default() }))
}

pub(super) async fn part(
    api: &Api,
    request: S3Request<UploadPartCopyInput>,
) -> S3Result<S3Response<UploadPartCopyOutput>> {
    let input = request.input;
    let target = place(&input.bucket, &input.key);
    let number = multipart::part_number(input.part_number)?;
    let id = input.upload_id;
    let upload = {
        let (target, id) = (target.clone(), id.clone());
        api.store.run(move |store| store.look_up_upload(&target, &id)).await?
    };
    let conditions = ReadConditions {
        if_match: input.copy_source_if_match,
        if_none_match: input.copy_source_if_none_match,
        if_modified_since_s: input.copy_source_if_modified_since.as_ref().map(convert::seconds),
        if_unmodified_since_s: input.copy_source_if_unmodified_since.as_ref().map(convert::seconds),
    };
    let range = input.copy_source_range.as_deref().map(Range::parse).transpose();
    let range =
        range.map_err(|_| Refusal::InvalidArgument("x-amz-copy-source-range is not valid".to_owned()))?;
    let asked = upload.checksum.map(|(algorithm, _)| algorithm);
    let (_, received) = copy(api, source_of(&input.copy_source)?, &conditions, range, asked).await?;
    let record = api.store.run(move |store| store.put_part(&target, &id, number, received)).await?;
    let mut result = CopyPartResult {
        e_tag: Some(etag(&record.etag)),
        last_modified: Some(time(record.modified_ms)),
        ..Default::default()
    };
    set_checksum!(result, &record.checksum);
    Ok(S3Response::new(UploadPartCopyOutput { copy_part_result: Some(result), ..Default::default() }))
}

/// Copies a source's content, or a range of it, with the checksum that is asked for or that the source has.
async fn copy(
    api: &Api,
    source: Place,
    conditions: &ReadConditions,
    range: Option<Range>,
    asked: Option<Algorithm>,
) -> S3Result<(ObjectRecord, Received)> {
    let (record, file) = api.store.run(move |store| store.open_object(&source)).await?;
    match conditions.judge(&record.etag, Moment(record.modified_ms).seconds()) {
        Verdict::Proceed => {}
        Verdict::NotModified => {
            return Err(Refusal::PreconditionFailed("x-amz-copy-source-if-none-match").into());
        }
        Verdict::Failed(header) => return Err(Refusal::PreconditionFailed(header).into()),
    }
    let wanted = match range {
        None => 0..record.size,
        Some(range) => range.check(record.size)?,
    };
    let mut file = tokio::fs::File::from_std(file);
    file.seek(std::io::SeekFrom::Start(wanted.start)).await.map_err(S3Error::internal_error)?;
    let length = wanted.end - wanted.start;
    let body = ReaderStream::with_capacity(file.take(length), COPY_BYTES);
    let algorithm = asked.or(record.checksum.as_ref().map(|checksum| checksum.algorithm));
    let expected = Expected {
        length: Some(length),
        checksum: algorithm.map(|algorithm| (algorithm, Claim::None)),
        ..Default::default()
    };
    let received = receive(api.store.blobs(), StreamingBlob::wrap(body), expected).await?;
    Ok((record, received))
}

fn source_of(source: &CopySource) -> S3Result<Place> {
    match source {
        CopySource::Bucket { bucket, key, version_id: None } => Ok(place(bucket, key)),
        CopySource::Bucket { version_id: Some(_), .. }
        | CopySource::AccessPoint { .. }
        | CopySource::Outpost { .. } => {
            Err(S3Error::with_message(S3ErrorCode::NotImplemented, "a copy's source is a bucket and a key"))
        }
    }
}

fn is_replace(directive: Option<&str>) -> bool {
    directive == Some("REPLACE")
}
