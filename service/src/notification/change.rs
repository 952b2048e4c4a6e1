//! Changes of objects.

use super::error::NotificationError;

/// A change of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The object was written: a new one, or a replacement.
    Created(ObjectCreated),
    /// The object was removed, or hidden by a delete marker.
    Deleted(ObjectName),
    /// The object's tags were set.
    Tagged(ObjectTagged),
}

/// An object that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectCreated {
    /// The bucket's name.
    pub bucket: String,
    /// The decoded key.
    pub key: String,
    /// The object's size in bytes.
    pub size: u64,
    /// The entity tag, without quotes.
    pub etag: String,
    /// The version id. `None` in a bucket without versioning.
    pub version_id: Option<String>,
    /// Orders the events of one key: hexadecimal digits, compared after padding with zeros on the right.
    pub sequencer: Option<String>,
}

/// The name of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    /// The bucket's name.
    pub bucket: String,
    /// The decoded key.
    pub key: String,
}

/// An object whose tags were set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectTagged {
    /// The object's name.
    pub name: ObjectName,
    /// The id of the request that set the tags. All deliveries of its event have it. `None` if the event has none.
    pub request: Option<String>,
}

impl Change {
    /// The object that changed.
    pub fn object(&self) -> ObjectName {
        match self {
            Self::Created(ObjectCreated { bucket, key, .. })
            | Self::Deleted(ObjectName { bucket, key })
            | Self::Tagged(ObjectTagged { name: ObjectName { bucket, key }, .. }) => {
                ObjectName { bucket: bucket.clone(), key: key.clone() }
            }
        }
    }
}

/// A member of an event that must be a text with at least one character.
pub(super) fn required(text: Option<String>, name: &'static str) -> Result<String, NotificationError> {
    text.filter(|text| !text.is_empty()).ok_or(NotificationError::Missing(name))
}
