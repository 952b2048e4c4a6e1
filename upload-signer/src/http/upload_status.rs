//! The description of an upload in `GET /uploads/<id>` and in messages of the webhook.

use bucket::ObjectVersion;
use serde::Serialize;

use crate::arrival::dimensions::Dimensions;
use crate::arrival::state::{RefusalReason, UploadState};

/// The description of an upload that has arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadStatus {
    /// The id of the upload: the middle segment of the key.
    id: String,
    /// `pending`, `clean` or `refused`; `unchecked` for an object without a state: the signer didn't sign it.
    state: &'static str,
    /// The name of the reason of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The reason as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The key of the object.
    key: String,
    /// The size in bytes.
    size: u64,
    /// The declared media type.
    r#type: String,
    /// The width of a clean picture in pixels, before EXIF orientation, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    /// The height of a clean picture in pixels, before EXIF orientation, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    /// The URL for viewers, which works once the upload is clean.
    public_url: String,
}

impl UploadStatus {
    /// The description of an object with the state in its tags.
    pub fn new(object: &ObjectVersion, state: Option<&UploadState>, public_url: String) -> Self {
        let (dimensions, refusal) = match state {
            Some(UploadState::Clean(dimensions)) => (*dimensions, None),
            Some(UploadState::Refused(reason)) => (None, Some(reason)),
            Some(UploadState::Pending) | None => (None, None),
        };
        Self {
            id: object.key.split('/').nth(1).unwrap_or_default().to_owned(),
            state: state.map_or("unchecked", UploadState::name),
            reason: refusal.map(RefusalReason::name),
            detail: refusal.map(ToString::to_string),
            width: dimensions.map(Dimensions::width),
            height: dimensions.map(Dimensions::height),
            public_url,
            key: object.key.clone(),
            size: object.bytes,
            r#type: object.media_type.clone(),
        }
    }
}
