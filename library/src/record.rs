//! The record of a file.

use contract::key::Key;
use serde::{Deserialize, Serialize};

use crate::name::{FileId, Position, signed_ms};

/// The record of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileRecord {
    /// The key of the object.
    pub key: String,
    /// The id.
    pub id: FileId,
    /// The time of the upload's signature, or of the first version that the library has seen, in milliseconds since 1970.
    pub created_ms: u64,
    /// What the bucket says.
    pub facts: Facts,
    /// What the picture says; `None` for other files, and until the picture was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// What people have written.
    #[serde(default)]
    pub edits: Edits,
}

/// What the bucket says about an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The size in bytes.
    pub bytes: u64,
    /// The media type.
    pub media_type: String,
    /// The entity tag, without quotes.
    pub etag: String,
    /// The time of the last write, in seconds since 1970.
    pub modified_s: i64,
    /// The state.
    pub state: State,
    /// The reason of a refusal, as in the object's tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The dimensions of a picture, as in the object's tag, such as `640x480`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<String>,
    /// The owner, as in the object's tag; `None` for the file of an anonymous caller or of the bucket's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// The state of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It isn't checked yet.
    Pending,
    /// It is served.
    Clean,
    /// It is never served.
    Refused,
    /// It has no tag with a state, so it isn't served.
    Unchecked,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Clean, Self::Refused, Self::Unchecked];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Clean => "clean",
            Self::Refused => "refused",
            Self::Unchecked => "unchecked",
        }
    }
}

/// What one version of a picture says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// The entity tag of the version, without quotes.
    pub etag: String,
    /// The width of the upright picture in pixels.
    pub width: u32,
    /// The height of the upright picture in pixels.
    pub height: u32,
    /// The dominant colour, such as `#d75d1f`.
    pub dominant_color: String,
    /// The `ThumbHash` in Base64.
    pub thumb_hash: String,
}

/// What people have written about a file. They stay when its content is replaced, and go when it is removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Edits {
    /// The name that people see; `None` for that of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The folder, such as `press/2026`; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub folder: String,
    /// The tags, sorted and each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The alternative text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// The focal point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_point: Option<FocalPoint>,
}

/// The point of a picture that matters most, as fractions of its width and height from the top left corner, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FocalPoint {
    /// The fraction of the width.
    pub x: f64,
    /// The fraction of the height.
    pub y: f64,
}

impl FileRecord {
    /// The record of a file that the library doesn't know yet.
    pub fn new(key: &Key, facts: Facts) -> Self {
        let written_ms = u64::try_from(facts.modified_s).unwrap_or(0).saturating_mul(1000);
        Self {
            key: key.as_str().to_owned(),
            id: FileId::of(key),
            created_ms: signed_ms(key).unwrap_or(written_ms),
            facts,
            description: None,
            edits: Edits::default(),
        }
    }

    /// The same file with what the bucket says now. The description of another version goes.
    #[must_use]
    pub fn with_facts(self, facts: Facts) -> Self {
        let is_readable = facts.state == State::Clean;
        let description = self.description.filter(|one| is_readable && one.etag == facts.etag);
        Self { facts, description, ..self }
    }

    /// `true` for a picture that may be read and wasn't described yet.
    pub fn needs_description(&self) -> bool {
        self.facts.state == State::Clean
            && self.facts.media_type.starts_with("image/")
            && self.description.is_none()
    }

    /// The name that people see.
    pub fn name(&self) -> &str {
        let own = self.key.rsplit('/').next().unwrap_or_default();
        self.edits.name.as_deref().unwrap_or(own)
    }

    /// Width and height of a picture in pixels, upright if it was described.
    pub fn size(&self) -> Option<(u32, u32)> {
        if let Some(Description { width, height, .. }) = self.description {
            return Some((width, height));
        }
        let (width, height) = self.facts.dimensions.as_deref()?.split_once('x')?;
        Some((width.parse().ok()?, height.parse().ok()?))
    }

    /// The position in a list. `None` if the key isn't one, which no record has.
    pub fn position(&self) -> Option<Position> {
        Key::parse(&self.key).ok().map(|key| Position::new(self.created_ms, &key))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A clean picture.
    pub(crate) fn facts(etag: &str) -> Facts {
        Facts {
            bytes: 1000,
            media_type: "image/jpeg".to_owned(),
            etag: etag.to_owned(),
            modified_s: 1_700_000_000,
            state: State::Clean,
            reason: None,
            dimensions: Some("640x480".to_owned()),
            owner: None,
        }
    }

    pub(crate) fn described(etag: &str) -> Description {
        Description {
            etag: etag.to_owned(),
            width: 480,
            height: 640,
            dominant_color: "#d75d1f".to_owned(),
            thumb_hash: "1QcS".to_owned(),
        }
    }

    #[test]
    fn what_people_wrote_stays_and_the_description_of_another_version_goes() {
        let key = Key::parse("files/cat.jpg").unwrap();
        let edits = Edits { alt: Some("A cat".to_owned()), ..Edits::default() };
        let record =
            FileRecord { description: Some(described("a")), edits, ..FileRecord::new(&key, facts("a")) };
        assert_eq!(record.size(), Some((480, 640)));
        assert!(!record.needs_description());

        let same = record.clone().with_facts(Facts { owner: Some("o".to_owned()), ..facts("a") });
        assert_eq!(same.description, record.description);

        let replaced = record.clone().with_facts(Facts { modified_s: 1_800_000_000, ..facts("b") });
        assert_eq!((replaced.description.as_ref(), replaced.size()), (None, Some((640, 480))));
        assert_eq!((&replaced.edits, replaced.created_ms), (&record.edits, record.created_ms));
        assert!(replaced.needs_description());

        let withdrawn = record.with_facts(Facts { state: State::Refused, ..facts("a") });
        assert_eq!(withdrawn.description, None);
        assert!(!withdrawn.needs_description());
    }

    #[test]
    fn the_time_is_that_of_the_signature_or_of_the_first_write() {
        let check = |key: &str, expected| {
            let record = FileRecord::new(&Key::parse(key).unwrap(), facts("a"));
            assert_eq!(record.created_ms, expected, "{key}");
            assert!(record.position().is_some());
        };
        check("files/0190163d-8694-739b-aea5-966c26f8ad91/cat.jpg", 0x0190_163d_8694);
        check("files/cat.jpg", 1_700_000_000_000);
    }

    #[test]
    fn a_record_is_read_from_the_text_that_it_is_written_to() {
        let key = Key::parse("files/cat.jpg").unwrap();
        let record = FileRecord { description: Some(described("a")), ..FileRecord::new(&key, facts("a")) };
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<FileRecord>(&text).unwrap(), record);
        assert!(!text.contains("null"), "{text}");
    }
}
