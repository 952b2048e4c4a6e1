//! Operations on multipart uploads.

use http::StatusCode;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, ChecksumAlgorithm, ChecksumType,
    CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, CreateMultipartUploadInput,
    CreateMultipartUploadOutput, EncodingType, ListMultipartUploadsInput, ListMultipartUploadsOutput,
    ListPartsInput, ListPartsOutput, MultipartUpload, Part, StorageClass, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};

use super::convert::{
    encoded, etag, input_checksums, limit, object_path, set_checksum, stored_headers, time,
};
use super::service::Api;
use super::upload;
use crate::checksum::{Algorithm, ChecksumScope};
use crate::clock::Moment;
use crate::conditions::WriteConditions;
use crate::error::ClientError;
use crate::multipart::completion::{CompletionPart, CompletionRequest};
use crate::receive::{ChecksumSource, receive};
use crate::record::{Description, PartRecord, UploadRecord};
use crate::tags;

/// Maximum number of a part.
const MAX_PARTS: u16 = 10_000;

pub(super) async fn create(
    api: &Api,
    request: S3Request<CreateMultipartUploadInput>,
) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
    let mut input = request.input;
    let path = object_path(&input.bucket, &input.key);
    let algorithm =
        input.checksum_algorithm.as_ref().map(|name| Algorithm::from_name(name.as_str())).transpose()?;
    let scope = scope_of(input.checksum_type.as_ref())?;
    let record = UploadRecord {
        initiated_ms: Moment::now().0,
        description: Description {
            headers: stored_headers!(input),
            tags: tags::parse(input.tagging.as_deref().unwrap_or_default())?,
        },
        checksum: algorithm.map(|algorithm| (algorithm, scope.unwrap_or(algorithm.default_scope()))),
    };
    let checksum_type = record.checksum.map(|(_, scope)| ChecksumType::from_static(scope.name()));
    let upload_id = api.store.run(move |store| store.create_upload(&path, &record)).await?;
    Ok(S3Response::new(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(upload_id),
        checksum_algorithm: input.checksum_algorithm,
        checksum_type,
        ..Default::default()
    }))
}

pub(super) async fn put_part(
    api: &Api,
    request: S3Request<UploadPartInput>,
) -> S3Result<S3Response<UploadPartOutput>> {
    let input = request.input;
    let path = object_path(&input.bucket, &input.key);
    let number = part_number(input.part_number)?;
    let id = input.upload_id;
    let upload = {
        let (path, id) = (path.clone(), id.clone());
        api.store.run(move |store| store.find_upload_record(&path, &id)).await?
    };
    let mut expected = upload::expected(
        &request.headers,
        input.content_length,
        input.content_md5.as_deref(),
        input_checksums!(input),
        request.trailing_headers,
    )?;
    match (&upload.checksum, &expected.checksum) {
        (Some((algorithm, _)), None) => expected.checksum = Some((*algorithm, ChecksumSource::ComputeOnly)),
        (Some((algorithm, _)), Some((given, _))) if algorithm != given => {
            let sentence =
                format!("the upload's checksum is {} and the part's {}", algorithm.name(), given.name());
            return Err(ClientError::InvalidRequest(sentence).into());
        }
        (Some(_), Some(_)) | (None, _) => {}
    }
    let content = receive(api.store.blobs(), upload::stream(input.body), expected).await?;
    let record = api.store.run(move |store| store.put_part(&path, &id, number, content)).await?;
    let mut output = UploadPartOutput { e_tag: Some(etag(&record.etag)), ..Default::default() };
    set_checksum!(output, &record.checksum);
    Ok(S3Response::new(output))
}

pub(super) async fn complete(
    api: &Api,
    request: S3Request<CompleteMultipartUploadInput>,
) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
    let cause = api.event_cause(&request);
    let input = request.input;
    let path = object_path(&input.bucket, &input.key);
    let parts = input.multipart_upload.and_then(|list| list.parts).unwrap_or_default();
    let completion =
        CompletionRequest {
            parts: parts.into_iter().map(completion_part).collect::<Result<_, _>>()?,
            size: input.mpu_object_size.map(u64::try_from).transpose().map_err(|_| {
                ClientError::InvalidArgument("x-amz-mp-object-size can't be negative".to_owned())
            })?,
            checksum: upload::single_checksum([
                (Algorithm::Crc32, input.checksum_crc32),
                (Algorithm::Crc32c, input.checksum_crc32c),
                (Algorithm::Crc64Nvme, input.checksum_crc64nvme),
                (Algorithm::Sha1, input.checksum_sha1),
                (Algorithm::Sha256, input.checksum_sha256),
            ])?
            .map(|(_, value)| value),
            conditions: WriteConditions {
                if_match: input.if_match,
                if_none_match: input.if_none_match,
                version: None,
            },
            upload_id: input.upload_id,
        };
    let record = api.store.run(move |store| store.complete_upload(&path, &completion, &cause)).await?;
    let mut output = CompleteMultipartUploadOutput {
        location: Some(format!(
            "/{}/{}",
            input.bucket,
            encoded(&input.key, Some(&EncodingType::from_static("url")))
        )),
        bucket: Some(input.bucket),
        key: Some(input.key),
        e_tag: Some(etag(&record.etag)),
        ..Default::default()
    };
    set_checksum!(output, &record.checksum);
    output.checksum_type = record.checksum.map(|checksum| ChecksumType::from_static(checksum.scope.name()));
    Ok(S3Response::new(output))
}

pub(super) async fn abort(
    api: &Api,
    request: S3Request<AbortMultipartUploadInput>,
) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
    let path = object_path(&request.input.bucket, &request.input.key);
    api.store.run(move |store| store.abort_upload(&path, &request.input.upload_id)).await?;
    Ok(S3Response::with_status(AbortMultipartUploadOutput::default(), StatusCode::NO_CONTENT))
}

pub(super) async fn list_parts(
    api: &Api,
    request: S3Request<ListPartsInput>,
) -> S3Result<S3Response<ListPartsOutput>> {
    let input = request.input;
    let limit = limit(input.max_parts)?;
    let after = input.part_number_marker.unwrap_or(0);
    let (path, id) = (object_path(&input.bucket, &input.key), input.upload_id.clone());
    let (upload, parts) = api.store.run(move |store| store.parts(&path, &id)).await?;
    let mut rest = parts.into_iter().filter(|(number, _)| i32::from(*number) > after);
    let page: Vec<Part> = rest.by_ref().take(limit).map(listed_part).collect();
    let last = page.last().and_then(|part| part.part_number);
    let output = ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        part_number_marker: Some(after),
        next_part_number_marker: last,
        max_parts: Some(input.max_parts.unwrap_or(1000)),
        is_truncated: Some(last.is_some() && rest.next().is_some()),
        parts: Some(page),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        checksum_algorithm: upload
            .checksum
            .map(|(algorithm, _)| ChecksumAlgorithm::from_static(algorithm.name())),
        checksum_type: upload.checksum.map(|(_, scope)| ChecksumType::from_static(scope.name())),
        ..Default::default()
    };
    Ok(S3Response::new(output))
}

pub(super) async fn list_uploads(
    api: &Api,
    request: S3Request<ListMultipartUploadsInput>,
) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
    let input = request.input;
    if input.delimiter.as_ref().is_some_and(|delimiter| !delimiter.is_empty()) {
        let sentence = "a delimiter is not supported for a listing of uploads";
        return Err(S3Error::with_message(S3ErrorCode::NotImplemented, sentence));
    }
    let encoding = input.encoding_type.as_ref();
    let limit = limit(input.max_uploads)?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let key_marker = input.key_marker.clone().unwrap_or_default();
    // Without an ID, the marker is past all uploads of its key: no ID is greater than this one.
    let last_id = if key_marker.is_empty() { String::new() } else { char::MAX.to_string() };
    let id_marker = input.upload_id_marker.clone().filter(|id| !id.is_empty()).unwrap_or(last_id);
    let bucket = input.bucket.clone();
    let mut uploads = api
        .store
        .run(move |store| store.uploads(&bucket, &prefix, (&key_marker, &id_marker), limit + 1))
        .await?;
    let is_truncated = limit > 0 && uploads.len() > limit;
    uploads.truncate(limit);
    let last = uploads.last().filter(|_| is_truncated);
    let output = ListMultipartUploadsOutput {
        next_key_marker: last.map(|(key, _, _)| encoded(key, encoding)),
        next_upload_id_marker: last.map(|(_, id, _)| id.clone()),
        is_truncated: Some(is_truncated),
        max_uploads: Some(input.max_uploads.unwrap_or(1000)),
        uploads: Some(
            uploads
                .into_iter()
                .map(|(key, id, record)| MultipartUpload {
                    key: Some(encoded(&key, encoding)),
                    upload_id: Some(id),
                    initiated: Some(time(record.initiated_ms)),
                    storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
                    ..Default::default()
                })
                .collect(),
        ),
        prefix: input.prefix.map(|prefix| encoded(&prefix, encoding)),
        key_marker: Some(encoded(&input.key_marker.unwrap_or_default(), encoding)),
        upload_id_marker: input.upload_id_marker,
        bucket: Some(input.bucket),
        encoding_type: input.encoding_type,
        ..Default::default()
    };
    Ok(S3Response::new(output))
}

/// Checks a part's number: 1 to 10,000.
pub(super) fn part_number(given: i32) -> Result<u16, ClientError> {
    u16::try_from(given).ok().filter(|number| (1..=MAX_PARTS).contains(number)).ok_or_else(|| {
        ClientError::InvalidArgument(format!(
            "part number must be an integer between 1 and {MAX_PARTS}, inclusive"
        ))
    })
}

fn completion_part(part: CompletedPart) -> Result<CompletionPart, ClientError> {
    let checksum = upload::single_checksum(input_checksums!(part))?.map(|(_, value)| value);
    let number = part.part_number.ok_or(ClientError::MalformedXml("a part without its number"))?;
    let etag = part.e_tag.ok_or(ClientError::MalformedXml("a part without its ETag"))?;
    Ok(CompletionPart { number: part_number(number)?, etag: etag.value().to_owned(), checksum })
}

fn listed_part((number, record): (u16, PartRecord)) -> Part {
    let mut part = Part {
        part_number: Some(i32::from(number)),
        e_tag: Some(etag(&record.etag)),
        size: i64::try_from(record.size).ok(),
        last_modified: Some(time(record.modified_ms)),
        ..Default::default()
    };
    set_checksum!(part, &record.checksum);
    part
}

fn scope_of(name: Option<&ChecksumType>) -> Result<Option<ChecksumScope>, ClientError> {
    match name.map(ChecksumType::as_str) {
        None => Ok(None),
        Some(ChecksumType::FULL_OBJECT) => Ok(Some(ChecksumScope::FullObject)),
        Some(ChecksumType::COMPOSITE) => Ok(Some(ChecksumScope::Composite)),
        Some(other) => Err(ClientError::InvalidRequest(format!("{other} is not a type of checksum"))),
    }
}
