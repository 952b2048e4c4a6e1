//! The data of the CloudFront `KeyValueStore`, from which the edge function reads the policy.
//!
//! Most requests cost one read, `policy`. The name of a colour and a preset cost two more reads each, an error one.
//! A change of the data needs no deployment of the function.

use std::collections::BTreeMap;

use contract::color::Color;
use contract::policy::{DefaultQualities, UnknownParameters, UnsignedAccess};
use contract::preset::Preset;
use contract::sentences::{self, StoredSentence};
use contract::signing_keys::SigningKeys;
use serde_json::json;

use crate::behaviors::Target;
use crate::policy::Policy;

/// The maximum length of a value, in characters (CloudFront's quota, "maximum size of a value in a key value pair").
pub const MAX_VALUE_CHARS: usize = 1024;

/// The error responses of the edge function: status, name, title and `Cache-Control`. The services send the same
/// responses.
const PROBLEMS: [(u16, &str, &str, &str); 5] = [
    (400, "bad-request", "The request can't be understood", "public, max-age=3600"),
    (403, "forbidden", "A valid signature is needed", "public, max-age=60"),
    (404, "not-found", "There is no such file", "public, max-age=60"),
    (410, "expired", "The link has expired", "public, max-age=3600"),
    (405, "method-not-allowed", "The method isn't allowed here", "public, max-age=3600"),
];

/// The pairs of the key-value store: `policy`, a `preset/<name>` for every preset, a `mark/<name>` for the version of every
/// mark, a `color/<name>` for every colour of CSS and a `refusal/<key>` for every sentence.
pub fn key_value_data(policy: &Policy) -> Vec<(String, String)> {
    let presets =
        policy.rules.presets.iter().map(|(name, preset)| (format!("preset/{name}"), values(preset)));
    let colors = Color::named().map(|(name, color)| (format!("color/{name}"), color.to_string()));
    let refusals = sentences::all(&policy.rules.shapes)
        .into_iter()
        .filter_map(|sentence| Some((format!("refusal/{}", sentence.key), refusal(&sentence)?)));
    let marks = policy.rules.marks.iter().map(|(name, mark)| (format!("mark/{name}"), mark.version()));
    let rules = ("policy".to_owned(), compact(policy));
    [rules].into_iter().chain(presets).chain(marks).chain(colors).chain(refusals).collect()
}

/// The response to a refused request, as the edge function returns it, but its body is still an object, in which `%` stands
/// for the parameter. `None` for a status without a problem.
fn refusal(sentence: &StoredSentence) -> Option<String> {
    let (status, name, title, cache) =
        PROBLEMS.into_iter().find(|(status, ..)| *status == sentence.status)?;
    let mut headers = json!({
        "content-type": { "value": "application/problem+json" },
        "x-content-type-options": { "value": "nosniff" },
        "cache-control": { "value": cache },
    });
    if let (405, Some(headers)) = (status, headers.as_object_mut()) {
        headers.insert("allow".to_owned(), json!({ "value": "GET, HEAD, OPTIONS" }));
    }
    let kind = format!("urn:problem-type:tintype:{name}");
    let body = json!({ "type": kind, "title": title, "status": status, "detail": sentence.text });
    Some(json!({ "statusCode": status, "headers": headers, "body": body }).to_string())
}

/// The pairs in the import format of a key-value store: `{"data":[{"key":…,"value":…}]}`.
pub fn key_value_json(policy: &Policy) -> String {
    let pairs: Vec<_> = key_value_data(policy)
        .into_iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect();
    json!({ "data": pairs }).to_string()
}

/// The pair with the keys of signed links. It is secret: write it only to the store, together with [`key_value_data`],
/// and never to a file of a deployment.
pub fn signing_pair(keys: &SigningKeys) -> (String, String) {
    ("signing".to_owned(), keys.secrets().collect::<Vec<_>>().join(","))
}

/// A preset's values by canonical name, in JSON.
fn values(preset: &Preset) -> String {
    json!(preset.values().collect::<BTreeMap<_, _>>()).to_string()
}

/// The rules of the grammar, and the origins of variants if these are a group.
fn compact(policy: &Policy) -> String {
    let rules = &policy.rules;
    let unknown = match rules.unknown {
        UnknownParameters::Ignore => "ignored",
        UnknownParameters::Reject => "refused",
    };
    // The parameters that the level opens to unsigned requests; null if it opens all.
    let opens: Option<&[&str]> = match rules.unsigned {
        UnsignedAccess::Presets => Some(&[]),
        UnsignedAccess::Widths => Some(&["w", "q", "t", "fm"]),
        UnsignedAccess::Sizes => Some(&["w", "h", "fit", "crop", "q", "t", "fm"]),
        UnsignedAccess::Open => None,
    };
    // Viewers of the class `base` get a JPEG, unless the picture needs a format without a quality.
    let DefaultQualities { jpeg, webp, avif } = rules.default_qualities;
    let mut value = json!({
        "opens": opens,
        "unknown": unknown,
        "ladder": rules.ladder.iter().map(|side| side.pixels()).collect::<Vec<_>>(),
        "shapes": rules.shapes.iter().map(|shape| shape.terms()).collect::<Vec<_>>(),
        "qualities": rules.qualities.iter().map(|quality| quality.get()).collect::<Vec<_>>(),
        "defaults": { "base": jpeg.get(), "jpeg": jpeg.get(), "webp": webp.get(), "avif": avif.get() },
    });
    if let (Target::Group(group), Some(members)) = (Target::variants(policy.keep), value.as_object_mut()) {
        let ids = [group.primary, group.secondary].map(|origin| json!({ "originId": origin.id() }));
        members.insert("group".to_owned(), json!(ids));
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_one_value() {
        let data = key_value_data(&Policy::built_in());
        let value = concat!(
            r#"{"defaults":{"avif":76,"base":80,"jpeg":80,"webp":76},"ladder":[16,32,48,64,96,128,256,384,480,640,750,828,1080,1200,1440,1920,2048,2560,3840],"#,
            r#""opens":["w","h","fit","crop","q","t","fm"],"qualities":[50,75,90],"#,
            r#""shapes":[[1,1],[5,4],[4,3],[3,2],[16,10],[16,9],[2,1],[21,9],[3,1],[4,5],[3,4],"#,
            r#"[2,3],[10,16],[9,16],[1,2],[9,21],[1,3]],"unknown":"ignored"}"#
        );
        assert_eq!(data[0], ("policy".to_owned(), value.to_owned()));
        assert!(data.contains(&("color/rebeccapurple".to_owned(), "663399".to_owned())));
        assert!(data.contains(&("color/transparent".to_owned(), "00000000".to_owned())));
        let refusal = data.iter().find(|(key, _)| key == "refusal/method").unwrap();
        let headers = concat!(
            r#"{"allow":{"value":"GET, HEAD, OPTIONS"},"cache-control":{"value":"public, max-age=3600"},"#,
            r#""content-type":{"value":"application/problem+json"},"x-content-type-options":{"value":"nosniff"}}"#
        );
        let body = concat!(
            r#"{"detail":"files are read with GET or HEAD","status":405,"title":"The method isn't allowed here","#,
            r#""type":"urn:problem-type:tintype:method-not-allowed"}"#
        );
        assert_eq!(refusal.1, format!(r#"{{"body":{body},"headers":{headers},"statusCode":405}}"#));
    }

    #[test]
    fn every_sentence_is_a_refusal() {
        let policy = Policy::built_in();
        let refusals = key_value_data(&policy).into_iter().filter(|(key, _)| key.starts_with("refusal/"));
        assert_eq!(refusals.count(), sentences::all(&policy.rules.shapes).len());
    }

    #[test]
    fn the_largest_policy_fits_into_one_value() {
        let largest = json!({
            "unsigned": "sizes",
            "unknownParameters": "refused",
            "ladder": (8129..=8192).collect::<Vec<_>>(),
            "shapes": vec!["1000:1000"; 32],
            "qualities": (85..=100).collect::<Vec<_>>(),
            "defaultQualities": { "jpeg": 100, "webp": 100, "avif": 100 },
            "formats": { "avif": { "budgetMilliseconds": 0 } },
            "delivery": { "keep": "always" },
            "presets": { "card": "w=200&height=200&fit=crop" },
            "maxAgeSeconds": { "originals": 0, "variants": 0 },
            "limits": { "sourceBytes": 1, "sourcePixels": 1, "frames": 1, "animationPixels": 1, "outputSide": 1, "memoryBytes": 1 },
        });
        let policy = Policy::parse(&largest.to_string()).unwrap();
        let card = r#"{"fit":"crop","h":"200","w":"200"}"#;
        assert!(key_value_data(&policy).contains(&("preset/card".to_owned(), card.to_owned())));
        for (key, value) in key_value_data(&policy) {
            assert!(value.chars().count() <= MAX_VALUE_CHARS && key.len() <= 512, "{key}: {}", value.len());
        }
    }

    #[test]
    fn the_longest_secrets_fit_into_one_value() {
        let secret = "a".repeat(contract::signing_keys::MAX_SECRET_BYTES);
        let pair = signing_pair(&SigningKeys::parse(&format!("{secret}, {secret}")).unwrap());
        assert_eq!(pair, ("signing".to_owned(), format!("{secret},{secret}")));
        assert!(pair.1.len() <= MAX_VALUE_CHARS);
    }

    #[test]
    fn the_import_format_holds_every_pair() {
        let policy = Policy::built_in();
        let import: serde_json::Value = serde_json::from_str(&key_value_json(&policy)).unwrap();
        let pairs = import["data"].as_array().unwrap();
        assert_eq!(pairs.len(), key_value_data(&policy).len());
        assert_eq!(pairs[0]["key"], "policy");
        assert!(pairs[1]["value"].is_string());
    }
}
