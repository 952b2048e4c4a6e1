//! Operations on tags.

use http::StatusCode;
use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectTaggingInput, GetObjectTaggingOutput,
    PutObjectTaggingInput, PutObjectTaggingOutput, Tag, Tagging,
};
use s3s::{S3Request, S3Response, S3Result};

use super::convert::object_path;
use super::service::Api;
use crate::error::ClientError;
use crate::guard::{Guard, Need};
use crate::{needs, record, tags};

pub(super) async fn get(
    api: &Api,
    request: S3Request<GetObjectTaggingInput>,
) -> S3Result<S3Response<GetObjectTaggingOutput>> {
    let path = object_path(&request.input.bucket, &request.input.key);
    let guard = Guard::of(&request.extensions)?;
    let found = api.look_up(path.clone()).await;
    let action = needs::read_tags(request.input.version_id.is_some());
    let object = guard.admit(action, &path, found, |record| record)?;
    object.check_version(request.input.version_id.as_deref())?;
    let version_id = Some(object.version().to_owned());
    let tag = |tag: record::Tag| Tag { key: Some(tag.key), value: Some(tag.value) };
    let tag_set = object.description.tags.into_iter().map(tag).collect();
    Ok(S3Response::new(GetObjectTaggingOutput { tag_set, version_id }))
}

pub(super) async fn put(
    api: &Api,
    request: S3Request<PutObjectTaggingInput>,
) -> S3Result<S3Response<PutObjectTaggingOutput>> {
    let (path, cause) = (object_path(&request.input.bucket, &request.input.key), api.event_cause(&request));
    let tags = from_document(request.input.tagging)?;
    let version_id = request.input.version_id;
    let need = Need::of_object(needs::write_tags(version_id.is_some()), &path).with_new_tags(&tags);
    Guard::of(&request.extensions)?.require(need)?;
    let version = version_id.clone();
    api.store.run(move |store| store.set_tags(&path, version.as_deref(), tags, &cause)).await?;
    Ok(S3Response::new(PutObjectTaggingOutput { version_id }))
}

pub(super) async fn delete(
    api: &Api,
    request: S3Request<DeleteObjectTaggingInput>,
) -> S3Result<S3Response<DeleteObjectTaggingOutput>> {
    let (path, cause) = (object_path(&request.input.bucket, &request.input.key), api.event_cause(&request));
    let version = request.input.version_id;
    let tags = Vec::new();
    api.store.run(move |store| store.set_tags(&path, version.as_deref(), tags, &cause)).await?;
    Ok(S3Response::with_status(DeleteObjectTaggingOutput::default(), StatusCode::NO_CONTENT))
}

/// Reads a `Tagging` document. Fails if the tags break the rules.
pub(crate) fn from_document(document: Tagging) -> Result<Vec<record::Tag>, ClientError> {
    let tag =
        |tag: Tag| record::Tag { key: tag.key.unwrap_or_default(), value: tag.value.unwrap_or_default() };
    tags::check(document.tag_set.into_iter().map(tag).collect())
}
