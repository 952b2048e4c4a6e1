//! The routing of events: which function handles which events.
//!
//! The deployment creates an EventBridge rule for each of [`EVENT_RULES`], and the local event bus has the same rules.

use crate::events::{Events, KeyFilter, ObjectEvent};

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
    /// Keeps the records of the library equal to the originals. It is deployed with the library.
    Library,
    /// Keeps variants consistent with their originals.
    Upkeep,
    /// Checks uploads and sets their state.
    Finalizer,
    /// Starts transcoding jobs and follows them.
    Trigger,
    /// Notifies the operator's server about checked uploads and finished videos. It is deployed if a webhook is
    /// configured.
    Webhook,
}

/// The keys of uploads.
const UPLOADS: [KeyFilter; 2] = [KeyFilter::Prefix("files/"), KeyFilter::Prefix("private/")];

/// The keys of originals that can have variants. Posters are the only outputs of transcoding among them. A status document
/// changes every ten seconds, and each invalidation costs money.
const SOURCES: [KeyFilter; 4] = [
    KeyFilter::Prefix("files/"),
    KeyFilter::Prefix("private/"),
    KeyFilter::Wildcard("videos/*/poster.jpg"),
    KeyFilter::Wildcard("private-videos/*/poster.jpg"),
];

/// The extensions of videos, in groups of at most five, because EventBridge refuses a pattern with more wildcards as too complex.
/// Every key that the signer makes has an extension of its type, and `bin` if the type is unknown.
const MPEG_4: [&str; 5] = ["mp4", "m4v", "mov", "qt", "3gp"];
const MATROSKA_AND_OTHERS: [&str; 5] = ["webm", "mkv", "ogv", "avi", "bin"];
const MPEG_STREAMS: [&str; 5] = ["mpg", "mpeg", "ts", "m2ts", "mxf"];
const WINDOWS_MEDIA_AND_3GPP2: [&str; 3] = ["wmv", "asf", "3g2"];

/// The extensions of sound.
const MPEG_AND_OGG_SOUND: [&str; 5] = ["mp3", "m4a", "ogg", "oga", "opus"];
const OTHER_SOUND: [&str; 4] = ["aac", "flac", "wav", "weba"];

/// The keys below a prefix that have one of these extensions.
#[expect(clippy::indexing_slicing, reason = "both arrays have N elements")]
const fn below<const N: usize>(prefix: &'static str, extensions: [&'static str; N]) -> [KeyFilter; N] {
    let mut filters = [KeyFilter::Prefix(prefix); N];
    let mut index = 0;
    while index < N {
        filters[index] = KeyFilter::Extension(prefix, extensions[index]);
        index += 1;
    }
    filters
}

/// The delay of the second delivery of a change to the upkeep function, in seconds. After this time every rendering of
/// the previous version has finished, or its process has ended.
const SECOND_DELIVERY_SECONDS: u32 = 60;

/// The rules. The local event bus delivers an event in this order, so that variants of a replaced original are purged
/// before the new version is served, a file is listed while it is being checked, and nothing waits for the library to describe a
/// picture.
pub const EVENT_RULES: [EventRule; 21] = [
    EventRule {
        name: "Listed",
        description: "Every stored original, for the library",
        events: Events::Originals { kinds: &[ObjectEvent::Created], keys: &UPLOADS },
        handler: EventHandler::Library,
        delay_seconds: 0,
    },
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
    checked(
        "CheckedMpeg4",
        "Files of MPEG-4, QuickTime and 3GPP that were stored, or tagged by the finaliser",
        &const { below("files/", MPEG_4) },
    ),
    checked(
        "CheckedMatroska",
        "Files of WebM, Matroska, Ogg, AVI and unknown that were stored, or tagged by the finaliser",
        &const { below("files/", MATROSKA_AND_OTHERS) },
    ),
    checked(
        "CheckedMpeg",
        "Files of MPEG and MXF that were stored, or tagged by the finaliser",
        &const { below("files/", MPEG_STREAMS) },
    ),
    checked(
        "CheckedWindowsMedia",
        "Files of Windows Media and 3GPP2 that were stored, or tagged by the finaliser",
        &const { below("files/", WINDOWS_MEDIA_AND_3GPP2) },
    ),
    checked(
        "CheckedPrivateMpeg4",
        "Private files of MPEG-4, QuickTime and 3GPP that were stored, or tagged by the finaliser",
        &const { below("private/", MPEG_4) },
    ),
    checked(
        "CheckedPrivateMatroska",
        "Private files of WebM, Matroska, Ogg, AVI and unknown that were stored, or tagged by the finaliser",
        &const { below("private/", MATROSKA_AND_OTHERS) },
    ),
    checked(
        "CheckedPrivateMpeg",
        "Private files of MPEG and MXF that were stored, or tagged by the finaliser",
        &const { below("private/", MPEG_STREAMS) },
    ),
    checked(
        "CheckedPrivateWindowsMedia",
        "Private files of Windows Media and 3GPP2 that were stored, or tagged by the finaliser",
        &const { below("private/", WINDOWS_MEDIA_AND_3GPP2) },
    ),
    checked(
        "CheckedSound",
        "Files of MP3, M4A and Ogg that were stored, or tagged by the finaliser",
        &const { below("files/", MPEG_AND_OGG_SOUND) },
    ),
    checked(
        "CheckedOtherSound",
        "Files of AAC, FLAC, WAV and WebM audio that were stored, or tagged by the finaliser",
        &const { below("files/", OTHER_SOUND) },
    ),
    checked(
        "CheckedPrivateSound",
        "Private files of MP3, M4A and Ogg that were stored, or tagged by the finaliser",
        &const { below("private/", MPEG_AND_OGG_SOUND) },
    ),
    checked(
        "CheckedPrivateOtherSound",
        "Private files of AAC, FLAC, WAV and WebM audio that were stored, or tagged by the finaliser",
        &const { below("private/", OTHER_SOUND) },
    ),
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
    EventRule {
        name: "ListedAgain",
        description: "Originals that were removed or checked, for the library",
        events: Events::Originals { kinds: &[ObjectEvent::Deleted, ObjectEvent::TagsAdded], keys: &UPLOADS },
        handler: EventHandler::Library,
        delay_seconds: 0,
    },
];

/// A rule for videos to transcode. A file that was stored by hand has its tag at once; an upload gets it later.
const fn checked(name: &'static str, description: &'static str, keys: &'static [KeyFilter]) -> EventRule {
    EventRule {
        name,
        description,
        events: Events::Originals { kinds: &[ObjectEvent::Created, ObjectEvent::TagsAdded], keys },
        handler: EventHandler::Trigger,
        delay_seconds: 0,
    }
}

impl EventHandler {
    /// The function's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Upkeep => "upkeep",
            Self::Finalizer => "finalizer",
            Self::Trigger => "trigger",
            Self::Webhook => "webhook",
        }
    }
}

#[cfg(test)]
mod tests;
