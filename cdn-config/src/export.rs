//! The values of this crate as a JSON document for the deployment: `deploy/cdn.json`.

use contract::key::Area;
use serde_json::{Value, json};

use crate::behaviors::{BEHAVIORS, Behavior, OriginGroup, Target, Treatment};
use crate::cache::{FAILURE_SECONDS, KEY_HEADERS, TAG_HEADER, lifetime};
use crate::functions::{VIEWER_REQUEST, VIEWER_RESPONSE};
use crate::headers::{Header, MEDIA, PREFLIGHT, PRIVATE, accept_ch};
use crate::key_value::key_value_data;
use crate::policy::{Cors, Policy};

/// The document for a policy.
pub fn export(policy: &Policy) -> Value {
    let lifetime = lifetime(policy);
    let pairs = key_value_data(policy).into_iter().map(|(key, value)| json!({ "key": key, "value": value }));
    let failures = FAILURE_SECONDS.map(|(status, seconds)| json!({ "status": status, "seconds": seconds }));
    json!({
        "areas": Area::ALL.map(|area| format!("{}/", area.segment())),
        "limits": { "memoryBytes": policy.limits.memory_bytes, "sourceBytes": policy.limits.source_bytes },
        "functions": { "viewerRequest": VIEWER_REQUEST, "viewerResponse": VIEWER_RESPONSE },
        "keyValues": pairs.collect::<Vec<_>>(),
        "variants": target(&Target::variants()),
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
        Treatment::Api => "api",
        Treatment::Page => "page",
    };
    json!({ "pattern": behavior.pattern, "treatment": treatment, "origin": behavior.origin.id() })
}

fn header(header: Header) -> Value {
    json!({ "name": header.name, "value": header.value, "overrides": header.overrides })
}
