//! Sets of events, and their patterns in EventBridge's format.

use serde_json::{Value, json};

/// A set of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    /// Events of objects in the bucket of originals.
    Originals {
        /// The kinds of events.
        kinds: &'static [ObjectEvent],
        /// The keys of the objects. A key must match one of the filters.
        keys: &'static [KeyFilter],
    },
    /// Events of jobs in the queue of transcoding jobs.
    TranscodingJobs,
    /// Results of videos in the bucket of originals, which the trigger sends.
    VideoResults,
}

/// The resources in the patterns of rules.
#[derive(Clone, Copy, Debug)]
pub struct EventResources<'a> {
    /// The name of the bucket of originals.
    pub originals: &'a Value,
    /// The ARN of the same bucket.
    pub originals_arn: &'a Value,
    /// The ARN of the queue of transcoding jobs.
    pub job_queue: &'a Value,
}

/// A kind of event of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectEvent {
    /// The object was written.
    Created,
    /// The object was deleted.
    Deleted,
    /// Tags of the object were set, as the finaliser does for a checked upload.
    TagsAdded,
    /// The object was written by a copy, as the finaliser does for an upload that is served with another type than the
    /// declared one. A rule of this kind has no other kinds.
    Copied,
}

/// A filter of object keys, in EventBridge's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFilter {
    /// Keys with this prefix.
    Prefix(&'static str),
    /// Keys that match this text, in which `*` stands for any characters.
    Wildcard(&'static str),
    /// Keys with this prefix and this extension, which stands here without its dot.
    Extension(&'static str, &'static str),
}

impl Events {
    /// The service that sends the events (`source`).
    pub const fn source(self) -> &'static str {
        match self {
            Self::Originals { .. } => "aws.s3",
            Self::TranscodingJobs => "aws.mediaconvert",
            Self::VideoResults => "tintype",
        }
    }

    /// The kinds of events (`detail-type`).
    pub fn detail_types(self) -> Vec<&'static str> {
        match self {
            Self::Originals { kinds, .. } => kinds.iter().map(|kind| kind.detail_type()).collect(),
            Self::TranscodingJobs => vec!["MediaConvert Job State Change"],
            Self::VideoResults => vec!["Media Ready", "Media Failed"],
        }
    }

    /// The reasons of the events (`detail.reason`); empty for all.
    pub fn reasons(self) -> Vec<&'static str> {
        match self {
            Self::Originals { kinds: [ObjectEvent::Copied], .. } => vec!["CopyObject"],
            Self::Originals { .. } | Self::TranscodingJobs | Self::VideoResults => Vec::new(),
        }
    }

    /// The pattern in EventBridge's format.
    pub fn pattern(self, resources: EventResources<'_>) -> Value {
        let EventResources { originals, originals_arn, job_queue } = resources;
        let (member, condition) = match self {
            Self::Originals { keys, .. } => {
                let keys: Vec<Value> = keys.iter().map(|filter| filter.pattern()).collect();
                let (bucket, object) = (json!({ "name": [originals] }), json!({ "key": keys }));
                let reasons = self.reasons();
                let detail = if reasons.is_empty() {
                    json!({ "bucket": bucket, "object": object })
                } else {
                    json!({ "bucket": bucket, "object": object, "reason": reasons })
                };
                ("detail", detail)
            }
            Self::TranscodingJobs => ("detail", json!({ "queue": [job_queue] })),
            Self::VideoResults => ("resources", json!([originals_arn])),
        };
        json!({ "source": [self.source()], "detail-type": self.detail_types(), (member): condition })
    }
}

impl ObjectEvent {
    const fn detail_type(self) -> &'static str {
        match self {
            Self::Created | Self::Copied => "Object Created",
            Self::Deleted => "Object Deleted",
            Self::TagsAdded => "Object Tags Added",
        }
    }
}

impl KeyFilter {
    /// The filter in EventBridge's format.
    pub fn pattern(self) -> Value {
        match self {
            Self::Prefix(prefix) => json!({ "prefix": prefix }),
            Self::Wildcard(text) => json!({ "wildcard": text }),
            // EventBridge can't join a prefix and a suffix for one member.
            Self::Extension(prefix, extension) => json!({ "wildcard": format!("{prefix}*.{extension}") }),
        }
    }
}
