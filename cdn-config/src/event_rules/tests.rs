use std::collections::HashSet;

use contract::key::Area;
use contract::media_types::MEDIA_TYPES;
use serde_json::json;

use super::*;
use crate::events::EventResources;

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
            let (KeyFilter::Prefix(text) | KeyFilter::Wildcard(text) | KeyFilter::Extension(text, _)) =
                filter;
            let area = text.split('/').next().unwrap();
            assert!(Area::ALL.iter().any(|known| known.segment() == area), "{}: {text}", rule.name);
        }
    }
}

/// The extensions of the keys below a prefix that start the trigger.
fn extensions_of_videos(prefix: &str) -> Vec<&'static str> {
    let rules = EVENT_RULES.into_iter().filter(|rule| rule.handler == EventHandler::Trigger);
    let keys = rules.filter_map(|rule| match rule.events {
        Events::Originals { keys, .. } => Some(keys),
        Events::TranscodingJobs | Events::VideoResults => None,
    });
    let extension = |key: &KeyFilter| match key {
        KeyFilter::Extension(area, extension) => (*area == prefix).then_some(*extension),
        KeyFilter::Prefix(_) | KeyFilter::Wildcard(_) => panic!("{key:?}"),
    };
    keys.flatten().filter_map(extension).collect()
}

#[test]
fn the_trigger_is_called_for_every_type_of_video_and_sound_and_for_no_picture() {
    let extensions = extensions_of_videos("files/");
    assert_eq!(extensions_of_videos("private/"), extensions);
    for known in &MEDIA_TYPES {
        for extension in known.extensions {
            if known.name.starts_with("video/") || known.name.starts_with("audio/") {
                assert!(extensions.contains(extension), "{}: {extension}", known.name);
            }
            assert!(!known.name.starts_with("image/") || !extensions.contains(extension), "{extension}");
        }
    }
    assert!(extensions.contains(&"bin"), "the extension of unknown types");
}

#[test]
fn no_event_of_an_object_reaches_a_function_twice_at_once() {
    let extensions = extensions_of_videos("files/");
    assert_eq!(extensions.iter().collect::<HashSet<_>>().len(), extensions.len());
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
                        { "wildcard": "private-videos/*/poster.jpg" },
                    ],
                },
            },
        })
    );
    assert_eq!(
        pattern("CheckedWindowsMedia")["detail"]["object"]["key"],
        json!([{ "wildcard": "files/*.wmv" }, { "wildcard": "files/*.asf" }, { "wildcard": "files/*.3g2" }]),
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
