//! A file of the library in an answer.

use contract::key::Key;
use contract::state::{REASON_TAG, STATE_TAG};
use jiff::Timestamp;
use library::record::{Description, Edits, FileRecord, FocalPoint};
use serde::Serialize;

use crate::arrival::state::{RefusalReason, UploadState};
use crate::signing::signer::Signer;

/// A file of the library.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileView<'a> {
    id: &'a str,
    key: &'a str,
    name: &'a str,
    /// `public` or `private`.
    visibility: &'static str,
    state: &'static str,
    /// The name of the reason of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The reason as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The media type.
    r#type: &'a str,
    /// The size in bytes.
    size: u64,
    /// The width of a picture in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    /// The height of a picture in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    created: String,
    modified: String,
    /// The URL for viewers. One of a private file must be signed.
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dominant_color: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumb_hash: Option<&'a str>,
    folder: &'a str,
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    focal_point: Option<FocalPoint>,
}

impl<'a> FileView<'a> {
    /// The view of a record. `None` if its key isn't one, which no record has.
    pub(super) fn new(record: &'a FileRecord, signer: &Signer) -> Option<Self> {
        let key = Key::parse(&record.key).ok()?;
        let FileRecord { facts, description, edits, .. } = record;
        let Edits { folder, tags, alt, focal_point, name: _ } = edits;
        let refusal = refusal(record);
        let (width, height) = record.size().unzip();
        Some(Self {
            id: record.id.as_str(),
            key: &record.key,
            name: record.name(),
            visibility: if key.area().is_private() { "private" } else { "public" },
            state: facts.state.name(),
            reason: refusal.as_ref().map(RefusalReason::name),
            detail: refusal.as_ref().map(ToString::to_string),
            r#type: &facts.media_type,
            size: facts.bytes,
            width,
            height,
            created: time(i64::try_from(record.created_ms).unwrap_or(i64::MAX)),
            modified: time(facts.modified_s.saturating_mul(1000)),
            url: signer.public_url(&key),
            dominant_color: description
                .as_ref()
                .map(|Description { dominant_color, .. }| dominant_color.as_str()),
            thumb_hash: description.as_ref().map(|Description { thumb_hash, .. }| thumb_hash.as_str()),
            folder,
            tags,
            alt: alt.as_deref(),
            focal_point: *focal_point,
        })
    }
}

/// The reason of a refusal in the tags that the record repeats.
fn refusal(record: &FileRecord) -> Option<RefusalReason> {
    let reason = record.facts.reason.as_deref().unwrap_or_default();
    match UploadState::from_tags([(STATE_TAG, record.facts.state.name()), (REASON_TAG, reason)]) {
        Some(UploadState::Refused(reason)) => Some(reason),
        Some(UploadState::Pending | UploadState::Clean(_)) | None => None,
    }
}

/// A time in milliseconds since 1970 as text.
fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}
