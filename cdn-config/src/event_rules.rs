//! The routing of events: which function handles which events.
//!
//! The deployment creates an EventBridge rule for each of [`EVENT_RULES`], and the local event bus has the same rules.

use serde_json::{Value, json};

/// A rule of the event bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRule {
    /// The name, which is part of the id of the deployed rule.
    pub name: &'static str,
    /// The description of the deployed rule.
    pub description: &'static str,
    /// The events that the rule matches.
    pub events: Events,
    /// The function that handles them.
    pub handler: EventHandler,
    /// The delay between an event and its delivery, in seconds.
    pub delay_seconds: u32,
}

/// A function that handles events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventHandler {
    /// Keeps variants consistent with their originals.
    Upkeep,
    /// Checks uploads and sets their state.
    Finalizer,
    /// Starts transcoding jobs and follows them.
    Trigger,
    /// Tells the operator's server of checked uploads and finished videos. It is deployed if a webhook is configured.
    Webhook,
}

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
}

/// The keys of uploads.
const UPLOADS: [KeyFilter; 2] = [KeyFilter::Prefix("files/"), KeyFilter::Prefix("private/")];

/// The keys of originals that can have variants. Posters are the only outputs of transcoding among them. A status document
/// changes every ten seconds, and each invalidation costs money.
const SOURCES: [KeyFilter; 3] =
    [KeyFilter::Prefix("files/"), KeyFilter::Prefix("private/"), KeyFilter::Wildcard("videos/*/poster.jpg")];

/// The keys of videos to transcode. Private uploads aren't among them, because all outputs of a video are public.
const VIDEOS: [KeyFilter; 1] = [KeyFilter::Prefix("files/")];

/// The delay of the second delivery of a change to the upkeep function, in seconds. By then every rendering of the previous
/// version has ended: it has finished, or its process has.
const SECOND_DELIVERY_SECONDS: u32 = 60;

/// The rules. The local event bus delivers an event in this order, so that variants of a replaced original are purged
/// before the new version is served.
pub const EVENT_RULES: [EventRule; 8] = [
    EventRule {
        name: "Changed",
        description: "Originals that were written, removed or checked",
        events: Events::Originals {
            kinds: &[ObjectEvent::Created, ObjectEvent::Deleted, ObjectEvent::TagsAdded],
            keys: &SOURCES,
        },
        handler: EventHandler::Upkeep,
        delay_seconds: 0,
    },
    EventRule {
        name: "ChangedBefore",
        description: "Originals that were written, removed or checked, a minute later",
        events: Events::Originals {
            kinds: &[ObjectEvent::Created, ObjectEvent::Deleted, ObjectEvent::TagsAdded],
            keys: &SOURCES,
        },
        handler: EventHandler::Upkeep,
        delay_seconds: SECOND_DELIVERY_SECONDS,
    },
    EventRule {
        name: "Arrived",
        description: "Every stored upload, by any method",
        events: Events::Originals { kinds: &[ObjectEvent::Created], keys: &UPLOADS },
        handler: EventHandler::Finalizer,
        delay_seconds: 0,
    },
    EventRule {
        name: "Checked",
        description: "Every stored file, and every upload that the finaliser has tagged",
        events: Events::Originals { kinds: &[ObjectEvent::Created, ObjectEvent::TagsAdded], keys: &VIDEOS },
        handler: EventHandler::Trigger,
        delay_seconds: 0,
    },
    EventRule {
        name: "Transcoded",
        description: "The progress of the jobs in this queue",
        events: Events::TranscodingJobs,
        handler: EventHandler::Trigger,
        delay_seconds: 0,
    },
    EventRule {
        name: "Tagged",
        description: "Every upload that was checked, for the webhook",
        events: Events::Originals { kinds: &[ObjectEvent::TagsAdded], keys: &UPLOADS },
        handler: EventHandler::Webhook,
        delay_seconds: 0,
    },
    EventRule {
        name: "Retyped",
        description: "Every upload that was checked and got another type, for the webhook",
        events: Events::Originals { kinds: &[ObjectEvent::Copied], keys: &UPLOADS },
        handler: EventHandler::Webhook,
        delay_seconds: 0,
    },
    EventRule {
        name: "Finished",
        description: "Every video that is ready or has failed, for the webhook",
        events: Events::VideoResults,
        handler: EventHandler::Webhook,
        delay_seconds: 0,
    },
];

impl EventHandler {
    /// The function's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upkeep => "upkeep",
            Self::Finalizer => "finalizer",
            Self::Trigger => "trigger",
            Self::Webhook => "webhook",
        }
    }
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
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use contract::key::Area;

    use super::*;

    #[test]
    fn the_names_and_descriptions_of_rules_are_unique() {
        let names: HashSet<&str> = EVENT_RULES.iter().map(|rule| rule.name).collect();
        let descriptions: HashSet<&str> = EVENT_RULES.iter().map(|rule| rule.description).collect();
        assert_eq!((names.len(), descriptions.len()), (EVENT_RULES.len(), EVENT_RULES.len()));
    }

    #[test]
    fn every_key_filter_begins_with_an_area() {
        for rule in EVENT_RULES {
            let Events::Originals { keys, .. } = rule.events else { continue };
            for filter in keys {
                let (KeyFilter::Prefix(text) | KeyFilter::Wildcard(text)) = filter;
                let area = text.split('/').next().unwrap();
                assert!(Area::ALL.iter().any(|known| known.segment() == area), "{}: {text}", rule.name);
            }
        }
    }

    #[test]
    fn a_rule_has_a_pattern_in_eventbridges_format() {
        let pattern = |name: &str| {
            let rule = EVENT_RULES.into_iter().find(|rule| rule.name == name).unwrap();
            rule.events.pattern(EventResources {
                originals: &json!("originals"),
                originals_arn: &json!("arn:aws:s3:::originals"),
                job_queue: &json!("queue"),
            })
        };
        assert_eq!(
            pattern("Changed"),
            json!({
                "source": ["aws.s3"],
                "detail-type": ["Object Created", "Object Deleted", "Object Tags Added"],
                "detail": {
                    "bucket": { "name": ["originals"] },
                    "object": {
                        "key": [
                            { "prefix": "files/" },
                            { "prefix": "private/" },
                            { "wildcard": "videos/*/poster.jpg" },
                        ],
                    },
                },
            })
        );
        assert_eq!(
            pattern("Transcoded"),
            json!({
                "source": ["aws.mediaconvert"],
                "detail-type": ["MediaConvert Job State Change"],
                "detail": { "queue": ["queue"] },
            })
        );
        assert_eq!(
            pattern("Retyped"),
            json!({
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {
                    "bucket": { "name": ["originals"] },
                    "object": { "key": [{ "prefix": "files/" }, { "prefix": "private/" }] },
                    "reason": ["CopyObject"],
                },
            })
        );
        assert_eq!(
            pattern("Finished"),
            json!({
                "source": ["tintype"],
                "detail-type": ["Media Ready", "Media Failed"],
                "resources": ["arn:aws:s3:::originals"],
            })
        );
    }
}
