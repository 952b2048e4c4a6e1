//! Objects: put, get, head, delete.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use s3s::dto::{
    ChecksumType, Delete, DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput,
    DeletedObject, ETagCondition, Error, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput,
    PutObjectInput, PutObjectOutput, Range, StreamingBlob,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::convert::{self, etag, input_checksums, object_path, set_checksum, set_headers, stored_headers};
use super::service::Api;
use super::upload;
use crate::clock::Moment;
use crate::conditions::{ConditionResult, ReadConditions, WriteConditions};
use crate::error::ClientError;
use crate::events::CreationReason;
use crate::guard::{Guard, Need};
use crate::needs;
use crate::receive::receive;
use crate::record::{Description, ObjectRecord};
use crate::tags;

/// Size of the chunks of a response's body, in bytes.
const READ_BYTES: usize = 1 << 17;

pub(super) async fn put(
    api: &Api,
    request: S3Request<PutObjectInput>,
) -> S3Result<S3Response<PutObjectOutput>> {
    let cause = api.event_cause(&request);
    let mut input = request.input;
    let path = object_path(&input.bucket, &input.key);
    let headers = stored_headers!(input);
    let tags = tags::parse(input.tagging.as_deref().unwrap_or_default())?;
    let conditions = WriteConditions {
        if_match: input.if_match.take(),
        if_none_match: input.if_none_match.take(),
        version: None,
    };
    let expected = upload::expected(
        &request.headers,
        input.content_length,
        input.content_md5.as_deref(),
        input_checksums!(input),
        request.trailing_headers,
    )?;
    let content = receive(api.store.blobs(), upload::stream(input.body), expected).await?;
    let description = Description { headers, tags };
    let record = api
        .store
        .run(move |store| {
            store.put_object(&path, content, description, &conditions, CreationReason::PutObject, &cause)
        })
        .await?;
    let version_id = Some(record.version().to_owned());
    let mut output = PutObjectOutput { e_tag: Some(etag(&record.etag)), version_id, ..Default::default() };
    set_checksum!(output, &record.checksum);
    output.checksum_type = checksum_type(&record);
    Ok(S3Response::new(output))
}

pub(super) async fn get(
    api: &Api,
    request: S3Request<GetObjectInput>,
) -> S3Result<S3Response<GetObjectOutput>> {
    let guard = Guard::of(&request.extensions)?;
    let input = request.input;
    let path = object_path(&input.bucket, &input.key);
    let opened = api.open(path.clone()).await;
    let action = needs::read(input.version_id.is_some());
    let (record, file) = guard.admit(action, &path, opened, |(record, _)| record)?;
    record.check_version(input.version_id.as_deref())?;
    let conditions = ReadConditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since_s: input.if_modified_since.as_ref().map(convert::seconds),
        if_unmodified_since_s: input.if_unmodified_since.as_ref().map(convert::seconds),
    };
    check_conditions(&conditions, &record)?;
    check_part(input.part_number)?;
    let mut output = GetObjectOutput::default();
    set_headers!(output, record);
    let mut file = tokio::fs::File::from_std(file);
    let mut length = record.size;
    if let Some(range) = resolve_range(input.range, record.size)? {
        length = range.end - range.start;
        output.content_range = Some(content_range(&range, record.size));
        file.seek(std::io::SeekFrom::Start(range.start)).await.map_err(S3Error::internal_error)?;
    } else if input.checksum_mode.is_some() {
        set_checksum!(output, &record.checksum);
        output.checksum_type = checksum_type(&record);
    }
    output.content_length = i64::try_from(length).ok();
    output.tag_count = i32::try_from(record.description.tags.len()).ok().filter(|count| *count > 0);
    output.body = Some(StreamingBlob::wrap(ReaderStream::with_capacity(file.take(length), READ_BYTES)));
    Ok(S3Response::new(output))
}

pub(super) async fn head(
    api: &Api,
    request: S3Request<HeadObjectInput>,
) -> S3Result<S3Response<HeadObjectOutput>> {
    let guard = Guard::of(&request.extensions)?;
    let input = request.input;
    let path = object_path(&input.bucket, &input.key);
    let found = api.look_up(path.clone()).await;
    let record = guard.admit(needs::read(input.version_id.is_some()), &path, found, |record| record)?;
    record.check_version(input.version_id.as_deref())?;
    let conditions = ReadConditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since_s: input.if_modified_since.as_ref().map(convert::seconds),
        if_unmodified_since_s: input.if_unmodified_since.as_ref().map(convert::seconds),
    };
    check_conditions(&conditions, &record)?;
    check_part(input.part_number)?;
    let mut output = HeadObjectOutput::default();
    set_headers!(output, record);
    let mut length = record.size;
    let range = resolve_range(input.range, record.size)?;
    if let Some(range) = &range {
        length = range.end - range.start;
        output.content_range = Some(content_range(range, record.size));
    } else if input.checksum_mode.is_some() {
        set_checksum!(output, &record.checksum);
        output.checksum_type = checksum_type(&record);
    }
    output.content_length = i64::try_from(length).ok();
    let mut response = S3Response::new(output);
    response.status = range.map(|_| StatusCode::PARTIAL_CONTENT);
    let tags = record.description.tags.len();
    if tags > 0 {
        response.headers.insert("x-amz-tagging-count", HeaderValue::from(tags));
    }
    Ok(response)
}

pub(super) async fn delete(
    api: &Api,
    request: S3Request<DeleteObjectInput>,
) -> S3Result<S3Response<DeleteObjectOutput>> {
    let cause = api.event_cause(&request);
    let input = request.input;
    let conditions =
        WriteConditions { if_match: input.if_match, if_none_match: None, version: input.version_id };
    let keys = vec![(input.key, conditions)];
    let results = api.store.run(move |store| store.delete_objects(&input.bucket, &keys, &cause)).await?;
    for result in results {
        result?;
    }
    Ok(S3Response::with_status(DeleteObjectOutput::default(), StatusCode::NO_CONTENT))
}

pub(super) async fn delete_several(
    api: &Api,
    request: S3Request<DeleteObjectsInput>,
) -> S3Result<S3Response<DeleteObjectsOutput>> {
    let (cause, guard) = (api.event_cause(&request), Guard::of(&request.extensions)?);
    let DeleteObjectsInput { bucket, delete: Delete { objects, quiet }, .. } = request.input;
    if objects.is_empty() || objects.len() > 1000 {
        return Err(ClientError::MalformedXml("a list of 1 to 1000 keys is needed").into());
    }
    let (mut keys, mut refused) = (Vec::new(), Vec::new());
    for object in objects {
        let path = object_path(&bucket, &object.key);
        let if_match = object.e_tag.map(ETagCondition::ETag);
        let conditions = WriteConditions { if_match, if_none_match: None, version: object.version_id };
        match guard.require(Need::of_object(needs::deletion(conditions.version.is_some()), &path)) {
            Ok(()) => keys.push((object.key, conditions)),
            Err(refusal) => refused.push(((object.key, conditions), Err(refusal))),
        }
    }
    let (keys, results) = api
        .store
        .run(move |store| {
            let results = store.delete_objects(&bucket, &keys, &cause)?;
            Ok((keys, results))
        })
        .await?;
    let mut output =
        DeleteObjectsOutput { deleted: Some(Vec::new()), errors: Some(Vec::new()), ..Default::default() };
    let results = keys.into_iter().zip(results).chain(refused);
    for ((key, WriteConditions { version: version_id, .. }), result) in results {
        match result {
            Ok(()) if quiet == Some(true) => {}
            Ok(()) => {
                let deleted = DeletedObject { key: Some(key), version_id, ..Default::default() };
                output.deleted.get_or_insert_default().push(deleted);
            }
            Err(refusal) => {
                let error = S3Error::from(refusal);
                output.errors.get_or_insert_default().push(Error {
                    key: Some(key),
                    version_id,
                    code: Some(error.code().as_str().to_owned()),
                    message: error.message().map(str::to_owned),
                });
            }
        }
    }
    Ok(S3Response::new(output))
}

/// Returns the response 304 or 412 as an error if the conditions ask for it.
pub(super) fn check_conditions(conditions: &ReadConditions, record: &ObjectRecord) -> S3Result<()> {
    match conditions.evaluate(&record.etag, Moment(record.modified_ms).seconds()) {
        ConditionResult::Proceed => Ok(()),
        ConditionResult::NotModified => {
            let mut error = S3Error::new(S3ErrorCode::NotModified);
            error.set_status_code(StatusCode::NOT_MODIFIED);
            error.set_headers(validators(record));
            Err(error)
        }
        ConditionResult::Failed(header) => Err(ClientError::PreconditionFailed(header).into()),
    }
}

/// The headers that a 304 repeats, so that caches can update their entries (RFC 9110, section 15.4.5).
fn validators(record: &ObjectRecord) -> HeaderMap {
    let stored = &record.description.headers;
    let mut headers = HeaderMap::new();
    let mut insert = |name, value: Option<String>| {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    };
    insert(header::ETAG, Some(format!("\"{}\"", record.etag)));
    insert(header::LAST_MODIFIED, Some(Moment(record.modified_ms).http_date()));
    insert(header::CACHE_CONTROL, stored.cache_control.clone());
    insert(header::EXPIRES, stored.expires_s.map(|seconds| Moment(seconds * 1000).http_date()));
    headers
}

/// Accepts part 1 only: a stored object has one part, also after a multipart upload.
fn check_part(number: Option<i32>) -> S3Result<()> {
    if number.is_none_or(|number| number == 1) {
        return Ok(());
    }
    let code = S3ErrorCode::Custom("InvalidPartNumber".into());
    let mut error = S3Error::with_message(code, "the requested part is not satisfiable: there is one");
    error.set_status_code(StatusCode::RANGE_NOT_SATISFIABLE);
    Err(error)
}

fn checksum_type(record: &ObjectRecord) -> Option<ChecksumType> {
    record.checksum.as_ref().map(|checksum| ChecksumType::from_static(checksum.scope.name()))
}

fn content_range(range: &std::ops::Range<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1))
}

/// The bytes that a range names. The error for a range outside the object names its size.
fn resolve_range(range: Option<Range>, size: u64) -> S3Result<Option<std::ops::Range<u64>>> {
    let Some(range) = range else { return Ok(None) };
    let found = range.check(size).ok().filter(|found| !found.is_empty());
    found.map(Some).ok_or_else(|| {
        let mut error =
            S3Error::with_message(S3ErrorCode::InvalidRange, "The requested range is not satisfiable");
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
            headers.insert(header::CONTENT_RANGE, value);
        }
        error.set_headers(headers);
        error
    })
}
