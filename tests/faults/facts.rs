//! The facts about a flow's file that the invariants need.

use std::cell::RefCell;

use bytes::Bytes;
use serde_json::Value;

/// The facts, which a flow and its client change.
pub(crate) type Shared = RefCell<Facts>;

/// The facts about a file.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Facts {
    pub(crate) key: Option<String>,
    /// The contents that the client has sent, the newest last.
    pub(crate) contents: Vec<Bytes>,
    /// `true` if the client knows that the newest content is stored.
    pub(crate) is_acknowledged: bool,
    /// `true` if the client has sent a deletion.
    pub(crate) is_deleted: bool,
    /// `true` if the client has sent a withdrawal.
    pub(crate) is_withdrawn: bool,
    /// `true` if no content may ever be served.
    pub(crate) is_bad: bool,
    /// `true` if the client has sent a cancellation.
    pub(crate) is_canceled: bool,
    /// `true` if each upload must be told to the webhook.
    pub(crate) is_told: bool,
    /// `true` if the content is a video, or sound alone.
    pub(crate) is_video: bool,
    /// `true` if the content is sound alone.
    pub(crate) is_sound: bool,
    /// `true` if the variant must be stored in advance.
    pub(crate) is_prewarmed: bool,
    /// A private file's link.
    pub(crate) link: Option<String>,
}

impl Facts {
    /// The id in the key.
    pub(crate) fn id(&self) -> Option<&str> {
        self.key.as_deref().and_then(|key| key.split('/').nth(1))
    }

    /// The prefix of what is made of a video.
    pub(crate) fn outputs(&self) -> String {
        let is_private = self.key.as_deref().is_some_and(|key| key.starts_with("private/"));
        format!("{}/{}/", if is_private { "private-videos" } else { "videos" }, self.id().unwrap_or_default())
    }

    pub(crate) fn granted(&mut self, grant: &Value) {
        self.key = Some(grant["key"].as_str().unwrap().to_owned());
    }

    pub(crate) fn sends(&mut self, content: &[u8]) {
        self.contents.push(Bytes::copy_from_slice(content));
        self.is_acknowledged = false;
    }
}
