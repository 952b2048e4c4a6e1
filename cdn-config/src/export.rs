//! The values of this crate as JSON documents for the deployment: `deploy/cdn.json` and `deploy/events.json`.
//!
//! The function that fills the key-value store has `cdn.json` in its package. Event rules are in a document of their own, so
//! that a change of them doesn't change that function.

use contract::key::Area;
use serde_json::{Value, json};

use crate::behaviors::{BEHAVIORS, Behavior, OriginGroup, Target, Treatment};
use crate::cache::{FAILURE_SECONDS, KEY_HEADERS, TAG_HEADER, lifetime};
use crate::event_rules::{EVENT_RULES, EventRule};
use crate::events::Events;
use crate::functions::{VIEWER_REQUEST, VIEWER_RESPONSE};
use crate::headers::{Header, MEDIA, PREFLIGHT, PRIVATE, accept_ch};
use crate::key_value::key_value_data;
use crate::policy::{Cors, Policy};

/// The CDN's values for a policy, as `deploy/cdn.json` contains them.
pub fn export(policy: &Policy) -> Value {
    let lifetime = lifetime(policy);
    let pairs = key_value_data(policy).into_iter().map(|(key, value)| json!({ "key": key, "value": value }));
    let failures = FAILURE_SECONDS.map(|(status, seconds)| json!({ "status": status, "seconds": seconds }));
    json!({
        "areas": Area::ALL.map(|area| format!("{}/", area.segment())),
        "limits": { "memoryBytes": policy.limits.memory_bytes, "sourceBytes": policy.limits.source_bytes },
        "prewarms": !policy.prewarm.is_empty(),
        "functions": { "viewerRequest": VIEWER_REQUEST, "viewerResponse": VIEWER_RESPONSE },
        "keyValues": pairs.collect::<Vec<_>>(),
        "keep": policy.keep.name(),
        "variants": target(&Target::variants(policy.keep)),
        "behaviors": BEHAVIORS.map(behavior),
        "cache": {
            "keyHeaders": KEY_HEADERS,
            "minSeconds": lifetime.min_seconds,
            "defaultSeconds": lifetime.default_seconds,
            "maxSeconds": lifetime.max_seconds,
            "tagHeader": TAG_HEADER,
            "failures": failures,
        },
        "headers": {
            "media": MEDIA.map(header),
            "private": PRIVATE.map(header),
            "preflight": PREFLIGHT.map(header),
            // The origins whose pages may read media. They replace the `*` of the headers above.
            "corsOrigins": cors_origins(&policy.cors),
            "acceptCh": accept_ch(policy),
        },
    })
}

/// The event rules, as `deploy/events.json` contains them.
pub fn export_events() -> Value {
    json!({ "rules": EVENT_RULES.map(event_rule) })
}

fn event_rule(rule: EventRule) -> Value {
    let (source, detail_types) = (rule.events.source(), rule.events.detail_types());
    let events = match rule.events {
        Events::Originals { keys, .. } => {
            let keys: Vec<Value> = keys.iter().map(|filter| filter.pattern()).collect();
            json!({ "source": source, "detailTypes": detail_types, "keys": keys, "reasons": rule.events.reasons() })
        }
        Events::TranscodingJobs | Events::VideoResults => {
            json!({ "source": source, "detailTypes": detail_types })
        }
    };
    json!({
        "name": rule.name,
        "description": rule.description,
        "events": events,
        "handler": rule.handler.name(),
        "delaySeconds": rule.delay_seconds,
    })
}

fn cors_origins(cors: &Cors) -> Vec<&str> {
    match cors {
        Cors::Any => vec!["*"],
        Cors::Listed(origins) => origins.iter().map(String::as_str).collect(),
    }
}

fn target(target: &Target) -> Value {
    match target {
        Target::Origin(origin) => json!({ "origin": origin.id() }),
        Target::Group(OriginGroup { primary, secondary, failover_statuses }) => json!({
            "primary": primary.id(),
            "secondary": secondary.id(),
            "failoverStatuses": failover_statuses,
        }),
    }
}

fn behavior(behavior: Behavior) -> Value {
    let treatment = match behavior.treatment {
        Treatment::Media => "media",
        Treatment::PrivateMedia => "privateMedia",
        Treatment::Playlist => "playlist",
        Treatment::PrivatePlaylist => "privatePlaylist",
        Treatment::Api => "api",
        Treatment::Page => "page",
    };
    json!({ "pattern": behavior.pattern, "treatment": treatment, "origin": behavior.origin.id() })
}

fn header(header: Header) -> Value {
    json!({ "name": header.name, "value": header.value, "overrides": header.overrides })
}
