//! Multipart uploads.

use http::StatusCode;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, ChecksumAlgorithm, ChecksumType,
    CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, CreateMultipartUploadInput,
    CreateMultipartUploadOutput, EncodingType, ListMultipartUploadsInput, ListMultipartUploadsOutput,
    ListPartsInput, ListPartsOutput, MultipartUpload, Part, StorageClass, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};

use super::convert::{encoded, etag, given_checksums, kept_headers, limit, place, set_checksum, time};
use super::{Api, upload};
use crate::checksum::{Algorithm, Kind};
use crate::clock::Moment;
use crate::conditions::WriteConditions;
use crate::error::Refusal;
use crate::multipart::{Completion, ListedPart};
use crate::receive::{Claim, receive};
use crate::record::{Description, PartRecord, UploadRecord};
use crate::tags;

/// The greatest number of a part.
const MOST_PARTS: u16 = 10_000;

pub(super) async fn create(
    api: &Api,
    request: S3Request<CreateMultipartUploadInput>,
) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
    let mut input = request.input;
    let place = place(&input.bucket, &input.key);
    let algorithm =
        input.checksum_algorithm.as_ref().map(|name| Algorithm::from_name(name.as_str())).transpose()?;
    let kind = kind_of(input.checksum_type.as_ref())?;
    let record = UploadRecord {
        initiated_ms: Moment::now().0,
        description: Description {
            headers: kept_headers!(input),
            tags: tags::parse(input.tagging.as_deref().unwrap_or_default())?,
        },
        checksum: algorithm.map(|algorithm| (algorithm, kind.unwrap_or(algorithm.default_kind()))),
    };
    let checksum_type = record.checksum.map(|(_, kind)| ChecksumType::from_static(kind.name()));
    let upload_id = api.store.run(move |store| store.create_upload(&place, &record)).await?;
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
    let place = place(&input.bucket, &input.key);
    let number = part_number(input.part_number)?;
    let id = input.upload_id;
    let upload = {
        let (place, id) = (place.clone(), id.clone());
        api.store.run(move |store| store.look_up_upload(&place, &id)).await?
    };
    let mut expected = upload::expected(
        &request.headers,
        input.content_length,
        input.content_md5.as_deref(),
        given_checksums!(input),
        request.trailing_headers,
    )?;
    match (&upload.checksum, &expected.checksum) {
        (Some((algorithm, _)), None) => expected.checksum = Some((*algorithm, Claim::None)),
        (Some((algorithm, _)), Some((given, _))) if algorithm != given => {
            let sentence =
                format!("the upload's checksum is {} and the part's {}", algorithm.name(), given.name());
            return Err(Refusal::InvalidRequest(sentence).into());
        }
        (Some(_), Some(_)) | (None, _) => {}
    }
    let received = receive(api.store.blobs(), upload::stream(input.body), expected).await?;
    let record = api.store.run(move |store| store.put_part(&place, &id, number, received)).await?;
    let mut output = UploadPartOutput { e_tag: Some(etag(&record.etag)), ..Default::default() };
    set_checksum!(output, &record.checksum);
    Ok(S3Response::new(output))
}

pub(super) async fn complete(
    api: &Api,
    request: S3Request<CompleteMultipartUploadInput>,
) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
    let cause = api.cause(&request);
    let input = request.input;
    let place = place(&input.bucket, &input.key);
    let parts = input.multipart_upload.and_then(|list| list.parts).unwrap_or_default();
    let completion = Completion {
        parts: parts.into_iter().map(listed).collect::<Result<_, _>>()?,
        size: input
            .mpu_object_size
            .map(u64::try_from)
            .transpose()
            .map_err(|_| Refusal::InvalidArgument("x-amz-mp-object-size can't be negative".to_owned()))?,
        checksum: upload::only_checksum([
            (Algorithm::Crc32, input.checksum_crc32),
            (Algorithm::Crc32c, input.checksum_crc32c),
            (Algorithm::Crc64Nvme, input.checksum_crc64nvme),
            (Algorithm::Sha1, input.checksum_sha1),
            (Algorithm::Sha256, input.checksum_sha256),
        ])?
        .map(|(_, value)| value),
        conditions: WriteConditions { if_match: input.if_match, if_none_match: input.if_none_match },
        upload_id: input.upload_id,
    };
    let record = api.store.run(move |store| store.complete_upload(&place, &completion, &cause)).await?;
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
    output.checksum_type = record.checksum.map(|checksum| ChecksumType::from_static(checksum.kind.name()));
    Ok(S3Response::new(output))
}

pub(super) async fn abort(
    api: &Api,
    request: S3Request<AbortMultipartUploadInput>,
) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
    let place = place(&request.input.bucket, &request.input.key);
    api.store.run(move |store| store.abort_upload(&place, &request.input.upload_id)).await?;
    Ok(S3Response::with_status(AbortMultipartUploadOutput::default(), StatusCode::NO_CONTENT))
}

pub(super) async fn list_parts(
    api: &Api,
    request: S3Request<ListPartsInput>,
) -> S3Result<S3Response<ListPartsOutput>> {
    let input = request.input;
    let limit = limit(input.max_parts)?;
    let after = input.part_number_marker.unwrap_or(0);
    let (place, id) = (place(&input.bucket, &input.key), input.upload_id.clone());
    let (upload, parts) = api.store.run(move |store| store.parts(&place, &id)).await?;
    let mut rest = parts.into_iter().filter(|(number, _)| i32::from(*number) > after);
    let page: Vec<Part> = rest.by_ref().take(limit).map(part).collect();
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
        checksum_type: upload.checksum.map(|(_, kind)| ChecksumType::from_static(kind.name())),
        ..Default::default()
    };
    Ok(S3Response::new(output))
}

pub(super) async fn list_uploads(
    api: &Api,
    request: S3Request<ListMultipartUploadsInput>,
) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
    let input = request.input;
    if input.delimiter.is_some() {
        let sentence = "a delimiter is not supported for a listing of uploads";
        return Err(S3Error::with_message(S3ErrorCode::NotImplemented, sentence));
    }
    let encoding = input.encoding_type.as_ref();
    let limit = limit(input.max_uploads)?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let key_marker = input.key_marker.clone().unwrap_or_default();
    // Without an id the marker is past every upload of its key: no id is greater than this one.
    let past = if key_marker.is_empty() { String::new() } else { char::MAX.to_string() };
    let id_marker = input.upload_id_marker.clone().filter(|id| !id.is_empty()).unwrap_or(past);
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

/// A part's number, where it is one: 1 to 10,000.
pub(super) fn part_number(given: i32) -> Result<u16, Refusal> {
    u16::try_from(given).ok().filter(|number| (1..=MOST_PARTS).contains(number)).ok_or_else(|| {
        Refusal::InvalidArgument(format!(
            "part number must be an integer between 1 and {MOST_PARTS}, inclusive"
        ))
    })
}

fn listed(part: CompletedPart) -> Result<ListedPart, Refusal> {
    let checksum = upload::only_checksum(given_checksums!(part))?.map(|(_, value)| value);
    let number = part.part_number.ok_or(Refusal::MalformedXml("a part without its number"))?;
    let etag = part.e_tag.ok_or(Refusal::MalformedXml("a part without its ETag"))?;
    Ok(ListedPart { number: part_number(number)?, etag: etag.value().to_owned(), checksum })
}

fn part((number, record): (u16, PartRecord)) -> Part {
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

fn kind_of(name: Option<&ChecksumType>) -> Result<Option<Kind>, Refusal> {
    match name.map(ChecksumType::as_str) {
        None => Ok(None),
        Some(ChecksumType::FULL_OBJECT) => Ok(Some(Kind::FullObject)),
        Some(ChecksumType::COMPOSITE) => Ok(Some(Kind::Composite)),
        Some(other) => Err(Refusal::InvalidRequest(format!("{other} is not a type of checksum"))),
    }
}
