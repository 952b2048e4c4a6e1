//! The message about an upload or a video: its id, type and JSON.

use contract::renditions::area_of;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::arrival::state::UploadState;
use crate::arrival::store::NewestVersion;
use crate::http::upload_status::UploadStatus;
use crate::signing::owner::Owner;

/// Number of bytes of the hash that the id of a message contains.
const ID_BYTES: usize = 16;

/// A message. The same event always makes the same message, so that a receiver can recognise a repetition by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The header `webhook-id`.
    pub id: String,
    /// The type, such as `upload.clean`.
    pub kind: &'static str,
    /// The body, in JSON.
    pub body: String,
}

/// The result of a video, from the event of the transcoding trigger: the members of the status document that the message
/// repeats.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoResult {
    id: String,
    state: FinalState,
    run: String,
    source: Source,
    #[serde(default)]
    playback: Map<String, Value>,
    #[serde(default)]
    duration_seconds: Option<f64>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FinalState {
    Ready,
    Failed,
    Canceled,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Source {
    key: String,
}

/// The message about an upload.
#[derive(Serialize)]
struct UploadData<'a> {
    #[serde(flatten)]
    status: UploadStatus,
    /// The digest of the owner's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
}

/// The message about a video.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VideoData<'a> {
    id: &'a str,
    state: FinalState,
    key: &'a str,
    status_url: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    playback: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Value>,
}

impl VideoResult {
    /// Reads the `detail` of an event. Members that the message doesn't repeat are ignored.
    pub fn parse(detail: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(detail)
    }
}

impl Message {
    /// The message about an upload; `None` while it is pending, and for an object that isn't an upload. `time` is that of
    /// the event, `public_url` the URL of the file for viewers.
    pub fn of_upload(newest: &NewestVersion, public_url: String, time: &str) -> Option<Self> {
        let NewestVersion { object, state, owner } = newest;
        let kind = match state {
            Some(UploadState::Pending) | None => return None,
            Some(UploadState::Clean(_)) => "upload.clean",
            Some(UploadState::Refused(_)) => "upload.refused",
        };
        let version = object.version.as_deref().unwrap_or(&object.etag);
        let status = UploadStatus::new(object, state.as_ref(), public_url);
        let data = UploadData { status, owner: owner.as_ref().map(Owner::tag) };
        Some(Self::new(kind, &[kind, &object.key, version], time, &data))
    }

    /// The message about a video. `public_url` is the URL of the CDN, without a path.
    pub fn of_video(result: &VideoResult, public_url: &str, time: &str) -> Self {
        let VideoResult { id, state, run, source, playback, duration_seconds, error } = result;
        let kind = match state {
            FinalState::Ready => "video.ready",
            FinalState::Failed | FinalState::Canceled => "video.failed",
        };
        let data = VideoData {
            id,
            state: *state,
            key: &source.key,
            status_url: format!("{public_url}/{}/{id}/status.json", area_of(&source.key).segment()),
            playback: playback.iter().map(|(name, path)| (name.clone(), url(public_url, path))).collect(),
            duration_seconds: *duration_seconds,
            error: error.as_ref(),
        };
        Self::new(kind, &[kind, id, run], time, &data)
    }

    fn new(kind: &'static str, identity: &[&str], time: &str, data: &impl Serialize) -> Self {
        let digest = Sha256::digest(identity.join("\n"));
        let id = format!("msg_{}", hex::encode(digest.iter().take(ID_BYTES).copied().collect::<Vec<_>>()));
        Self { id, kind, body: json!({ "type": kind, "timestamp": time, "data": data }).to_string() }
    }
}

/// The URL of a path on the CDN, or the URLs of a list of paths.
fn url(public_url: &str, path: &Value) -> Value {
    match path {
        Value::String(path) => Value::String(format!("{public_url}{path}")),
        Value::Array(paths) => paths.iter().map(|path| url(public_url, path)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => path.clone(),
    }
}

#[cfg(test)]
mod tests {
    use bucket::ObjectVersion;

    use super::*;
    use crate::arrival::dimensions::Dimensions;
    use crate::arrival::state::RefusalReason;

    const TIME: &str = "2026-01-02T03:04:05Z";

    fn object(version: &str) -> ObjectVersion {
        ObjectVersion {
            key: "files/0190163d-8694-739b-aea5-966c26f8ad91/cat.png".to_owned(),
            version: Some(version.to_owned()),
            etag: "\"e\"".to_owned(),
            bytes: 1234,
            media_type: "image/png".to_owned(),
            modified_s: 0,
        }
    }

    fn of_upload(version: &str, state: &UploadState) -> Option<Message> {
        let url = "https://cdn.example.com/files/0190163d-8694-739b-aea5-966c26f8ad91/cat.png".to_owned();
        let owner = Some(Owner::new("session:alice"));
        Message::of_upload(
            &NewestVersion { object: object(version), state: Some(state.clone()), owner },
            url,
            TIME,
        )
    }

    #[test]
    fn a_checked_upload_is_described_as_by_its_status() {
        let message = of_upload("v1", &UploadState::Clean(Dimensions::new(64, 48))).unwrap();
        insta::assert_snapshot!(message.body, @r#"{"data":{"height":48,"id":"0190163d-8694-739b-aea5-966c26f8ad91","key":"files/0190163d-8694-739b-aea5-966c26f8ad91/cat.png","owner":"55ZtsfOqJF4yiVDNJV2AQufanZBEOCufqlV05fl7EIw","publicUrl":"https://cdn.example.com/files/0190163d-8694-739b-aea5-966c26f8ad91/cat.png","size":1234,"state":"clean","type":"image/png","width":64},"timestamp":"2026-01-02T03:04:05Z","type":"upload.clean"}"#);
        let message = of_upload("v1", &UploadState::Refused(RefusalReason::Harmful)).unwrap();
        let body: Value = serde_json::from_str(&message.body).unwrap();
        assert_eq!((&body["type"], &body["data"]["reason"]), (&json!("upload.refused"), &json!("harmful")));
        assert_eq!(of_upload("v1", &UploadState::Pending), None);
    }

    #[test]
    fn an_id_belongs_to_one_version_in_one_state() {
        let id = |version: &str, state: &UploadState| of_upload(version, state).unwrap().id;
        let clean = UploadState::Clean(None);
        assert_eq!(id("v1", &clean), id("v1", &clean));
        assert_ne!(id("v1", &clean), id("v2", &clean));
        assert_ne!(id("v1", &clean), id("v1", &UploadState::Refused(RefusalReason::Empty)));
    }

    #[test]
    fn a_video_has_urls_of_the_cdn_or_the_reason_of_its_failure() {
        let video = |state: &str, more: (&str, Value)| {
            let mut detail = json!({
                "id": "1", "state": state, "run": "0123", "percent": 100, "source": { "key": "files/1/a.mp4", "bytes": 9 },
            });
            detail[more.0] = more.1;
            let message =
                Message::of_video(&VideoResult::parse(&detail).unwrap(), "https://cdn.example.com", TIME);
            let body: Value = serde_json::from_str(&message.body).unwrap();
            (message.kind, body["data"].clone())
        };
        let playback = json!({ "hls": "/videos/1/0123/a.m3u8", "posters": ["/videos/1/0123/a.0.jpg"] });
        let (kind, data) = video("ready", ("playback", playback));
        assert_eq!(kind, "video.ready");
        assert_eq!(
            data,
            json!({
                "id": "1", "state": "ready", "key": "files/1/a.mp4",
                "statusUrl": "https://cdn.example.com/videos/1/status.json",
                "playback": {
                    "hls": "https://cdn.example.com/videos/1/0123/a.m3u8",
                    "posters": ["https://cdn.example.com/videos/1/0123/a.0.jpg"],
                },
            })
        );
        let error = json!({ "code": "too-long", "message": "it is too long" });
        let (kind, data) = video("failed", ("error", error.clone()));
        assert_eq!((kind, &data["error"]), ("video.failed", &error));
        assert_eq!(video("canceled", ("error", error)).0, "video.failed");
        assert!(
            VideoResult::parse(
                &json!({ "id": "1", "state": "probing", "run": "0", "source": { "key": "k" } })
            )
            .is_err()
        );
    }
}
